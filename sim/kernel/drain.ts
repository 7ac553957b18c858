/**
 * Two ways to run the microtasks and ticks of a segment to their end.
 *
 * `documented` relies on what Node promises: between two callbacks of `setImmediate`, Node drains the microtask and
 * nextTick queues completely and reports unhandled rejections. So a batch of immediates is queued, one a segment, and the
 * end of a batch is a turn of the host's event loop. A hop over `process.nextTick` would drain as well (with foreign ticks
 * counted, and another hop while one is pending). But Node reports rejections only once the tick queue is empty, and the
 * next hop would always stand in it. A rejection could then not be assigned to its segment.
 *
 * `synchronous` calls `process._tickCallback`, which is what Node runs between immediates. It is undocumented, so a
 * self-test finds out whether it exists and does all of this.
 *
 * Only `synchronous` can stop a segment that does not come back (`bounded-turn.ts`): `documented` leaves the draining to
 * Node.
 *
 * Host functions are taken when this module loads, because guards and virtual clocks replace them later.
 */
import { boundedTurn, SegmentStopped } from './bounded-turn.ts';

export type Drain = 'documented' | 'synchronous';

// biome-ignore lint/style/noRestrictedGlobals: the kernel's own turns of the host's event loop
const hostImmediate = setImmediate;
// biome-ignore lint/style/noRestrictedGlobals: measures how long a turn has taken
const hostNowMs = performance.now.bind(performance);

/** What a drain drives: one segment at a time. */
export interface Segments {
  /** Starts the next segment. False if there is none and the run is over. */
  begin(): boolean;
  /** Ends the segment, whose queues are drained. False if the run is over. */
  end(): boolean;
  /** The host's event loop gets a turn before the next segment. */
  turned(): void;
  /** Whether a tick of the segment threw. Node then takes one callback more to drain what is left. */
  readonly hop: boolean;
  /** That callback has come. */
  hopped(): void;
}

export interface Turns {
  /** Steps after which the host's event loop gets a turn. */
  readonly stepsPerTurn: number;
  /** Milliseconds of host time after which a segment is stopped. Absent: never. */
  readonly segmentMs?: number | undefined;
  /** Whether whoever makes this run begins another one as soon as it is over, and does nothing else. */
  readonly isFollowed?: boolean | undefined;
}

/** Waits for a turn of the host's event loop, outside of any run. */
export function hostTurn(): Promise<void> {
  return new Promise((resolve) => {
    hostImmediate(resolve);
  });
}

/**
 * Runs segments until `begin` or `end` says that the run is over, and returns the drain that was used. Rejects with an
 * error that `begin` or `end` throws.
 */
export function drive(segments: Segments, drain: Drain | 'auto', turns: Turns): Promise<Drain> {
  return new Promise((resolve, reject) => {
    const begin = (): void => {
      const synchronous = drain !== 'documented' && synchronousDrainWorks();
      const turn = synchronous ? synchronousTurn : immediatesTurn;
      turn(segments, turns, () => resolve(synchronous ? 'synchronous' : 'documented'), reject);
    };
    // Only a callback of the host's event loop may drain: inside a microtask it would do nothing.
    if (sharing !== undefined && sharing.limitMs === turns.segmentMs && drain !== 'documented')
      sharing.waiting.push(begin);
    else hostImmediate(begin);
  });
}

/** Short runs that follow each other share one limit: to set it takes as long as such a run. */
interface Sharing {
  readonly limitMs: number;
  /** Begin the runs that were asked for since. */
  readonly waiting: (() => void)[];
  /** Ends the run that goes on as stopped; false if it is over. */
  stop: () => boolean;
  /** Whether the run that ended last is followed by another one. */
  isFollowed: boolean;
}

/** Where this turn of the host's event loop is shared. */
let sharing: Sharing | undefined;

/** Batch size at the start. Most runs are short, and what is left of a batch at the end of a run is lost work. */
const FIRST_BATCH = 32;
/** Largest batch: longer ones fall out of the processor's cache. */
const BATCH_MAX = 256;

/**
 * Where segments are bounded, no further segment begins in a turn after this long. A turn that takes much longer is one
 * segment.
 */
const BOUNDED_TURN_MS = 100;

type Reject = (error: unknown) => void;

