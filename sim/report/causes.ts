/**
 * The events that led to a violation, told from the trace alone: those before it that concern the same operation, action
 * and node. Worlds name these fields alike: `op` an operation's key, `id` what it became, `node` where.
 */
import type { TraceRecord } from '../kernel/trace.ts';
import { recordLine } from '../kernel/trace-text.ts';

const EVENTS_MAX = 10;

/** One line an event, the one at which the violation was seen last; `event` counts from 1. */
export function relatedEvents(trace: readonly TraceRecord[], event: number): readonly string[] {
  const last = trace[event - 1];
  if (last === undefined) return [];
  const related: number[] = [event];
  for (let number = event - 1; number > 0 && related.length < EVENTS_MAX; number--) {
    const record = trace[number - 1];
    if (record !== undefined && concernsSame(last, record)) related.push(number);
  }
  return related.reverse().flatMap((number) => {
    const record = trace[number - 1];
    return record === undefined ? [] : [`event ${number}: ${recordLine(record)}`];
  });
}

/** Whether both concern the same operation, else the same action of a node, else, where neither is named, the same node. */
function concernsSame(a: TraceRecord, b: TraceRecord): boolean {
  const { op, id, node } = a.fields;
  if (op !== undefined) return op === b.fields.op;
  if (id !== undefined) return id === b.fields.id && node === b.fields.node;
  return node === b.fields.node;
}
