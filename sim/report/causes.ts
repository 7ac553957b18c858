/**
 * The events that led to a violation, told from the trace alone: those before it that concern the same thing. Worlds name
 * the fields that say so alike: `op` an operation's key, `id` what it became on its `node`, `fault` a fault's key.
 */

import type { Violation } from '../invariant/invariant.ts';
import type { TraceRecord, TraceValue } from '../kernel/trace.ts';

const EVENTS_MAX = 10;
const FIELDS_CHARS_MAX = 160;
/** Names as they stand in messages: keys of operations, tasks. */
const NAME = /[A-Za-z0-9][A-Za-z0-9_.:/#-]*/g;

/** One row an event: number, time, task, kind, fields; the event at which the violation was seen last. */
export function causalEvents(
  trace: readonly TraceRecord[],
  { event, message }: Pick<Violation, 'event' | 'message'>,
): readonly (readonly string[])[] {
  const seenAt = trace[event - 1];
  if (seenAt === undefined) return [];
  const before = trace.slice(0, event - 1);
  const concerns = subjectOf(seenAt, before, message);
  const related = [...before.entries()].filter(([, record]) => concerns(record)).slice(1 - EVENTS_MAX);
  return [...related, [event - 1, seenAt] as const].map(([index, record]) => row(index + 1, record));
}

/**
 * What the violation is about: the operation, fault or action of the event at which it was seen; else the first operation
 * or task that its message names; else the node.
 */
function subjectOf(
  { fields }: TraceRecord,
  before: readonly TraceRecord[],
  message: string,
): (record: TraceRecord) => boolean {
  const { op, id, node, fault } = fields;
  if (op !== undefined) return (record) => record.fields.op === op;
  if (fault !== undefined) return (record) => record.fields.fault === fault;
  if (id !== undefined) return (record) => record.fields.id === id && record.fields.node === node;
  const names = new Set(message.match(NAME));
  const named = before.findLast(({ fields: its }) => typeof its.op === 'string' && names.has(its.op))?.fields.op;
  if (named !== undefined) return (record) => record.fields.op === named;
  const task = before.findLast((record) => names.has(record.task))?.task;
  if (task !== undefined) return (record) => record.task === task;
  return (record) => record.fields.node === node;
}

function row(number: number, { atMs, task, kind, fields }: TraceRecord): readonly string[] {
  const said = Object.entries(fields)
    .map(([name, value]) => `${name}=${shown(value)}`)
    .join(' ');
  const cut = said.length > FIELDS_CHARS_MAX ? `${said.slice(0, FIELDS_CHARS_MAX)}…` : said;
  return [`event ${number}`, `${atMs} ms`, task, kind, cut];
}

function shown(value: TraceValue): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (isList(value)) return `[${value.map(shown).join(', ')}]`;
  return typeof value === 'string' && !/^[!-~]+$/.test(value) ? JSON.stringify(value) : String(value);
}

/** `Array.isArray` alone does not know lists that are read-only. */
function isList(value: TraceValue): value is readonly TraceValue[] {
  return Array.isArray(value);
}
