/** Sweeps as a user runs them, from the generator on: what a second core brings, and how long ten thousand runs take. */
import { meshWorld } from '../sim/mesh/world.ts';
import { beside, type Source } from '../sim/sweep/source.ts';
import { type SweepResult, sweep } from '../sim/sweep/sweep.ts';
import type { Figure } from './figure.ts';
import { inTurn, medianMs, ratio } from './rounds.ts';

/** Enough that starting a worker, and its warming up, is a small part. */
const RUNS_OF_ROUND = 2_000;
const RUNS_OF_SWEEP = 10_000;
const ONE = 'one worker';
const TWO = 'sweep with two workers';

const DEFAULT_RUNS: Source = {
  world: { module: beside(import.meta.url, '../sim/mesh/world').href, name: 'meshWorld' },
  profile: 'swarm',
  semantics: 'strict',
};

export async function benchWorkers(): Promise<readonly Figure[]> {
  const contestant = (name: string, jobs: number) => ({
    name,
    run: async () => {
      await sweepHeld(RUNS_OF_ROUND, jobs);
    },
  });
  const times = await inTurn([contestant(ONE, 1), contestant(TWO, 2)], { warmUps: 1, rounds: 3 });
  return [
    {
      name: TWO,
      value: RUNS_OF_ROUND / (medianMs(times, TWO) / 1000),
      unit: 'runs/s',
      against: { [ONE]: ratio(times, TWO, ONE) },
      target: { against: { [ONE]: 1.6 } },
    },
  ];
}

export async function benchTenThousand(): Promise<readonly Figure[]> {
  const { seconds } = await sweepHeld(RUNS_OF_SWEEP, 2);
  return [{ name: '10,000 default runs on 2 cores', value: seconds, unit: 's', against: {}, target: { atMost: 45 } }];
}

/** Sweeps the first seeds; throws unless all of them ran and held. */
export async function sweepHeld(runs: number, jobs: number): Promise<SweepResult> {
  const result = await sweep({ source: DEFAULT_RUNS, world: meshWorld, from: 1n, runs, jobs });
  const unfinished = result.runs !== runs || result.failed > 0 || result.problems.length > 0;
  if (unfinished) throw new Error(`of ${runs} runs ${result.runs} ended and ${result.failed} did not hold`);
  return result;
}
