/**
 * A thread of a sweep. It loads the world, takes seeds from the board until none are left or it is told to stop, and
 * reports in batches. It receives no messages. Alternatively it makes a few given runs, the first of which meets nothing
 * that others left behind.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import type { RunOptions, RunResult } from '../../scenario/run/result.ts';
import { type Witness, witnessOf } from '../checks/witness.ts';
import type { Fingerprint } from '../counts/behaviours.ts';
import { fingerprinter } from '../counts/fingerprint.ts';
import type { Tally } from '../counts/tally.ts';
import { addRun, emptyTally } from '../counts/tally.ts';
import type { Source } from '../source.ts';
import { loadWorld, runSeed } from '../source.ts';
import { BATCH_MAX, Board } from './board.ts';

/** What a worker is given. */
export type WorkerTask = ManyRuns | FewRuns;

export interface ManyRuns {
  readonly kind: 'many';
  readonly source: Source;
  readonly board: SharedArrayBuffer;
  readonly slot: number;
  /** Seed of index 0. */
  readonly from: bigint;
  /** Indexes end before it. */
  readonly limit: bigint;
  /** Indexes to run before any of the board's: what another worker could not finish. */
  readonly again: readonly bigint[];
}

export interface FewRuns {
  readonly kind: 'few';
  readonly source: Source;
  readonly seeds: readonly bigint[];
  /** Whether to find which run left behind what throws later. */
  readonly traced: boolean;
}

/** What a worker reports: what its runs since the last report came to, and that it has no more. */
export type WorkerReport = RunsReport | 'done';

export interface RunsReport {
  /** Number of runs begun so far, all of which are reported now. */
  readonly begun: number;
  readonly tally: Tally;
  /** Of the runs that came to their end. */
  readonly fingerprints: readonly Fingerprint[];
  /** Of the runs that may be made again. */
  readonly witnesses: readonly Witness[];
}

/**
 * What a worker with a few runs reports: that it begins one, what it came to, and what was thrown by something that a run
 * left behind.
 */
export type FewReport = 'begun' | RunResult | Late;

export interface Late {
  readonly lateOf: bigint;
  readonly error: Error;
}

/** The thread that started this one watches for loops. */
const WATCHED: RunOptions = { segmentMs: Number.POSITIVE_INFINITY };
/** A batch is reported after this long at the latest, so that progress is seen. */
const BATCH_MS = 200;

async function work(task: ManyRuns, report: (report: WorkerReport) => void): Promise<void> {
  const world = await loadWorld(task.source.world);
  const board = new Board(task.board);
  const again = [...task.again];
  const fingerprint = fingerprinter(world);
  let tally = emptyTally();
  let fingerprints: Fingerprint[] = [];
  let witnesses: Witness[] = [];
  let since = performance.now();
  const send = (): void => {
    if (tally.runs === 0) return;
    report({ begun: board.begun(task.slot), tally, fingerprints, witnesses });
    tally = emptyTally();
    fingerprints = [];
    witnesses = [];
    since = performance.now();
  };
  for (;;) {
    const repeated = again.shift();
    const index = repeated ?? (board.stopped ? undefined : board.next(task.limit));
    if (index === undefined) break;
    if (index === 'gate') {
      send();
      board.waitAtGate();
      continue;
    }
    board.begin(task.slot, index);
    const run = await runSeed(world, task.source, task.from + index, WATCHED);
    board.end(task.slot);
    addRun(tally, run);
    const shown = fingerprint(run);
    if (shown !== null) fingerprints.push({ run: Number(index), shown });
    const witness = witnessOf(index, run);
    if (witness !== undefined) witnesses.push(witness);
    // A thread that always fails at the same place must still report one run more each time.
    const soon = repeated !== undefined || run.verdict !== 'held';
    if (soon || tally.runs === BATCH_MAX || performance.now() - since >= BATCH_MS) send();
  }
  send();
  report('done');
}

/** Does not end the thread: what the runs left behind may still throw. */
async function workFew({ source, seeds, traced }: FewRuns, tell: (report: FewReport) => void): Promise<void> {
  const under = traced ? tracing(tell) : <Result>(_: bigint, act: () => Result): Result => act();
  const world = await loadWorld(source.world);
  for (const seed of seeds) {
    tell('begun');
    tell(await under(seed, () => runSeed(world, source, seed, WATCHED)));
  }
}

/** Makes Node remember which run started what. This costs too much to do it for every run. */
function tracing(tell: (late: Late) => void): <Result>(seed: bigint, act: () => Result) => Result {
  const whose = new AsyncLocalStorage<bigint>();
  process.on('uncaughtException', (thrown) => {
    const seed = whose.getStore();
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (seed === undefined) throw error;
    tell({ lateOf: seed, error });
  });
  return (seed, act) => whose.run(seed, act);
}

const port = parentPort;
if (port !== null) {
  const task: WorkerTask = workerData;
  if (task.kind === 'few') await workFew(task, (report) => port.postMessage(report));
  else await work(task, (report) => port.postMessage(report));
}
