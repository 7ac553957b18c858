/**
 * The threads of a sweep. Each slot holds one worker at a time. A worker that hangs is ended, one that dies is replaced,
 * and what it had taken besides its current run is made again. Before a run is blamed for the death of its worker it is
 * made once more, alone: what one run leaves behind may strike in another.
 */

import { describeError } from '../../scenario/blame/thrown.ts';
import type { RunResult } from '../../scenario/run/result.ts';
import type { World } from '../../world.ts';
import { type AloneOptions, lateOf, runAlone, STACK_MS } from '../checks/alone.ts';
import { addRun, emptyTally, type Problem } from '../counts/tally.ts';
import type { Source } from '../source.ts';
import { Board, type Taken } from './board.ts';
import { died, neverReturned, outOfTime, overMemory, overTime, unloaded } from './given-up.ts';
import { leftBehind } from './left-behind.ts';
import { heldBytes, heldBytesMax, type RunLimits } from './limits.ts';
import { stacksOfThread } from './stack-of-thread.ts';
import { isHeapFull, Thread, type ThreadEnd } from './thread.ts';
import { Ticker } from './ticker.ts';
import type { ManyRuns, RunsReport, WorkerReport } from './worker.ts';

export interface PoolOptions {
  readonly source: Source;
  /** Says which files are the world's own code. */
  readonly world: Pick<World, 'wiring'>;
  readonly from: bigint;
  /** Number of seeds from there on. */
  readonly limit: bigint;
  /** How many of these are run before `openTo` is called. Absent: all. */
  readonly gate?: bigint | undefined;
  readonly jobs: number;
  readonly limits: RunLimits;
  readonly onReport: (report: Omit<RunsReport, 'begun'>) => void;
  /** Called with what was found of a run besides what the run came to. */
  readonly onProblem: (problem: Problem) => void;
  /** Called with the seeds under way, at every look. */
  readonly onTick?: ((underWay: readonly bigint[]) => void) | undefined;
  /** Module of the workers. */
  readonly worker: URL;
}

/** How long an interruption waits for the runs under way, */
const INTERRUPTED_GRACE_MS = 500;
/** and how long the end of the time does. */
const TIME_GRACE_MS = 5_000;
/** How many workers in a row may die before their first run. */
const STARTS_MAX = 3;
/** For how many workers that died of what an earlier run had left behind that run is searched for. */
const SEARCHES_MAX = 5;

/** Why the pool ends a worker. */
type Ending = 'hung' | 'interrupted' | 'out of time' | 'memory';

interface Slot {
  thread: Thread<WorkerReport> | undefined;
  again: readonly bigint[];
  /** Runs that this worker has begun and reported. */
  reported: number;
  begun: number;
  /** When `begun` last changed, in time of the ticker. */
  sinceMs: number;
  ending: Ending | undefined;
  /** What it was at when the decision to end it was made. */
  suspect: bigint | undefined;
  stacks: readonly string[];
  /** Workers in a row that died before their first run. */
  failedStarts: number;
}

interface Grace {
  readonly endMs: number;
  readonly ending: Ending;
}

