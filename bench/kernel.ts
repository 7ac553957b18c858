/**
 * The kernel alone, against other ways to run tasks on a clock of their own: 100 tasks of 200 sleeps, no trace. The peers
 * are fast-check's scheduler, which only orders and has no time, and fake timers, which have only time.
 */
import { withGlobal } from '@sinonjs/fake-timers';
import fc from 'fast-check';
import { SeededChooser } from '../sim/kernel/choices/chooser.ts';
import type { Drain } from '../sim/kernel/drain.ts';
import { Kernel } from '../sim/kernel/kernel.ts';
import type { Figure } from './figure.ts';
import { type Contestant, inTurn, medianMs, ratio } from './rounds.ts';

export const TASKS = 100;
export const SLEEPS = 200;
/** Decides the order of tasks that are due together, for the kernel and for fast-check. */
const SEED = 42;
const OURS = 'kernel, 100 tasks × 200 sleeps';
const OURS_DOCUMENTED = 'kernel, the same by documented means';
const WAIT_IDLE = 'fast-check waitIdle';
const WAIT_ALL = 'fast-check waitAll (deprecated)';
const FAKE_TIMERS = 'fake-timers runAllAsync';

export async function benchKernel(): Promise<readonly Figure[]> {
  const contestants: readonly Contestant[] = [
    kernelContestant(OURS, 'auto'),
    kernelContestant(OURS_DOCUMENTED, 'documented'),
    fastCheckContestant(WAIT_IDLE, (scheduler) => scheduler.waitIdle()),
    fastCheckContestant(WAIT_ALL, (scheduler) => scheduler.waitAll()),
    fakeTimersContestant(FAKE_TIMERS),
  ];
  const times = await inTurn(contestants, { warmUps: 15, rounds: 31 });
  const figure = (name: string): Figure => ({
    name,
    value: (TASKS * SLEEPS) / (medianMs(times, name) / 1000),
    unit: 'sleeps/s',
    against: Object.fromEntries([WAIT_IDLE, WAIT_ALL, FAKE_TIMERS].map((peer) => [peer, ratio(times, name, peer)])),
  });
  return [
    { ...figure(OURS), target: { against: { [WAIT_IDLE]: 8, [WAIT_ALL]: 1.8, [FAKE_TIMERS]: 6 } } },
    figure(OURS_DOCUMENTED),
  ];
}

/** How long a task's sleep is: spread over 50 ms, so that a few tasks are due at every instant. */
export function sleepMs(task: number, sleep: number): number {
  return 1 + ((task * 7 + sleep * 13) % 50);
}

/** The work, whatever a sleep is made of. Returns how many sleeps have ended. */
export function sleepers(sleep: (ms: number) => Promise<unknown>): {
  readonly bodies: readonly (() => Promise<void>)[];
  readonly slept: () => number;
} {
  let slept = 0;
  const body = (task: number) => async (): Promise<void> => {
    for (let i = 0; i < SLEEPS; i += 1) {
      await sleep(sleepMs(task, i));
      slept += 1;
    }
  };
  return { bodies: Array.from({ length: TASKS }, (_, task) => body(task)), slept: () => slept };
}

export function assertDone(slept: number): void {
  if (slept !== TASKS * SLEEPS) throw new Error(`${slept} of ${TASKS * SLEEPS} sleeps ended`);
}

function kernelContestant(name: string, drain: Drain | 'auto'): Contestant {
  return {
    name,
    run: async () => {
      const kernel = new Kernel({ chooser: new SeededChooser(BigInt(SEED)), drain });
      const group = kernel.root.child('bench');
      const { bodies, slept } = sleepers((ms) => group.sleep(ms));
      for (const body of bodies) group.spawn('sleeper', body);
      const end = await kernel.run();
      if (end.kind !== 'idle' || kernel.unfinished().length > 0) throw new Error(`the run ended as ${end.kind}`);
      assertDone(slept());
    },
  };
}

function fastCheckContestant(name: string, drive: (scheduler: fc.Scheduler) => Promise<void>): Contestant {
  return {
    name,
    run: async () => {
      const [scheduler] = fc.sample(fc.scheduler(), { numRuns: 1, seed: SEED });
      if (scheduler === undefined) throw new Error('fast-check gave no scheduler');
      const { bodies, slept } = sleepers(() => scheduler.schedule(Promise.resolve()));
      const all = Promise.all(bodies.map((body) => body()));
      await drive(scheduler);
      assertDone(slept());
      await all;
    },
  };
}

function fakeTimersContestant(name: string): Contestant {
  const timers = withGlobal(globalThis);
  return {
    name,
    run: async () => {
      const clock = timers.createClock(0, 2 * TASKS * SLEEPS);
      const { bodies, slept } = sleepers((ms) => new Promise((resolve) => clock.setTimeout(resolve, ms)));
      const all = Promise.all(bodies.map((body) => body()));
      await clock.runAllAsync();
      assertDone(slept());
      await all;
    },
  };
}
