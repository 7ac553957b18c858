/**
 * How much one run may come to, so that none can fill the memory or go on without end. A scenario file may be valid and
 * still ask for hours: five nodes that each ask the others every millisecond, and an operation a day later. All bounds are
 * counts of what the run itself did, never readings of the host, so that the same run stops at the same event everywhere.
 */

/** Records of the trace. Runs of generated scenarios have at most about 10,000. */
export const EVENTS_MAX = 2_000_000;
/** What the trace of a run with `EVENTS_MAX` and all that is scheduled in it may take together. */
const BYTES_MAX = 1_073_741_824;
/** Runs take about half a step for each event. What takes steps and emits nothing is bounded by this. */
const STEPS_PER_EVENT = 5;
/** What a record takes that is kept, besides its texts and bytes: 170 bytes were measured for records of four fields. */
const RECORD_BYTES = 256;
/** What one wait or callback takes that is to come: 800 bytes were measured for a message under way, with all that it holds. */
const SCHEDULED_BYTES = 1_024;
/** The memory of a run that emits nothing is checked once in this many steps. */
export const STEPS_PER_LOOK = 1_024;
/** A text is kept once for the trace's encoding and once in the record. */
const COPIES = 2;

export interface RunBounds {
  readonly events: number;
  readonly steps: number;
  readonly bytes: number;
}

/** Whoever allows more events allows as much more memory; whoever allows fewer takes no memory from each. */
export function boundsOf(maxEvents: number = EVENTS_MAX): RunBounds {
  return {
    events: maxEvents,
    steps: maxEvents * STEPS_PER_EVENT,
    bytes: BYTES_MAX * Math.max(1, maxEvents / EVENTS_MAX),
  };
}

/** What a run holds, by its own counts. */
interface Held {
  /** Of its trace, */
  readonly records: number;
  /** and the bytes of that, encoded. */
  readonly encodedBytes: number;
  /** Waits and callbacks that are to come. */
  readonly scheduled: number;
}

/**
 * What a run takes in memory, at most. Its trace counts as kept even where it is not, so that a sweep and a replay, which
 * keeps its trace, come to one verdict.
 */
export function heldBytes({ records, encodedBytes, scheduled }: Held): number {
  return records * RECORD_BYTES + encodedBytes * COPIES + scheduled * SCHEDULED_BYTES;
}

/** The problem of a run that reached a bound, in one line. */
export function boundText(what: string, atMs: number): string {
  return `reached the bound of ${what} at ${atMs} ms; --max-events (maxEvents) raises it`;
}
