/** The faults that are on at this instant, by kind, and which of them have taken effect. */
import { labelOf, type Name } from '../kernel/choices/name.ts';
import type { Active } from './kind.ts';
import type { Draw } from './link/link.ts';

const FAULT = labelOf('fault');

/** What is known of a fault by its name alone. */
interface Named<Kind> {
  readonly key: string;
  readonly kind: Kind;
}

export class ActiveFaults<Fault extends Active & { readonly kind: string }> {
  readonly #active = new Map<Fault['kind'], Fault[]>();
  readonly #struck = new Set<string>();
  /** What holds something down, by the fault's key. */
  readonly #held = new Set<string>();
  readonly #draw: Draw;
  readonly #onFirstEffect: (fault: Named<Fault['kind']>) => void;

  constructor(draw: Draw, onFirstEffect: (fault: Named<Fault['kind']>) => void) {
    this.#draw = draw;
    this.#onFirstEffect = onFirstEffect;
  }

  begin(fault: Fault): void {
    this.#listOf(fault.kind).push(fault);
  }

  /** False if it was not on. */
  end(fault: Fault): boolean {
    const list = this.#active.get(fault.kind);
    const index = list?.findIndex((active) => active.key === fault.key) ?? -1;
    if (list === undefined || index < 0) return false;
    list.splice(index, 1);
    return true;
  }

  /**
   * Those of a kind, in the order in which they began. It is the same list all along, so that whoever looks at every
   * message or dispatch asks for it once.
   */
  of<K extends Fault['kind']>(kind: K): readonly Extract<Fault, { readonly kind: K }>[] {
    // Lists are kept by kind, so every element has it.
    const list: readonly Fault[] = this.#listOf(kind);
    return list as readonly Extract<Fault, { readonly kind: K }>[];
  }

  /** Draws whether a fault that strikes `percent` of a hundred strikes here; if it does, it has taken effect. */
  fires(fault: Named<Fault['kind']>, percent: number, where: Name): boolean {
    if (percent < 100 && this.#draw(where.child(FAULT, fault.key), 100) >= percent) return false;
    this.struck(fault);
    return true;
  }

  /** Says that a fault took effect; only the first time counts. */
  struck(fault: Named<Fault['kind']>): void {
    if (this.#struck.has(fault.key)) return;
    this.#struck.add(fault.key);
    this.#onFirstEffect(fault);
  }

  /** Says that something is down or stands still until the fault ends. */
  hold(fault: Active): void {
    this.#held.add(fault.key);
  }

  /** False if it held nothing. */
  release(fault: Active): boolean {
    return this.#held.delete(fault.key);
  }

  #listOf(kind: Fault['kind']): Fault[] {
    const known = this.#active.get(kind);
    if (known !== undefined) return known;
    const list: Fault[] = [];
    this.#active.set(kind, list);
    return list;
  }
}
