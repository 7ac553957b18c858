/**
 * Building blocks for schemas of faults: keys, times, lengths, nodes. Loaded only where a scenario file is read or written,
 * so that a run from a seed does not pay for loading zod.
 */
import { z } from 'zod';

/** The longest time that a scenario may name: a day. A longer one is a typing mistake, and would only spin the clock. */
const TIME_MS_MAX = 86_400_000;
/** No capacity or count in a run comes near this. It keeps a typing mistake from filling the memory. */
export const COUNT_MAX = 1_000_000;

export type FaultParts = ReturnType<typeof faultParts>;

/** A whole number within a range. `what` completes "expected a whole number, …". */
export function whole(minimum: number, maximum: number, what: string) {
  return z
    .int({ error: `expected a whole number, ${what}` })
    .min(minimum, { error: `expected at least ${minimum}, ${what}` })
    .max(maximum, { error: `expected at most ${maximum}, ${what}` })
    .describe(`${what.charAt(0).toUpperCase()}${what.slice(1)}`);
}

/** The building blocks for a world with these kinds of events, and at most `nodesMax` nodes. */
export function faultParts(events: readonly string[], nodesMax: number) {
  const key = z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, { error: 'expected a key of letters, digits, dots, dashes or underscores' })
    .describe('Names this item; unique in the scenario');
  const time = whole(0, TIME_MS_MAX, 'when, in virtual milliseconds from the start of the run');
  const lengthMs = whole(0, TIME_MS_MAX, 'a length in milliseconds');
  const lastsMs = whole(1, TIME_MS_MAX, 'how long it lasts in milliseconds');
  const node = whole(1, nodesMax, 'the number of a node, from 1');
  const percent = whole(1, 100, 'how many of a hundred are struck');
  const atEvent = z.strictObject({
    event: z.enum(events).describe('The kind of event it strikes right after'),
    where: z
      .record(z.string(), z.union([z.string(), z.number(), z.bigint(), z.boolean(), z.null()]))
      .optional()
      .describe('Values that fields of the event must have; ids above 2^53 as texts'),
    nth: whole(1, COUNT_MAX, 'which of those events, from 1'),
  });
  const moment = z
    .union([time, atEvent], {
      error: 'expected when, in whole virtual milliseconds from the start of the run, or { event, where, nth }',
    })
    .describe('When it strikes: at a time, or right after an event');
  const keyed = { key, at: moment };
  const lasting = { ...keyed, forMs: lastsMs };
  return {
    z,
    whole,
    key,
    time,
    lengthMs,
    lastsMs,
    node,
    percent,
    /** The fields of any fault, of one that lasts, of one on a node (at an instant or lasting), and of one on a link. */
    keyed,
    lasting,
    onNode: { ...keyed, node },
    atNode: { ...lasting, node },
    link: { ...lasting, from: node, to: node, percent },
  };
}
