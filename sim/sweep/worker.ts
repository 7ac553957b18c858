/**
 * A thread of a sweep: loads the world, takes seeds from the board until none are left or it is told to stop, and reports
 * in batches. It is told nothing by message.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Print } from './behaviours.ts';
import { BATCH_MAX, Board } from './board.ts';
import { fingerprinter } from './fingerprint.ts';
import type { Source } from './source.ts';
import { loadWorld, runSeed } from './source.ts';
import type { Tally } from './tally.ts';
import { addRun, emptyTally } from './tally.ts';

/** What a worker is given. */
export interface WorkerTask {
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

/** What a worker says: what its runs since the last time came to, and that it has no more. */
export type WorkerReport = RunsReport | 'done';

export interface RunsReport {
  readonly tally: Tally;
  /** Of those of the runs that came to their end. */
  readonly prints: readonly Print[];
}

/** A batch is reported at latest after so long, so that progress is seen. */
const BATCH_MS = 200;

async function work(task: WorkerTask, report: (report: WorkerReport) => void): Promise<void> {
  const world = await loadWorld(task.source.world);
  const board = new Board(task.board);
  const again = [...task.again];
  const fingerprint = fingerprinter(world);
  let tally = emptyTally();
  let prints: Print[] = [];
  let since = performance.now();
  const send = (): void => {
    if (tally.runs === 0) return;
    report({ tally, prints });
    board.reported(task.slot);
    tally = emptyTally();
    prints = [];
    since = performance.now();
  };
  while (!board.stopped) {
    const index = again.shift() ?? board.next(task.limit);
    if (index === undefined) break;
    if (index === 'gate') {
      send();
      board.waitAtGate();
      continue;
    }
    board.begin(task.slot, index);
    const run = await runSeed(world, task.source, task.from + index);
    board.end(task.slot);
    addRun(tally, run);
    const shown = fingerprint(run);
    if (shown !== null) prints.push({ run: Number(index), shown });
    if (tally.runs === BATCH_MAX || run.verdict !== 'held' || performance.now() - since >= BATCH_MS) send();
  }
  send();
  report('done');
}

const port = parentPort;
if (port !== null) {
  const task: WorkerTask = workerData;
  await work(task, (report) => port.postMessage(report));
}
