/**
 * Faults that strike at events instead of times: each waits for the n-th event of a kind whose fields have given values.
 *
 * Kinds nobody waits for cost nothing: whoever emits an event asks once per kind for those that wait for it. A fault
 * strikes once. What it then does is not done within the call that emitted the event, which is the system's: the run lets it
 * strike as the next thing that happens.
 */
import type { TraceEvent } from '../../invariant/invariant.ts';
import type { FaultBase, FieldValue, KeyedFault } from '../../world.ts';

interface Condition {
  readonly field: string;
  readonly value: FieldValue;
  /** The id that the value spells, for fields that are ids. */
  readonly id: bigint | undefined;
}

/** A fault that waits for its event. */
interface Waiting<F> {
  readonly fault: KeyedFault & F;
  readonly conditions: readonly Condition[];
  /** How many more such events it takes. */
  left: number;
}

/** Those that wait for events of one kind. */
export type WaitingForKind<F> = Waiting<F>[];

export class ArmedFaults<F extends FaultBase> {
  readonly #byKind = new Map<string, WaitingForKind<F>>();
  readonly #strike: (fault: KeyedFault & F) => void;
  #waiting = 0;

  /** `strike` is called within the emission of the event. */
  constructor(faults: readonly (KeyedFault & F)[], strike: (fault: KeyedFault & F) => void) {
    this.#strike = strike;
    for (const fault of faults) this.add(fault);
  }

  /** One that waits for events from here on; a fault at a time waits for none. */
  add(fault: KeyedFault & F): void {
    if (typeof fault.at === 'number') return;
    const { event, where = {}, nth } = fault.at;
    const conditions = Object.entries(where).map(([field, value]) => ({ field, value, id: idOf(value) }));
    const list = this.#byKind.get(event) ?? [];
    this.#byKind.set(event, list);
    list.push({ fault, conditions, left: nth });
    this.#waiting += 1;
  }

  /** How many have not struck. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Those that wait for a kind of event; the same list all along. Undefined if none does. */
  of(kind: string): WaitingForKind<F> | undefined {
    return this.#byKind.get(kind);
  }

  /** An event of the kind they wait for has been emitted. */
  saw(waiting: WaitingForKind<F>, event: TraceEvent): void {
    for (let i = 0; i < waiting.length; i += 1) {
      const armed = waiting[i];
      if (armed === undefined || !fits(armed.conditions, event)) continue;
      armed.left -= 1;
      if (armed.left > 0) continue;
      waiting.splice(i, 1);
      i -= 1;
      this.#waiting -= 1;
      this.#strike(armed.fault);
    }
  }

  /** None strikes any more. */
  disarm(): void {
    for (const waiting of this.#byKind.values()) waiting.length = 0;
    this.#waiting = 0;
  }
}

function fits(conditions: readonly Condition[], event: TraceEvent): boolean {
  for (const { field, value, id } of conditions) {
    const found: unknown = Reflect.get(event, field);
    if (typeof found === 'bigint' ? found !== id : found !== value) return false;
  }
  return true;
}

const DIGITS = /^[0-9]{1,20}$/;

function idOf(value: FieldValue): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && DIGITS.test(value) ? BigInt(value) : undefined;
}