function immediatesTurn(segments: Segments, { stepsPerTurn }: Turns, resolve: () => void, reject: Reject): void {
  let over = false;
  let open = false;
  let batch = Math.min(FIRST_BATCH, stepsPerTurn);
  const advance = (further: boolean): void => {
    if (over) return;
    if (segments.hop) {
      segments.hopped();
      return;
    }
    try {
      over = open && !segments.end();
      open = further && !over && segments.begin();
      over ||= further && !open;
      if (over) resolve();
    } catch (error) {
      over = true;
      reject(error);
    }
  };
  const step = (): void => advance(true);
  const turn = (): void => {
    // The last callback of a batch only ends a segment, so that no segment is open during the host's turn.
    advance(false);
    if (over) return;
    if (!open) {
      segments.turned();
      for (let i = 0; i < batch; i++) hostImmediate(step);
      batch = Math.min(2 * batch, BATCH_MAX, stepsPerTurn);
    }
    hostImmediate(turn);
  };
  turn();
}

function synchronousTurn(
  segments: Segments,
  { stepsPerTurn, segmentMs, isFollowed = false }: Turns,
  resolve: () => void,
  reject: Reject,
): void {
  /** Whether a segment is waiting to be ended. */
  let open = false;
  let stopped = false;
  let over = false;
  const end = (): void => {
    over = true;
    if (sharing !== undefined) sharing.isFollowed = isFollowed;
    resolve();
  };
  const turn = (): void => {
    if (stopped) {
      end();
      return;
    }
    if (segments.hop) {
      // One turn more lets Node drain what is left behind a tick that threw.
      segments.hopped();
      hostImmediate(next);
      return;
    }
    let draining = false;
    try {
      if (open && !segments.end()) {
        end();
        return;
      }
      const endMs = segmentMs === undefined ? Number.POSITIVE_INFINITY : hostNowMs() + BOUNDED_TURN_MS;
      for (let i = 0; i < stepsPerTurn; i++) {
        open = segments.begin();
        if (!open) {
          end();
          return;
        }
        draining = true;
        drainNow();
        draining = false;
        if (segments.hop) break;
        open = false;
        if (!segments.end()) {
          end();
          return;
        }
        if (segmentMs !== undefined && hostNowMs() > endMs) break;
      }
      if (!open) segments.turned();
      hostImmediate(next);
    } catch (error) {
      if (!draining) {
        over = true;
        reject(error);
        return;
      }
      // Node must get what a tick threw: its stack of async contexts stays torn until it has handled that.
      hostImmediate(next);
      throw error;
    }
  };
  const stop = (): boolean => {
    // The limit passed just when the run was over.
    if (over) return false;
    stopped = true;
    // The same holds for what was stopped.
    hostImmediate(turn);
    return true;
  };
  const bounded = (limitMs: number): void => {
    if (sharing === undefined) shared(turn, stop, limitMs);
    else {
      sharing.stop = stop;
      turn();
    }
  };
  const next = segmentMs === undefined ? turn : (): void => bounded(segmentMs);
  next();
}

/** A turn of one run, and of those that follow it at once. What is stopped in the middle cleans up nothing by itself. */
function shared(turn: () => void, stop: () => boolean, limitMs: number): void {
  const own: Sharing = { limitMs, waiting: [], stop, isFollowed: false };
  sharing = own;
  try {
    boundedTurn(() => {
      const endMs = hostNowMs() + BOUNDED_TURN_MS;
      turn();
      while (own.isFollowed && hostNowMs() < endMs) {
        // Whoever made the run goes on in microtasks, and asks for the next one.
        drainNow();
        own.isFollowed = false;
        own.waiting.shift()?.();
      }
    }, limitMs);
  } catch (error) {
    if (error instanceof SegmentStopped && !own.stop()) return;
    throw error;
  } finally {
    sharing = undefined;
    for (const begin of own.waiting) hostImmediate(begin);
  }
}

const drainNow = findDrain();

function findDrain(): () => void {
  const found: unknown = Reflect.get(process, '_tickCallback');
  if (typeof found !== 'function') return () => {};
  return () => {
    found();
  };
}

let works: boolean | undefined;

/** Tried once, in a callback of the host's event loop. Elsewhere it could not work. */
function synchronousDrainWorks(): boolean {
  works ??= selfTest();
  return works;
}

/** Whether draining at once runs microtasks and ticks to the end, including those that they queue. */
function selfTest(): boolean {
  let reached = '';
  const settled = Promise.resolve();
  void settled
    .then(() => {
      reached += 'a';
      process.nextTick(() => {
        reached += 'c';
        void settled.then(() => {
          reached += 'd';
          process.nextTick(() => {
            reached += 'e';
          });
        });
      });
    })
    .then(() => {
      reached += 'b';
    });
  drainNow();
  return reached === 'abcde';
}
