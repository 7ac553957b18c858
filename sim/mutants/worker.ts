/** The thread that runs a build with a bug in it. It belongs to that build: what it imports has the bug. */
import { Session } from 'node:inspector/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { RunResult } from '../scenario/run/result.ts';
import { shrink } from '../shrink/shrink.ts';
import { loadWorld, runSeed } from '../sweep/source.ts';
import type { World } from '../world.ts';
import { reachedOffset } from './coverage.ts';
import type { Answer, ProbedRun, ShrunkRun, Sighting, Task, Trial } from './trial.ts';

async function work(task: Task, answer: (answer: Answer) => void): Promise<void> {
  switch (task.kind) {
    case 'trials': {
      const world = await loadWorld(task.source.world);
      for (const from of task.starts) answer({ kind: 'trial', trial: await trial(world, task, from, answer) });
      return;
    }
    case 'probe':
      answer({ kind: 'probed', runs: await probe(task, answer) });
      return;
    case 'shrink': {
      const run = await shrunk(task);
      if (run !== null) answer({ kind: 'shrunk', run });
    }
  }
}

async function shrunk({
  source,
  seed,
  invariant,
  wallMs,
}: Extract<Task, { kind: 'shrink' }>): Promise<ShrunkRun | null> {
  const world = await loadWorld(source.world);
  const untilMs = performance.now() + wallMs;
  const found = await shrink(world, world.generate(seed, source.profile, source.semantics), {
    invariant,
    maxEvents: source.maxEvents,
    outOfTime: () => performance.now() > untilMs,
  });
  return found === null ? null : { seed, invariant, from: found.from, to: found.to, minimal: found.minimal };
}

async function trial(
  world: World,
  { source, runsMax }: Extract<Task, { kind: 'trials' }>,
  from: bigint,
  answer: (answer: Answer) => void,
): Promise<Trial> {
  let events = 0;
  let troubles = 0;
  let trouble: string | null = null;
  for (let runs = 1; runs <= runsMax; runs += 1) {
    const seed = from + BigInt(runs - 1);
    answer({ kind: 'run', seed });
    const run = await runSeed(world, source, seed);
    const seen = earliest(run);
    if (seen !== null) {
      return { from, runs, events: events + (run.violations[0]?.event ?? 0), seen, troubles, trouble };
    }
    events += run.events;
    if (run.verdict === 'held') continue;
    troubles += 1;
    trouble ??= `${run.verdict}: ${run.problem ?? ''}`;
  }
  return { from, runs: runsMax, events, seen: null, troubles, trouble };
}

function earliest({ seed, violations }: RunResult): Sighting | null {
  const [first] = violations;
  if (first === undefined) return null;
  const together = violations.filter(({ event }) => event === first.event).map(({ invariant }) => invariant);
  return { seed, first: together, atMs: first.atMs, message: first.message };
}

async function probe(
  { source, from, runs, planted }: Extract<Task, { kind: 'probe' }>,
  answer: (answer: Answer) => void,
): Promise<readonly ProbedRun[]> {
  const session = new Session();
  session.connect();
  if (planted !== undefined) {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }
  const world = await loadWorld(source.world);
  const probed: ProbedRun[] = [];
  for (let nth = 0; nth < runs; nth += 1) {
    const seed = from + BigInt(nth);
    answer({ kind: 'run', seed });
    const { digest, verdict } = await runSeed(world, source, seed);
    const reached =
      planted !== undefined &&
      reachedOffset((await session.post('Profiler.takePreciseCoverage')).result, planted.url, planted.offset);
    probed.push({ reached, digest: `${verdict} ${digest}` });
  }
  session.disconnect();
  return probed;
}

const port = parentPort;
if (port !== null) {
  const task: Task = workerData;
  await work(task, (answer) => port.postMessage(answer));
}
