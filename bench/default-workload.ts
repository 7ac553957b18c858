/**
 * The committed default workload on one core, with digest and all invariants on; beside it the same operations on the
 * bare control plane, which shows what a run costs above what it simulates. Both are measured as the command makes the
 * runs of a sweep: in one worker thread under the limits of a sweep's workers, in a process like the one that it starts
 * for them, and nothing else runs meanwhile.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { meshWorld } from '../sim/mesh/world.ts';
import { runScenario } from '../sim/scenario/run.ts';
import { WORKER_LIMITS } from '../sim/sweep/pool.ts';
import { runBare } from './bare-run.ts';
import { fromHost, inHost } from './command.ts';
import type { Figure } from './figure.ts';
import { inTurn, medianMs, ratio } from './rounds.ts';
import { type MeshScenario, numbersOf, readWorkload } from './workload.ts';

/** The name of the workload's files. */
export const DEFAULT_WORKLOAD = 'default';

const SIMULATED = 'default workload';
const BARE = 'the bare control plane';

/** What the worker is started with. */
const TASK = 'measure the default workload';

export function benchDefaultWorkload(): Promise<readonly Figure[]> {
  return fromHost(import.meta.url, []);
}

function inWorker(): Promise<readonly Figure[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: TASK, resourceLimits: WORKER_LIMITS });
    worker.on('message', (figures: readonly Figure[]) => resolve(figures));
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`the worker exited with code ${code} before it had measured`)));
  });
}

async function measure(): Promise<readonly Figure[]> {
  const scenarios = readWorkload(DEFAULT_WORKLOAD);
  const { operations } = numbersOf(scenarios);
  let events = 0;
  const times = await inTurn(
    [
      {
        name: SIMULATED,
        run: async () => {
          events = await simulateAll(scenarios);
        },
      },
      {
        name: BARE,
        run: async () => {
          for (const scenario of scenarios) await runBare(scenario);
        },
      },
    ],
    { warmUps: 12, rounds: 15 },
  );
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

/** Gives how many events there were. */
async function simulateAll(scenarios: readonly MeshScenario[]): Promise<number> {
  let events = 0;
  for (const scenario of scenarios) {
    const run = await runScenario(meshWorld, scenario);
    if (run.verdict !== 'held') throw new Error(`${scenario.name} came to ${run.verdict}: ${run.problem ?? ''}`);
    events += run.events;
  }
  return events;
}

if (isMainThread) await inHost(import.meta.url, inWorker);
else if (workerData === TASK) parentPort?.postMessage(await measure());
