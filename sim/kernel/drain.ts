/**
 * The two ways to run a segment's microtasks and ticks to their end.
 *
 * `documented` uses what Node promises: between two callbacks of `setImmediate` it drains the microtask and the nextTick
 * queues completely and reports rejections nobody handled. So a batch of immediates is queued, one a segment. A hop over
 * `process.nextTick` would do for the draining (with foreign ticks counted, and another hop while one is pending), but
 * Node reports rejections only once the tick queue has run empty, which is never while the next hop stands in it: a lost
 * rejection could then not be told from one of a hundred segments later. The end of a batch is a turn of the host's event loop.
 *
 * `synchronous` calls `process._tickCallback`, which is what Node runs between immediates. It is undocumented, so a
 * self-test decides whether it is there and does all of it.
 *
 * Only the second can be stopped where a segment does not come back (`bounded-turn.ts`): the first leaves the draining to Node.
 *
 * Host functions are taken when this module loads: guards and virtual clocks replace them later.
 */
import { boundedTurn, SegmentStopped } from './bounded-turn.ts';

export type Drain = 'documented' | 'synchronous';

// biome-ignore lint/style/noRestrictedGlobals: the kernel's own turns of the host's event loop
const hostImmediate = setImmediate;
// biome-ignore lint/style/noRestrictedGlobals: how long a turn has taken
const hostNowMs = performance.now.bind(performance);

/** One segment at a time, as the drains see it. */
export interface Segments {
  /** Starts the next segment; false if there is none and the run is over. */
  begin(): boolean;
  /** The segment has been drained; false if the run is over. */
  end(): boolean;
  /** The host's event loop has a turn before the next segment. */
  turned(): void;
  /** Whether a tick of the segment threw: Node then takes one callback more to drain what is left. */
  readonly hop: boolean;
  /** That callback has come. */
  hopped(): void;
}

export interface Turns {
  /** After so many steps the host's event loop has a turn. */
  readonly stepsPerTurn: number;
  /** Milliseconds of host time after which a segment is stopped that does not come back; for ever without. */
  readonly segmentMs?: number | undefined;
}

/** Waits for a turn of the host's event loop, which is outside of any run. */
export function hostTurn(): Promise<void> {
  return new Promise((resolve) => {
    hostImmediate(resolve);
  });
}

/**
 * Runs segments until `begin` or `end` says that the run is over, and gives the drain that was used. What one of them
 * throws ends it with that error.
 */
export function drive(segments: Segments, drain: Drain | 'auto', turns: Turns): Promise<Drain> {
  return new Promise((resolve, reject) => {
    // Only a callback of the host's event loop may drain: inside a microtask it would do nothing.
    hostImmediate(() => {
      const synchronous = drain !== 'documented' && synchronousDrainWorks();
      const turn = synchronous ? synchronousTurn : immediatesTurn;
      turn(segments, turns, () => resolve(synchronous ? 'synchronous' : 'documented'), reject);
    });
  });
}

/** Most runs are short, and what is left of a batch at the end of one is lost work. */
const FIRST_BATCH = 32;
/** Longer batches fall out of the processor's cache. */
const BATCH_MAX = 256;

/** Where segments are bounded, a turn begins no further one after so long: what takes longer by much is one segment. */
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
    // The last of a batch only ends a segment, so that none is open while the host has its turn.
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
  { stepsPerTurn, segmentMs }: Turns,
  resolve: () => void,
  reject: Reject,
): void {
  /** Whether a segment is waiting to be ended. */
  let open = false;
  let stopped = false;
  const turn = (): void => {
    if (stopped) {
      resolve();
      return;
    }
    if (segments.hop) {
      // One turn more lets Node drain what a throwing tick left behind.
      segments.hopped();
      hostImmediate(next);
      return;
    }
    let draining = false;
    try {
      if (open && !segments.end()) {
        resolve();
        return;
      }
      const endMs = segmentMs === undefined ? Number.POSITIVE_INFINITY : hostNowMs() + BOUNDED_TURN_MS;
      for (let i = 0; i < stepsPerTurn; i++) {
        open = segments.begin();
        if (!open) {
          resolve();
          return;
        }
        draining = true;
        drainNow();
        draining = false;
        if (segments.hop) break;
        open = false;
        if (!segments.end()) {
          resolve();
          return;
        }
        if (segmentMs !== undefined && hostNowMs() > endMs) break;
      }
      if (!open) segments.turned();
      hostImmediate(next);
    } catch (error) {
      if (!draining) {
        reject(error);
        return;
      }
      // What a tick threw has to reach Node, whose stack of contexts is torn by it until it has put that right.
      hostImmediate(next);
      throw error;
    }
  };
  const bounded = (limitMs: number): void => {
    try {
      boundedTurn(turn, limitMs);
    } catch (error) {
      if (error instanceof SegmentStopped) {
        stopped = true;
        // The same holds for what was stopped.
        hostImmediate(turn);
      }
      throw error;
    }
  };
  const next = segmentMs === undefined ? turn : (): void => bounded(segmentMs);
  next();
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

/** Tried once, in a callback of the host's event loop: elsewhere it could not work. */
function synchronousDrainWorks(): boolean {
  works ??= selfTest();
  return works;
}

/** Whether draining on the spot runs microtasks and ticks to the end, each made by the other. */
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