export class Pool {
  readonly #options: PoolOptions;
  readonly #board: Board;
  readonly #slots: readonly Slot[];
  #heldMax: number;
  /** The search for the run that used too much memory. No other run may be under way meanwhile. */
  #search: Promise<void> | undefined;
  /** When the workers that are still at a run are ended, and as what. */
  #grace: Grace | undefined;
  readonly #interrupted = new AbortController();
  #nowMs = 0;
  #anyBegun = false;
  #fatal: Error | undefined;
  #lost = false;
  #looped = false;
  #unloaded = false;
  #searches = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#board = Board.ofSlots(options.jobs);
    this.#heldMax = heldBytesMax(heldBytes(), options.jobs, options.limits);
    if (options.gate !== undefined) this.#board.openTo(options.gate);
    this.#slots = Array.from({ length: options.jobs }, () => ({
      thread: undefined,
      again: [],
      reported: 0,
      begun: 0,
      sinceMs: 0,
      ending: undefined,
      suspect: undefined,
      stacks: [],
      failedStarts: 0,
    }));
  }

  /** Lets the seeds before this index be run, too. */
  openTo(index: bigint): void {
    this.#board.openTo(index);
  }

  /** Ends all workers after their current run. */
  stop(): void {
    this.#board.stop();
  }

  /** The same, but does not wait for ever for that run. */
  stopInTime(): void {
    this.stop();
    this.#grace ??= { endMs: this.#nowMs + TIME_GRACE_MS, ending: 'out of time' };
  }

  /** The same, but does not wait long for that run. */
  interrupt(): void {
    this.stop();
    this.#grace = { endMs: this.#nowMs + INTERRUPTED_GRACE_MS, ending: 'interrupted' };
    this.#interrupted.abort();
  }

  /** Whether seeds were left because no worker could be started any more. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Resolves when no seed is left, or all have stopped. Rejects if workers cannot even start. */
  async run(): Promise<void> {
    const ticker = new Ticker(() => {
      this.#nowMs = ticker.nowMs;
      this.#watch();
    });
    try {
      await Promise.all(this.#slots.map((slot, index) => this.#fill(index, slot)));
    } finally {
      ticker.stop();
    }
    if (this.#fatal !== undefined) throw this.#fatal;
  }

  /** Keeps a worker in the slot until there is nothing left for it. */
  async #fill(index: number, slot: Slot): Promise<void> {
    const { limit } = this.#options;
    for (;;) {
      await this.#search;
      const left = slot.again.length > 0 || (!this.#board.stopped && this.#board.handedOut < limit);
      if (!left || this.#interrupted.signal.aborted || this.#fatal !== undefined) return;
      if (this.#unloaded) return;
      if (slot.failedStarts === STARTS_MAX) {
        this.#lost = true;
        return;
      }
      const end = await this.#employ(index, slot);
      slot.thread = undefined;
      await this.#account(index, slot, end);
    }
  }

  /** The life of one worker. */
  #employ(index: number, slot: Slot): Promise<ThreadEnd> {
    const { source, from, limit, limits, worker, onReport } = this.#options;
    const { again } = slot;
    this.#board.clear(index);
    const fresh = {
      reported: 0,
      begun: 0,
      sinceMs: this.#nowMs,
      ending: undefined,
      suspect: undefined,
      stacks: [],
    };
    Object.assign(slot, fresh);
    const task: ManyRuns = { kind: 'many', source, board: this.#board.buffer, slot: index, from, limit, again };
    slot.thread = new Thread({
      module: worker,
      task,
      heapMb: limits.heapMb,
      onMessage: (report: WorkerReport) => {
        if (report === 'done') return 'done';
        slot.reported = report.begun;
        this.#anyBegun = true;
        onReport(report);
        return undefined;
      },
    });
    return slot.thread.over;
  }

  /**
   * After a worker's life: reports what became of its current run, and leaves what else it had taken to the next worker.
   */
  async #account(index: number, slot: Slot, end: ThreadEnd): Promise<void> {
    const taken = this.#board.taken(index, slot.reported);
    const begun = this.#board.begun(index);
    const rest = slot.again.slice(begun);
    this.#anyBegun ||= begun > 0;
    slot.again = [...taken.finished, ...rest];
    if (end.how === 'done') return;
    slot.failedStarts = begun === 0 && end.how === 'died' ? slot.failedStarts + 1 : 0;
    if (end.how === 'died' && slot.ending === undefined) await this.#onDeath(begun, taken, end.error);
    // If it was ended for its memory, the search for the run that used too much makes its run.
    else if (slot.ending !== 'interrupted' && slot.ending !== 'memory') await this.#onEnding(slot, taken.current, end);
  }

  /** A worker was ended because of its current run, which may have come to its end since. */
  async #onEnding(slot: Slot, current: bigint | undefined, { how }: ThreadEnd): Promise<void> {
    const { limits, from, world } = this.#options;
    if (current === undefined) {
      if (slot.ending === 'hung' && slot.begun === 0) this.#onUnloaded();
      return;
    }
    const seed = from + current;
    if (current !== slot.suspect) slot.again = [current, ...slot.again];
    else if (how === 'given up') this.#tell(neverReturned(seed, limits));
    else if (slot.ending === 'out of time') this.#tell(outOfTime(seed, TIME_GRACE_MS));
    else await this.#onLoop(overTime(seed, limits, { world, stacks: slot.stacks }));
  }

  /** A world that does not load in one thread loads in none. Its first seed says why. */
  #onUnloaded(): void {
    const { from, limits, source } = this.#options;
    this.#lost = true;
    this.#board.stop();
    if (this.#unloaded) return;
    this.#unloaded = true;
    this.#tell(unloaded(from, limits, source.world.module));
  }

  /** The first run that loops is made once more, alone: a loop may depend on what was left behind, too. */
  async #onLoop(run: RunResult): Promise<void> {
    const again = run.verdict === 'violated' && !this.#looped && !this.#board.stopped;
    this.#looped = true;
    const alone = again ? await runAlone(run.seed, this.#aloneOptions()) : undefined;
    if (alone?.ended !== true) {
      this.#tell(run);
      return;
    }
    this.#tell(alone.run);
    const [violation] = run.violations;
    this.#options.onProblem({
      seed: run.seed,
      verdict: 'nondeterminism',
      problem: `${alone.run.verdict} as the first run of a thread, and looping after other runs: some state is kept from run to run`,
      ...(violation?.stack === undefined ? {} : { detail: violation.stack }),
    });
  }

  /** A worker died by itself. */
  async #onDeath(begun: number, taken: Taken, error: Error): Promise<void> {
    if (begun === 0) {
      if (this.#anyBegun) return;
      this.#fatal ??= new Error(`a worker died outside of any run: ${describeError(error)}`, { cause: error });
      this.#board.stop();
      return;
    }
    const { from, limits, onProblem } = this.#options;
    const current = taken.current === undefined ? undefined : from + taken.current;
    const alone = current === undefined ? undefined : await runAlone(current, this.#aloneOptions());
    if (this.#interrupted.signal.aborted) return;
    if (current !== undefined) this.#tell(alone?.run ?? died(current, error, limits));
    // If its run is not to blame, an earlier one is. For memory, all are to blame a little.
    if ((current !== undefined && alone?.ended !== true) || isHeapFull(error)) return;
    const earlier = [...taken.before, ...taken.finished].map((index) => from + index);
    this.#searches += 1;
    const search = this.#searches <= SEARCHES_MAX;
    onProblem(
      await leftBehind({
        error,
        earlier,
        current,
        lateOf: async (seeds, lingerMs) => (search ? await lateOf(seeds, lingerMs, this.#aloneOptions()) : undefined),
      }),
    );
  }

  #watch(): void {
    const { limits, onTick, from } = this.#options;
    const grace = this.#grace;
    const underWay: bigint[] = [];
    for (const [index, slot] of this.#slots.entries()) {
      const { thread } = slot;
      const current = thread === undefined ? undefined : this.#board.current(index);
      if (current !== undefined) underWay.push(from + current);
      const begun = this.#board.begun(index);
      // A worker that has nothing to run again, and is held at the gate, does not hold the others up.
      const waits = begun >= slot.again.length && this.#board.idleAtGate(index);
      if (begun !== slot.begun || waits) slot.sinceMs = this.#nowMs;
      slot.begun = begun;
      if (thread === undefined || slot.ending !== undefined) continue;
      if (grace !== undefined && this.#isGraceOver(grace, slot)) this.#end(index, slot, grace.ending);
      else if (this.#nowMs - slot.sinceMs > (begun === 0 ? limits.startMs : limits.wallMs)) {
        void this.#endHung(index, slot, thread);
      }
    }
    if (this.#search === undefined && heldBytes() > this.#heldMax) {
      this.#search = this.#findMemory().finally(() => {
        this.#search = undefined;
      });
    }
    onTick?.(underWay);
  }

  /** Time is up only for a run that has itself taken this long since, and not for runs that have to be made again. */
  #isGraceOver({ endMs, ending }: Grace, slot: Slot): boolean {
    if (this.#nowMs < endMs) return false;
    if (ending === 'interrupted') return true;
    const hasNothing = slot.begun === 0 && slot.again.length === 0;
    return hasNothing || (slot.begun > 0 && this.#nowMs - slot.sinceMs >= TIME_GRACE_MS);
  }

  #end(index: number, slot: Slot, ending: Ending): void {
    slot.ending = ending;
    slot.suspect = this.#board.current(index);
    slot.thread?.end(ending === 'interrupted' ? INTERRUPTED_GRACE_MS : undefined);
  }

  async #endHung(index: number, slot: Slot, thread: Thread<WorkerReport>): Promise<void> {
    slot.ending = 'hung';
    slot.suspect = this.#board.current(index);
    // See `unloaded`.
    slot.stacks = slot.begun === 0 ? [] : await stacksOfThread(thread.worker, STACK_MS);
    thread.end();
  }

  /**
   * Ends all workers, and makes the runs that they were at one after another, alone, to name the one that uses too much.
   */
  async #findMemory(): Promise<void> {
    const { jobs, limits, from } = this.#options;
    const ended: [number, Thread<WorkerReport>][] = [];
    for (const [index, slot] of this.#slots.entries()) {
      if (slot.thread === undefined || slot.ending !== undefined) continue;
      ended.push([index, slot.thread]);
      this.#end(index, slot, 'memory');
    }
    await Promise.all(ended.map(([, thread]) => thread.over));
    for (const [index] of ended) {
      const suspect = this.#board.current(index);
      const alone =
        suspect === undefined
          ? undefined
          : await runAlone(from + suspect, this.#aloneOptions(heldBytesMax(heldBytes(), 1, limits)));
      if (suspect === undefined || this.#interrupted.signal.aborted) continue;
      this.#tell(alone?.run ?? overMemory(from + suspect, limits));
    }
    // What the process does not give back counts as held at rest.
    this.#heldMax = Math.max(this.#heldMax, heldBytesMax(heldBytes(), jobs, limits));
  }

  #aloneOptions(heldMax = this.#heldMax): AloneOptions {
    const { source, world, worker, limits } = this.#options;
    return { source, world, worker, limits, heldMax, signal: this.#interrupted.signal };
  }

  #tell(run: RunResult): void {
    const tally = emptyTally();
    addRun(tally, run);
    this.#options.onReport({ tally, fingerprints: [], witnesses: [] });
  }
}
