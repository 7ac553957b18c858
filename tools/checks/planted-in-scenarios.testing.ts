/** For each committed scenario that holds: the bug that it is kept for, and what the scenario comes to beside that bug. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Checkout, ownRoot } from '../../sim/mutants/checkout.ts';
import type { Mutant } from '../../sim/mutants/mutant.ts';
import { readMutant } from '../../sim/mutants/read.ts';
import { readScenario } from '../../sim/scenario/file/read.ts';
import { loadWorld } from '../../sim/sweep/source.ts';
import { beside } from '../../sim/sweep/workers/beside.ts';
import { SCENARIOS } from '../build/scenario-digests.ts';

type Bug = Pick<Mutant, 'file' | 'find' | 'replace'>;

/** Bugs that are not among the mutants. */
const APART: Readonly<Record<string, Bug>> = {
  'a replaced backend has died': {
    file: 'src/broadcast/broadcaster.ts',
    find: 'return this.#registry.register(key, endpoint, live);',
    replace: `const replaced = this.#registry.register(key, endpoint, live);
    if (replaced !== null) this.#inFlight?.died(replaced);
    return replaced;`,
  },
  'a ring is full with one place left': {
    file: 'src/ring/bounded-ring.ts',
    find: 'if (this.#slots.length < this.capacity) {',
    replace: 'if (this.#slots.length < Math.max(1, this.capacity - 1)) {',
  },
  'gated actions have numbers of their own': {
    file: 'src/executor/outcome-recorder.ts',
    find: 'const recordedAtMs = this.#recordFailure(pending, ringReason);',
    replace: `this.#lastSeq = BigInt(this.counters.gated - 1);
    const recordedAtMs = this.#recordFailure(pending, ringReason);`,
  },
};

/** What each was kept for. */
export const BUGS: Readonly<Record<string, string>> = {
  'edges/answer-at-the-deadline': 'broadcast-deadline-excluded',
  'edges/backend-replaced-in-flight': 'a replaced backend has died',
  'edges/clock-jumps-back-before-record': 'executor-emitted-when-submitted',
  'edges/crash-between-append-and-sync': 'fold-restart-misses-newest',
  'edges/rings-at-exact-capacity': 'a ring is full with one place left',
  'fixed-in-net-mesh/appender-fails-on-every-call': 'executor-append-error-stops',
  'fixed-in-net-mesh/backpressure-released-without-traffic': 'executor-no-reevaluation',
  'fixed-in-net-mesh/capacity-zero': 'ring-capacity-zero',
  'fixed-in-net-mesh/dispatcher-throws': 'executor-dispatch-throw-ends',
  'fixed-in-net-mesh/failed-dispatch-gives-back': 'executor-no-release',
  'fixed-in-net-mesh/failure-seqs-of-two-sources': 'gated actions have numbers of their own',
  'fixed-in-net-mesh/full-queue-is-counted': 'loop-full-queue-silent',
  'fixed-in-net-mesh/one-of-two-at-once-fails': 'admission-same-instant-slots',
  'fixed-in-net-mesh/peer-on-another-wire-version': 'wire-version-unchecked',
  'fixed-in-net-mesh/retries-for-ever': 'executor-retries-for-ever',
  'fixed-in-net-mesh/retry-storm-bounded-appender': 'appender-unbounded',
  'known-in-net-mesh-0.21.0/deferred-at-close-strict': 'executor-close-loses-deferred',
  'known-in-net-mesh-0.21.0/equal-deadlines-strict': 'executor-equal-deadlines',
  'known-in-net-mesh-0.21.0/hook-throws-strict': 'executor-hook-throw-ends',
  'known-in-net-mesh-0.21.0/retried-attempts-strict': 'executor-retries-off-ring',
  'known-in-net-mesh-0.21.0/ring-wording-strict': 'executor-ring-wording',
};

const checkout = new Checkout(ownRoot());

function mutantOf(bug: string): Mutant {
  const apart = APART[bug];
  if (apart === undefined) return readMutant(join(checkout.root, 'mutants', `${bug}.yaml`));
  const detector = { kind: 'conform' } as const;
  return { ...apart, id: 'apart', title: bug, why: '', origin: '', historic: false, smoke: false, detector };
}

const world = await loadWorld({ module: beside(import.meta.url, '../../mesh/world').href, name: 'meshWorld' });

/** Loads only what a run needs, in a thread: a command takes several times as long to start. */
const WORKER = `
  const { parentPort, workerData: { build, scenario } } = require('node:worker_threads');
  const load = (path) => import(new URL(path, build).href);
  Promise.all([load('mesh/world.js'), load('sim/scenario/run/run.js'), load('sim/scenario/verdict.js')]).then(
    async ([{ meshWorld }, { runScenario }, { verdictOn }]) =>
      parentPort.postMessage(verdictOn(scenario, await runScenario(meshWorld, scenario)).verdict),
  );
`;

function verdictBeside(build: string, scenario: object): Promise<unknown> {
  const workerData = { build: pathToFileURL(join(build, '/')).href, scenario };
  const worker = new Worker(WORKER, { eval: true, workerData });
  return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
}

/**
 * What a committed scenario comes to beside a bug that is planted in a copy of the build. If its file is wrong, what is
 * wrong.
 */
export async function besideBug(name: string, bug: string): Promise<unknown> {
  const read = await readScenario(world, join(SCENARIOS, `${name}.yaml`));
  if (!read.ok) return read.mistakes;
  const scratch = checkout.plant(mutantOf(bug));
  try {
    return await verdictBeside(scratch.build, read.scenario);
  } finally {
    scratch.remove();
  }
}
