/**
 * The committed default workload on one core, with digest and all invariants on, and beside it the same operations on the
 * bare control plane, which shows what a run costs above what it simulates. Both are measured as the command makes the runs
 * of a sweep: in a process like the one it starts for them, under the limits of a sweep's workers. Each has a worker thread
 * of its own, because what the engine learns of `src/` from one does not help the other, and a sweep makes runs of one kind
 * only. They take turns, and nothing else runs meanwhile.
 */
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { meshWorld } from '../mesh/world.ts';
import { runScenario } from '../sim/scenario/run/run.ts';
import { WORKER_LIMITS } from '../sim/sweep/workers/thread.ts';
import { runBare } from './bare-run.ts';
import { fromHost, inHost } from './command.ts';
import type { Figure } from './figure.ts';
import { type Contestant, inTurn, medianMs, ratio } from './rounds.ts';
import { type MeshScenario, numbersOf, readWorkload } from './workload.ts';

/** The name of the workload's files. */
export const DEFAULT_WORKLOAD = 'default';

const SIMULATED = 'default workload';
const BARE = 'the bare control plane';

/** The engine goes on compiling for some 25 rounds. */
const ROUNDS = { warmUps: 30, rounds: 15 } as const;

export function benchDefaultWorkload(): Promise<readonly Figure[]> {
  return fromHost(import.meta.url, []);
}

/** A worker that goes through the whole workload once for every message, and answers with the number of events. */
class WorkloadWorker implements Contestant {
  readonly name: string;
  /** Number of events of the latest round. */
  events = 0;
  readonly #worker: Worker;

  constructor(name: string) {
    this.name = name;
    this.#worker = new Worker(new URL(import.meta.url), { workerData: name, resourceLimits: WORKER_LIMITS });
  }

  async run(): Promise<void> {
    this.#worker.postMessage('round');
    [this.events] = await once(this.#worker, 'message');
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

async function measure(): Promise<readonly Figure[]> {
  const scenarios = readWorkload(DEFAULT_WORKLOAD);
  const { operations } = numbersOf(scenarios);
  const simulated = new WorkloadWorker(SIMULATED);
  const bare = new WorkloadWorker(BARE);
  const times = await inTurn([simulated, bare], ROUNDS);
  await Promise.all([simulated.end(), bare.end()]);
  const { events } = simulated;
  const seconds = medianMs(times, SIMULATED) / 1000;
  const bareSeconds = medianMs(times, BARE) / 1000;
  return [
    { name: SIMULATED, value: events / seconds, unit: 'events/s', against: {}, target: { atLeast: 1_000_000 } },
    {
      name: `${SIMULATED}, operations`,
      value: operations / seconds,
      unit: 'operations/s',
      against: { [BARE]: ratio(times, SIMULATED, BARE) },
    },
    { name: `${SIMULATED}, runs`, value: scenarios.length / seconds, unit: 'runs/s', against: {} },
    { name: `${SIMULATED} on ${BARE}`, value: operations / bareSeconds, unit: 'operations/s', against: {} },
  ];
}

/** Returns the number of events. */
async function simulateAll(scenarios: readonly MeshScenario[]): Promise<number> {
  let events = 0;
  for (const scenario of scenarios) {
    const run = await runScenario(meshWorld, scenario);
    if (run.verdict !== 'held') throw new Error(`${scenario.name} came to ${run.verdict}: ${run.problem ?? ''}`);
    events += run.events;
  }
  return events;
}

/** Throws unless every operation has been carried out. The bare control plane has no events. */
async function runAllBare(scenarios: readonly MeshScenario[]): Promise<number> {
  for (const scenario of scenarios) await runBare(scenario);
  return 0;
}

function serve(): void {
  const scenarios = readWorkload(DEFAULT_WORKLOAD);
  const runAll = workerData === SIMULATED ? simulateAll : runAllBare;
  parentPort?.on('message', async () => parentPort?.postMessage(await runAll(scenarios)));
}

if (isMainThread) await inHost(import.meta.url, measure);
else if (workerData === SIMULATED || workerData === BARE) serve();
