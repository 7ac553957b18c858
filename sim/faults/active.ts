/** The faults that are on at this instant, by kind, and which of them have taken effect. */

import type { MeshFault, MeshFaultKind } from '../../mesh/scenario/scenario.ts';
import type { KeyedFault } from '../world.ts';

export type ActiveFault = KeyedFault & MeshFault;
export type FaultOf<K extends MeshFaultKind> = KeyedFault & Extract<MeshFault, { kind: K }>;

export class ActiveFaults {
  readonly #active = new Map<MeshFaultKind, ActiveFault[]>();
  readonly #struck = new Set<string>();
  readonly #onFirstEffect: (fault: ActiveFault) => void;

  constructor(onFirstEffect: (fault: ActiveFault) => void) {
    this.#onFirstEffect = onFirstEffect;
  }

  begin(fault: ActiveFault): void {
    this.#listOf(fault.kind).push(fault);
  }

  /** False if it was not on. */
  end(fault: ActiveFault): boolean {
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
  of<K extends MeshFaultKind>(kind: K): readonly FaultOf<K>[] {
    // Lists are kept by kind, so every element has it.
    const list: readonly ActiveFault[] = this.#listOf(kind);
    return list as readonly FaultOf<K>[];
  }

  /** Says that a fault took effect; only the first time counts. */
  struck(fault: ActiveFault): void {
    if (this.#struck.has(fault.key)) return;
    this.#struck.add(fault.key);
    this.#onFirstEffect(fault);
  }

  #listOf(kind: MeshFaultKind): ActiveFault[] {
    const known = this.#active.get(kind);
    if (known !== undefined) return known;
    const list: ActiveFault[] = [];
    this.#active.set(kind, list);
    return list;
  }
}
