/**
 * How much memory a sweep takes at its peak, and that this does not grow with the number of runs. A peak is that of a whole
 * process, so each sweep runs in a process of its own, started as the command starts the one its workers run in.
 */
import { availableParallelism } from 'node:os';
import { meshWorld } from '../mesh/world.ts';
import type { Source } from '../sim/sweep/source.ts';
import { sweep } from '../sim/sweep/sweep.ts';
import { beside } from '../sim/sweep/workers/beside.ts';
import { fromHost, inHost } from './command.ts';
import type { Figure } from './figure.ts';
import { median } from './rounds.ts';

const FEW = 10_000;
const MANY = 100_000;
/** The peak of one short sweep differs from that of the next by a tenth, so the median of a few counts. */
const SHORT_SWEEPS = 3;

const DEFAULT_RUNS: Source = {
  world: { module: beside(import.meta.url, '../mesh/world').href, name: 'meshWorld' },
  profile: 'swarm',
  semantics: 'strict',
};

export async function benchMemory(): Promise<readonly Figure[]> {
  const peaks: number[] = [];
  while (peaks.length < SHORT_SWEEPS) peaks.push(await peakKilobytes(FEW));
  const few = median(peaks);
  const many = await peakKilobytes(MANY);
  const peer = 'a sweep of 10,000 runs';
  return [
    {
      name: 'peak memory of a sweep of 100,000 runs',
      value: many / 1024,
      unit: 'MiB',
      against: { [peer]: few / many },
      target: { against: { [peer]: 1 / 1.2 } },
    },
  ];
}

function peakKilobytes(runs: number): Promise<number> {
  return fromHost(import.meta.url, [String(runs)]);
}

/** Sweeps the first seeds. Throws unless all of them ran and held. */
async function sweepHeld(runs: number): Promise<void> {
  const jobs = availableParallelism();
  const result = await sweep({ source: DEFAULT_RUNS, world: meshWorld, from: 1n, runs, jobs });
  const unfinished = result.runs !== runs || result.failed > 0 || result.problems.length > 0;
  if (unfinished) throw new Error(`of ${runs} runs ${result.runs} ended and ${result.failed} did not hold`);
}

await inHost(import.meta.url, async ([runs]) => {
  await sweepHeld(Number(runs));
  return process.resourceUsage().maxRSS;
});
