/**
 * Many runs: consecutive seeds, over all cores, to one result. The result of the same seeds is the same whatever the number
 * of workers; only its times differ.
 */
import { availableParallelism } from 'node:os';
import type { FaultCount } from '../scenario/run/result.ts';
import { chanceOf, mostWhereNone } from '../statistics/chance.ts';
import type { World } from '../world.ts';
import { recheck } from './checks/recheck.ts';
import { Witnesses } from './checks/witness.ts';
import { Behaviours } from './counts/behaviours.ts';
import { type CoverageFloor, coverageOf } from './counts/coverage.ts';
import { digestText } from './counts/digest-sum.ts';
import { Goals, LOOK_EVERY, type Wanted } from './counts/goals.ts';
import type { Tally } from './counts/tally.ts';
import { addProblem, emptyTally, mergeTally, trim, withdraw } from './counts/tally.ts';
import { ALL_SEEDS, demandPossible } from './demands.ts';
import type { SweepEnd, SweepProgress, SweepResult, ViolationChance } from './result.ts';
import type { Source } from './source.ts';
import { beside } from './workers/beside.ts';
import { limitsFor, RUN_LIMITS, type RunLimits } from './workers/limits.ts';
import { Pool } from './workers/pool.ts';

export interface SweepOptions {
  readonly source: Source;
  /** What the world at that source declares. */
  readonly world: Pick<World, 'semantics' | 'marks' | 'faultKinds' | 'floors' | 'wiring'>;
  readonly from: bigint;
  /** Number of seeds to run. Absent: as many as the time allows. */
  readonly runs?: number | undefined;
  /** Milliseconds of host time after which no further run begins; below 2^31, like every host timer. */
  readonly timeMs?: number | undefined;
  /** Number of worker threads; by default the number of cores. */
  readonly jobs?: number | undefined;
  /** Stops once this many seeds have not held. */
  readonly maxFailures?: number | undefined;
  /** Goes on until these are reached, within `runs` and `timeMs`. */
  readonly until?: Wanted | undefined;
  /** Marks that the sweep must reach to say anything. */
  readonly requiredMarks?: readonly string[] | undefined;
  /** Milliseconds of host time that one run may take. */
  readonly runWallMs?: number | undefined;
  /** Milliseconds of host time that a thread may take to load the world. */
  readonly loadWallMs?: number | undefined;
  /** Megabytes of its thread's heap that one run may take, */
  readonly runHeapMb?: number | undefined;
  /** and megabytes of the process, Buffers and all. */
  readonly runMemoryMb?: number | undefined;
  /** Interrupts the sweep. What was done until then is the result. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SweepProgress) => void) | undefined;
  /** Called about every second with the result so far. */
  readonly onKnown?: ((known: SweepResult) => void) | undefined;
  /** Called ten times a second with the seeds under way. */
  readonly onUnderWay?: ((seeds: readonly bigint[]) => void) | undefined;
  /** Module of the workers; for tests. */
  readonly worker?: URL | undefined;
}

/** How often failing runs are made again, some each time, while some fail in company only. */
const ROUNDS_MAX = 10;
/** How often progress is reported. */
const KNOWN_TICKS = 10;

