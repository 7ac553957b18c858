/**
 * The trace of a run: what was observed, in order, and a digest over all of it.
 *
 * Each kind of event declares its fields. A record is kind, time, task and those fields in that order; other fields of an
 * event are for whoever watches the run and leave no mark. Two runs are the same when their digests are.
 *
 *     const trace = new TraceRecorder({ enqueue: ['node', 'id', 'outcome'] });
 *     trace.record({ kind: 'enqueue', node: 1, id: 7n, outcome: 'sent' }, 1500, 'n1/i0/loop');
 *     trace.digest([]); // 64 hex digits
 */
import { TraceEncoder, type TraceValue, UnfitValueError } from './trace-encoder.ts';

export type { TraceValue } from './trace-encoder.ts';

/** The fields of each kind that enter the trace, in order. */
export type EventCatalogue = Readonly<Record<string, readonly string[]>>;

/** A record as it is kept: copies, which later changes do not reach. */
export interface TraceRecord {
  readonly atMs: number;
  readonly task: string;
  readonly kind: string;
  readonly fields: Readonly<Record<string, TraceValue>>;
}

export interface TraceOptions {
  /** Keeps the records; the digest does not depend on it. */
  readonly keep?: boolean;
  /** Called with every record, as it is made. */
  readonly onRecord?: (record: TraceRecord) => void;
}

interface Plan {
  readonly fields: readonly string[];
  /** The place of the kind's name among the strings of this trace; -1 before its first record. */
  place: number;
}

export class TraceRecorder {
  readonly #catalogue: EventCatalogue;
  readonly #encoder = new TraceEncoder();
  readonly #plans = new Map<string, Plan>();
  readonly #kept: TraceRecord[] | undefined;
  readonly #onRecord: ((record: TraceRecord) => void) | undefined;
  #count = 0;
  #lastTask: string | undefined;
  #lastTaskPlace = 0;
  #finished = false;

  constructor(catalogue: EventCatalogue, { keep = false, onRecord }: TraceOptions = {}) {
    this.#catalogue = catalogue;
    this.#kept = keep ? [] : undefined;
    this.#onRecord = onRecord;
  }

  /** Records so far. */
  get count(): number {
    return this.#count;
  }

  /** What was kept; empty without `keep`. */
  get records(): readonly TraceRecord[] {
    return this.#kept ?? [];
  }

  /**
   * Adds a record. A kind that is not in the catalogue, a field that is missing and a value that may not stand in a trace
   * throw a TypeError that names them.
   */
  record(event: { readonly kind: string }, atMs: number, task: string): void {
    if (this.#finished) throw new Error('the digest of this trace has been taken: nothing can be added');
    const { kind } = event;
    const plan = this.#plans.get(kind) ?? this.#plan(kind);
    const encoder = this.#encoder;
    if (plan.place >= 0) {
      encoder.seen(plan.place);
    } else {
      encoder.string(kind);
      plan.place = encoder.placeOf(kind);
    }
    encoder.count(atMs);
    if (task === this.#lastTask) {
      encoder.seen(this.#lastTaskPlace);
    } else {
      encoder.string(task);
      this.#lastTask = task;
      this.#lastTaskPlace = encoder.placeOf(task);
    }
    const holder: object = event;
    if (!hasFields(holder)) return;
    const { fields } = plan;
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i];
      if (field === undefined) continue;
      try {
        encoder.value(holder[field]);
      } catch (error) {
        throw unfit(kind, field, error);
      }
    }
    this.#count += 1;
    if (this.#kept !== undefined || this.#onRecord !== undefined) this.#keep(kind, holder, fields, atMs, task);
  }

  /** The sha256 over all records and the final state, in hex. Once: the trace is closed by it. */
  digest(finalState: readonly TraceValue[]): string {
    if (this.#finished) throw new Error('the digest of this trace has been taken already');
    this.#finished = true;
    try {
      return this.#encoder.finish(finalState);
    } catch (error) {
      throw unfit('final state', 'a value', error);
    }
  }

  #plan(kind: string): Plan {
    const fields = Object.hasOwn(this.#catalogue, kind) ? this.#catalogue[kind] : undefined;
    if (fields === undefined) throw new TypeError(`the event kind '${kind}' is not in the catalogue`);
    const plan: Plan = { fields, place: -1 };
    this.#plans.set(kind, plan);
    return plan;
  }

  #keep(
    kind: string,
    event: Readonly<Record<string, unknown>>,
    names: readonly string[],
    atMs: number,
    task: string,
  ): void {
    const fields: Record<string, TraceValue> = {};
    for (const name of names) fields[name] = copyOf(event[name]);
    const record: TraceRecord = { atMs, task, kind, fields };
    this.#kept?.push(record);
    this.#onRecord?.(record);
  }
}

/** Fields are read by name from events of any shape. */
function hasFields(event: object): event is Readonly<Record<string, unknown>> {
  return event !== null;
}

function unfit(kind: string, field: string, error: unknown): unknown {
  if (!(error instanceof UnfitValueError)) return error;
  return new TypeError(`${kind}: ${field} cannot stand in a trace: ${error.message}`);
}

/** The encoder has checked the value. */
function copyOf(value: unknown): TraceValue {
  if (value instanceof Uint8Array) return value.slice();
  if (Array.isArray(value)) return value.map(copyOf);
  switch (typeof value) {
    case 'number':
    case 'bigint':
    case 'boolean':
    case 'string':
      return value;
    default:
      return null;
  }
}
