/**
 * The events that led to a violation, found from the trace alone. Most of the last events have nothing to do with it; so
 * these are the events about the same things, and about what those in turn came from. The world says what an event is
 * about.
 */
import type { Violation } from '../../invariant/invariant.ts';
import type { TraceRecord, TraceValue } from '../../kernel/trace/trace.ts';
import type { SubjectReader, Subjects } from '../../world.ts';

/** Names as they stand in messages: keys of operations, tasks. */
const NAME = /[A-Za-z0-9][A-Za-z0-9_.:/#-]*/g;

/** An event of the trace and its number, from 1. */
export interface Cause {
  readonly number: number;
  readonly record: TraceRecord;
}

interface Found extends Cause {
  /** Later events of the same kind about the same thing. */
  readonly later: number;
  /** How many steps it is away from what the violation is about. */
  readonly steps: number;
}

/** At most `eventsMax` events in order, including the one at which the violation was seen. */
export function causalEvents(
  trace: readonly TraceRecord[],
  { event, message, atEnd }: Pick<Violation, 'event' | 'message' | 'atEnd'>,
  subjects: SubjectReader,
  max: number,
): readonly Cause[] {
  const seenAt = trace[event - 1];
  if (seenAt === undefined) return [];
  const read = trace.slice(0, event).map((record) => subjects.of(record));
  const named = subjects.named(message);
  const own: Subjects = atEnd === true ? {} : (read[event - 1] ?? {});
  const start = {
    things: [...(own.things ?? []), ...(named.things ?? [])],
    follow: [...(own.follow ?? []), ...(named.follow ?? [])],
  };
  // A violation seen at the end may have nothing to do with the last event.
  if (atEnd === true) return best(followed(trace.slice(0, event), read, start), max);
  const found = followed(trace.slice(0, event - 1), read, start);
  const related = found.length > 0 ? found : sameTask(trace, event, message);
  return [...best(related, max - 1), { number: event, record: seenAt }];
}

/** Goes backwards from what the violation is about. An event about it brings in whatever else that event is about. */
function followed(
  trace: readonly TraceRecord[],
  read: readonly Subjects[],
  start: Pick<Required<Subjects>, 'things' | 'follow'>,
): readonly Found[] {
  const things = new Map(start.things.map((thing) => [thing, 0]));
  const leaves = new Map(start.follow.map((leaf) => [leaf, 1]));
  const seen = new Map<string, number>();
  const found: Found[] = [];
  for (let i = trace.length - 1; i >= 0; i -= 1) {
    const record = trace[i];
    const about = read[i];
    if (record === undefined || about === undefined) continue;
    const [thing, steps] = nearest(about.things ?? [], things);
    const [leaf, leafSteps] = nearest([...(about.things ?? []), ...(about.topics ?? [])], leaves);
    if (thing === undefined && leaf === undefined) continue;
    if (thing !== undefined) {
      for (const other of about.things ?? []) if (!things.has(other)) things.set(other, steps + 1);
      for (const other of about.follow ?? []) if (!leaves.has(other)) leaves.set(other, steps + 2);
    }
    const same = `${thing ?? leaf} ${record.kind} ${turn(record)}`;
    const later = seen.get(same) ?? 0;
    seen.set(same, later + 1);
    found.push({ number: i + 1, record, later, steps: thing === undefined ? leafSteps : steps });
  }
  return found;
}

function nearest(
  names: readonly string[],
  distances: ReadonlyMap<string, number>,
): readonly [name: string | undefined, steps: number] {
  let nearestName: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const steps = distances.get(name) ?? Number.POSITIVE_INFINITY;
    if (steps < least) [nearestName, least] = [name, steps];
  }
  return [nearestName, least];
}

/** Events of one kind that had different outcomes are not repetitions. */
function turn({ fields: { change, decision, outcome, result, type, fate, phase } }: TraceRecord): string {
  return [change, decision, outcome, result, type, fate, phase].map((value) => value ?? '').join(' ');
}

/** Where nothing is known of the things: events of the task that the message names, or else of the same node. */
function sameTask(trace: readonly TraceRecord[], event: number, message: string): readonly Found[] {
  const names = new Set(message.match(NAME));
  const before = trace.slice(0, event - 1);
  const task = before.findLast((record) => names.has(record.task))?.task;
  const node = trace[event - 1]?.fields.node;
  const found: Found[] = [];
  for (const [i, record] of before.entries()) {
    const related = task === undefined ? node !== undefined && record.fields.node === node : record.task === task;
    if (related) found.push({ number: i + 1, record, later: event - i, steps: 0 });
  }
  return found;
}

/**
 * The first event of each sort comes before the second of any, then nearer before farther, then later before earlier. The
 * chosen events keep their order.
 */
function best(found: readonly Found[], max: number): readonly Cause[] {
  const sorted = [...found].sort((a, b) => a.later - b.later || a.steps - b.steps || b.number - a.number);
  return sorted.slice(0, max).sort((a, b) => a.number - b.number);
}

/** For worlds without subjects: events about the same operation or fault belong together. */
export function subjectsByField(): SubjectReader {
  const known = new Set<string>();
  return {
    of: ({ fields: { op, fault, id, node } }) => {
      const things: string[] = [];
      if (op !== undefined) things.push(`op ${shown(op)}`);
      if (fault !== undefined) things.push(`fault ${shown(fault)}`);
      if (id !== undefined) things.push(`id ${shown(node ?? null)}/${shown(id)}`);
      for (const thing of things) known.add(thing);
      return { things };
    },
    named: (text) => ({
      things: (text.match(NAME) ?? [])
        .flatMap((name) => [`op ${name}`, `fault ${name}`])
        .filter((name) => known.has(name)),
    }),
  };
}

/** The fields of an event, on one line. */
export function fieldsText({ fields }: TraceRecord): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${shown(value)}`)
    .join(' ');
}

function shown(value: TraceValue): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (isList(value)) return `[${value.map(shown).join(', ')}]`;
  return typeof value === 'string' && !/^[!-~]+$/.test(value) ? JSON.stringify(value) : String(value);
}

/** `Array.isArray` alone does not recognize read-only lists. */
function isList(value: TraceValue): value is readonly TraceValue[] {
  return Array.isArray(value);
}