/** Sweeps. Rejects only if no worker can be started, or with a `RangeError` that names an impossible option. */
export async function sweep(options: SweepOptions): Promise<SweepResult> {
  demandPossible(options);
  const { source, world, from, runs, timeMs, maxFailures, signal, onKnown, onUnderWay } = options;
  const limit = runs === undefined ? ALL_SEEDS - from : BigInt(runs);
  const jobs = Math.min(options.jobs ?? availableParallelism(), Number(limit));
  const limits: RunLimits = {
    wallMs: options.runWallMs ?? RUN_LIMITS.wallMs,
    startMs: options.loadWallMs ?? RUN_LIMITS.startMs,
    heapMb: options.runHeapMb ?? limitsFor(source.maxEvents).heapMb,
    memoryMb: options.runMemoryMb ?? limitsFor(source.maxEvents).memoryMb,
  };
  const worker = options.worker ?? beside(import.meta.url, './workers/worker');
  const total = emptyTally();
  const behaviours = new Behaviours();
  const witnesses = new Witnesses();
  const coverage = (): readonly CoverageFloor[] => coverageOf(options.world, source, total);
  const goals = options.until === undefined ? undefined : new Goals(options.until, { behaviours, coverage });
  let gate = LOOK_EVERY;
  const beganMs = performance.now();
  const seconds = (): number => (performance.now() - beganMs) / 1000;
  let end: SweepEnd = 'complete';
  const result = (): SweepResult => ({
    ...resultOf(options, total, end, seconds()),
    behaviours: behaviours.counts(),
    floors: coverage(),
    ...(goals === undefined ? {} : { goals: goals.told() }),
  });
  let ticks = 0;
  let known = -1;
  const pool = new Pool({
    source,
    world,
    from,
    limit,
    gate: goals === undefined ? undefined : BigInt(gate),
    jobs,
    limits,
    worker,
    onReport: (report) => {
      mergeTally(total, report.tally);
      witnesses.add(report.witnesses);
      for (const fingerprint of report.fingerprints) behaviours.add(fingerprint);
      options.onProgress?.({ runs: total.runs, failed: total.failed, notHeld: total.notHeld, seconds: seconds() });
      if (maxFailures !== undefined && total.notHeld >= maxFailures && end === 'complete') {
        end = 'max-failures';
        pool.stop();
      }
      if (goals === undefined || end !== 'complete' || total.runs < gate) return;
      if (goals.reachedAt(total.runs)) {
        end = 'goals';
        pool.stop();
      } else {
        gate += LOOK_EVERY;
        pool.openTo(BigInt(gate));
      }
    },
    onProblem: (problem) => {
      total.notHeld += 1;
      addProblem(total, problem);
    },
    onTick: (underWay) => {
      onUnderWay?.(underWay);
      ticks += 1;
      if (onKnown === undefined || total.runs === known || ticks % KNOWN_TICKS !== 0) return;
      known = total.runs;
      onKnown(result());
    },
  });
  const timeUp = (): void => {
    if (end === 'complete') end = 'time';
    pool.stopInTime();
  };
  const timer = timeMs === undefined ? undefined : setTimeout(timeUp, timeMs);
  const interrupt = (): void => {
    end = 'interrupted';
    pool.interrupt();
  };
  signal?.addEventListener('abort', interrupt, { once: true });
  if (signal?.aborted === true) interrupt();
  onKnown?.(result());
  try {
    await pool.run();
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', interrupt);
  }
  if (pool.lost && end === 'complete') end = 'lost';
  trim(total);
  onUnderWay?.([]);
  onKnown?.(result());
  let chosen = witnesses.chosen(from, total.runs, total.failures);
  for (let round = 1; chosen.length > 0 && signal?.aborted !== true; round++) {
    const differing = await recheck(chosen, { source, world, from, jobs, limits, worker, signal });
    for (const { witness, problem } of differing) {
      withdraw(total, problem.seed, witness.verdict, witness.digest);
      addProblem(total, problem);
    }
    // Where one that failed is no function of its seed, those that come after it are suspect, too.
    const suspect = round < ROUNDS_MAX && differing.some(({ witness }) => witness.verdict === 'violated');
    chosen = suspect ? witnesses.nextFailed(from, total.failures) : [];
  }
  return result();
}

function resultOf(
  options: SweepOptions,
  total: Tally,
  end: SweepEnd,
  seconds: number,
): Omit<SweepResult, 'behaviours' | 'floors'> {
  const { source, world, from, runs, requiredMarks = [] } = options;
  trim(total);
  const none: FaultCount = { planned: 0, injected: 0 };
  return {
    source,
    from,
    end,
    runs: total.runs,
    cutShort: runs === undefined || end === 'goals' ? 0 : runs - total.runs,
    failed: total.failed,
    failures: total.failures,
    troubles: total.troubles,
    problems: total.problems,
    truncated: total.truncated,
    digest: digestText(total.digest),
    events: total.events,
    operations: total.operations,
    virtualMs: total.virtualMs,
    seconds,
    marks: Object.fromEntries(world.marks.map((mark) => [mark, total.marks.get(mark) ?? 0])),
    markRuns: Object.fromEntries(world.marks.map((mark) => [mark, total.markRuns.get(mark) ?? 0])),
    unmetMarks: requiredMarks.filter((mark) => !total.marks.has(mark)),
    faults: Object.fromEntries(world.faultKinds.map((kind) => [kind, total.faults.get(kind) ?? none])),
    violation: violationChance(total),
  };
}

function violationChance({ decided, failed }: Tally): ViolationChance {
  const chance = failed === 0 ? { estimate: 0, low: 0, high: mostWhereNone(decided) } : chanceOf(failed, decided);
  return { runs: decided, failed, ...chance };
}
