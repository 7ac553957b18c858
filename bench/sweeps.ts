/** Sweeps as a user makes them: what a second core gains, and how long ten thousand runs take. */
import { commandSweeps } from './command.ts';
import type { Figure } from './figure.ts';
import { type Contestant, inTurn, medianMs, ratio } from './rounds.ts';

/** Enough that starting and warming up the command and its workers is a small part. */
const RUNS_OF_ROUND = 5_000;
const RUNS_OF_SWEEP = 10_000;
const ONE = 'one worker';
const TWO = 'sweep with two workers';

export async function benchWorkers(): Promise<readonly Figure[]> {
  const contestant = (name: string, jobs: number): Contestant => ({
    name,
    run: () => commandSweeps(RUNS_OF_ROUND, jobs),
  });
  // Each sweep has a process of its own, so no earlier round warms it up.
  const times = await inTurn([contestant(ONE, 1), contestant(TWO, 2)], { warmUps: 0, rounds: 3 });
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
  const beganMs = performance.now();
  await commandSweeps(RUNS_OF_SWEEP, 2);
  const seconds = (performance.now() - beganMs) / 1000;
  return [{ name: '10,000 default runs on 2 cores', value: seconds, unit: 's', against: {}, target: { atMost: 45 } }];
}
