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

import { MisuseError } from '../misuse.ts';
import { type FieldWriter, writerOf } from './field-writer.ts';
import { TraceEncoder, type TraceValue, UnfitValueError } from './trace-encoder.ts';

export type { TraceValue } from './trace-encoder.ts';

/** The fields of each kind that enter the trace, in order. */
export type EventCatalogue = Readonly<Record<string, readonly string[]>>;

/** A kept record: a copy, which later changes do not reach. */
export interface TraceRecord {
  readonly atMs: number;
  readonly task: string;
  readonly kind: string;
  readonly fields: Readonly<Record<string, TraceValue>>;
}

export interface TraceOptions {
  /** Whether records are kept. The digest does not depend on it. */
  readonly keep?: boolean;
  /** Told the size of the encoded trace in bytes, after about every 64 KiB. */
  readonly onGrowth?: ((encodedBytes: number) => void) | undefined;
  /** Called with every record, as it is made. */
  readonly onRecord?: (record: TraceRecord) => void;
}

/** How records of one kind are written to one trace. */
export interface RecordKind {
  readonly kind: string;
  readonly fields: readonly string[];
  readonly write: FieldWriter;
  /** Place of the kind's name among the strings of the trace; -1 before its first record. */
  place: number;
}

/** Who does something in a run, as one trace knows it. */
export interface Actor {
  /** The name that stands in records. */
  readonly name: string;
  /** Place of the name among the strings of the trace; -1 before its first record. */
  place: number;
}

export class TraceRecorder {
  readonly #catalogue: EventCatalogue;
  readonly #encoder: TraceEncoder;
  readonly #kinds = new Map<string, RecordKind>();
  readonly #kept: TraceRecord[] | undefined;
  readonly #onRecord: ((record: TraceRecord) => void) | undefined;
  #count = 0;
  #finished = false;

  constructor(catalogue: EventCatalogue, { keep = false, onGrowth, onRecord }: TraceOptions = {}) {
    this.#catalogue = catalogue;
    this.#encoder = new TraceEncoder(onGrowth);
    this.#kept = keep ? [] : undefined;
    this.#onRecord = onRecord;
  }

  /** Records so far. */
  get count(): number {
    return this.#count;
  }

  /** The kept records; empty without `keep`. */
  get records(): readonly TraceRecord[] {
    return this.#kept ?? [];
  }

  /** How records of a kind are written. A TypeError names a kind that is not in the catalogue. */
  kind(kind: string): RecordKind {
    const known = this.#kinds.get(kind);
    if (known !== undefined) return known;
    const fields = Object.hasOwn(this.#catalogue, kind) ? this.#catalogue[kind] : undefined;
    if (fields === undefined) throw new TypeError(`the event kind '${kind}' is not in the catalogue`);
    const made: RecordKind = { kind, fields, write: writerOf(fields), place: -1 };
    this.#kinds.set(kind, made);
    return made;
  }

  /** Adds a record. A `MisuseError` names a field that is missing, or whose value a trace cannot hold. */
  record(event: { readonly kind: string }, atMs: number, task: string): void {
    this.recordAs(this.kind(event.kind), event, atMs, { name: task, place: -1 });
  }

  /** Like `record`, for callers that know the kind already and keep one object per actor. */
  recordAs(kind: RecordKind, event: object, atMs: number, actor: Actor): void {
    if (this.#finished) throw new Error('the digest of this trace has been taken: nothing can be added');
    const encoder = this.#encoder;
    if (kind.place >= 0) encoder.seen(kind.place);
    else kind.place = encoder.string(kind.kind);
    encoder.number(atMs);
    if (actor.place >= 0) encoder.seen(actor.place);
    else actor.place = encoder.string(actor.name);
    try {
      kind.write(encoder, event);
    } catch (error) {
      throw unfit(kind, event, error);
    }
    this.#count += 1;
    if (this.#kept !== undefined || this.#onRecord !== undefined) this.#keep(kind, event, atMs, actor.name);
  }

  /** The sha256 over all records and the final state, in hex. Closes the trace, so it can be taken once. */
  digest(finalState: readonly TraceValue[]): string {
    if (this.#finished) throw new Error('the digest of this trace has been taken already');
    this.#finished = true;
    try {
      return this.#encoder.finish(finalState);
    } catch (error) {
      throw unfitIn('final state', 'a value', error);
    }
  }

  #keep({ kind, fields: names }: RecordKind, event: object, atMs: number, task: string): void {
    const fields: Record<string, TraceValue> = {};
    for (const name of names) fields[name] = copyOf(Reflect.get(event, name));
    const record: TraceRecord = { atMs, task, kind, fields };
    this.#kept?.push(record);
    this.#onRecord?.(record);
  }
}

/** The error for the first of the fields whose value a trace cannot hold. */
function unfit({ kind, fields }: RecordKind, event: object, error: unknown): unknown {
  if (!(error instanceof UnfitValueError)) return error;
  const scratch = new TraceEncoder();
  for (const field of fields) {
    try {
      scratch.value(Reflect.get(event, field));
    } catch (thrown) {
      return unfitIn(kind, field, thrown);
    }
  }
  return error;
}

function unfitIn(kind: string, field: string, error: unknown): unknown {
  if (!(error instanceof UnfitValueError)) return error;
  return new MisuseError(`${kind}: ${field} cannot stand in a trace: ${error.message}`);
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
