/** The faults that are active at this instant, by kind, and which of them have taken effect. */
import { labelOf, type Name } from '../kernel/choices/name.ts';
import type { Active } from './kind.ts';
import type { Draw } from './link/link.ts';

const FAULT = labelOf('fault');

/** A fault, as far as its name tells. */
interface Named<Kind> {
  readonly key: string;
  readonly kind: Kind;
}

export class ActiveFaults<Fault extends Active & { readonly kind: string }> {
  readonly #active = new Map<Fault['kind'], Fault[]>();
  readonly #struck = new Set<string>();
  /** What is held down, by the key of the fault that holds it. */
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

  /** Ends a fault. False if it was not active. */
  end(fault: Fault): boolean {
    const list = this.#active.get(fault.kind);
    const index = list?.findIndex((active) => active.key === fault.key) ?? -1;
    if (list === undefined || index < 0) return false;
    list.splice(index, 1);
    return true;
  }

  /**
   * The active faults of a kind, in the order in which they began. The list is updated in place, so that code that looks at
   * it for every message or dispatch asks for it once.
   */
  of<K extends Fault['kind']>(kind: K): readonly Extract<Fault, { readonly kind: K }>[] {
    // Lists are kept by kind, so each element is of that kind.
    const list: readonly Fault[] = this.#listOf(kind);
    return list as readonly Extract<Fault, { readonly kind: K }>[];
  }

  /** Draws whether a fault that strikes `percent` of a hundred strikes here. If so, it has taken effect. */
  fires(fault: Named<Fault['kind']>, percent: number, where: Name): boolean {
    if (percent < 100 && this.#draw(where.child(FAULT, fault.key), 100) >= percent) return false;
    this.struck(fault);
    return true;
  }

  /** Records that a fault took effect. Only the first time counts. */
  struck(fault: Named<Fault['kind']>): void {
    if (this.#struck.has(fault.key)) return;
    this.#struck.add(fault.key);
    this.#onFirstEffect(fault);
  }

  /** Records that a fault holds something down, or still, until it ends. */
  hold(fault: Active): void {
    this.#held.add(fault.key);
  }

  /** Releases what a fault holds. False if it held nothing. */
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
