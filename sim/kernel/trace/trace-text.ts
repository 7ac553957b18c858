/** Kept traces as text: one JSON line a record, and the first record at which two traces differ. */
import type { TraceRecord, TraceValue } from './trace.ts';

/** One JSON object on one line: `atMs`, `task`, `kind`, then the fields; bigints as decimal strings, bytes as hex. */
export function recordLine({ atMs, task, kind, fields }: TraceRecord): string {
  return JSON.stringify({ atMs, task, kind, ...fields }, (_key, value: TraceValue) => plain(value));
}

function plain(value: TraceValue): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return value;
}

export interface TraceDifference {
  /** Number of the record, from 1. */
  readonly event: number;
  /** The records there; one is absent if its trace has ended. */
  readonly left: TraceRecord | undefined;
  readonly right: TraceRecord | undefined;
}

/** The first record in which two traces differ, if any. */
export function firstDifference(
  left: readonly TraceRecord[],
  right: readonly TraceRecord[],
): TraceDifference | undefined {
  const length = Math.max(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const a = left[i];
    const b = right[i];
    if (a === undefined || b === undefined || !sameRecord(a, b)) return { event: i + 1, left: a, right: b };
  }
  return undefined;
}

function sameRecord(a: TraceRecord, b: TraceRecord): boolean {
  if (a.atMs !== b.atMs || a.task !== b.task || a.kind !== b.kind) return false;
  const names = Object.keys(a.fields);
  if (names.length !== Object.keys(b.fields).length) return false;
  return names.every((name) => sameValue(a.fields[name], b.fields[name]));
}

function sameValue(a: TraceValue | undefined, b: TraceValue | undefined): boolean {
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((value, index) => sameValue(value, b[index]));
  return a === b;
}

function isList(value: TraceValue | undefined): value is readonly TraceValue[] {
  return Array.isArray(value);
}
