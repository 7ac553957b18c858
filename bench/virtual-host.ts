/**
 * The cost of running foreign code: the timers of a virtual host, and following every promise, against the kernel's own
 * sleeps where nothing is followed.
 */
import { setTimeout as sleepOfNode } from 'node:timers/promises';
import { SeededChooser } from '../sim/kernel/choices/chooser.ts';
import { Kernel, type KernelOptions } from '../sim/kernel/kernel.ts';
import type { Group } from '../sim/kernel/tasks/group.ts';
import type { Figure } from './figure.ts';
import { assertDone, SLEEPS, sleepers, sleepMs, TASKS } from './kernel.ts';
import { type Contestant, inTurn, medianMs, ratio } from './rounds.ts';

const AWAITS = 100;

/** One task's work. It counts what it has done. */
type Work = (group: Group, task: number, done: () => void) => Promise<void>;

const SLEEPING = "the kernel's sleeps";
const SLEEPING_FOLLOWED = "the kernel's sleeps, promises followed";
const CALLBACKS = 'callbacks of setTimeout';
const CALLBACKS_UNFOLLOWED = 'callbacks of setTimeout, promises not followed';
const PROMISED = 'awaits of a promised timer';
const PROMISED_UNFOLLOWED = 'awaits of a promised timer, promises not followed';
const AWAITING = 'bare awaits';
const AWAITING_FOLLOWED = 'bare awaits, promises followed';

const sleeping: Work = (group, task, done) => {
  const [body] = sleepers((ms) => group.sleep(ms)).bodies.slice(task);
  return body === undefined ? Promise.resolve() : body().then(() => done());
};

const callbacks: Work = async (_group, task, done) => {
  let called = 0;
  const next = (): void => {
    called += 1;
    if (called <= SLEEPS) setTimeout(next, sleepMs(task, called - 1));
    else done();
  };
  next();
};

const promised: Work = async (_group, task, done) => {
  for (let i = 0; i < SLEEPS; i += 1) await sleepOfNode(sleepMs(task, i));
  done();
};

const awaiting: Work = async (group, task, done) => {
  for (let i = 0; i < SLEEPS; i += 1) {
    if (i % AWAITS === 0) await group.sleep(sleepMs(task, i));
    await undefined;
  }
  done();
};

export async function benchVirtualHost(): Promise<readonly Figure[]> {
  const contestants: readonly Contestant[] = [
    contestant(SLEEPING, { ambient: 'forbidden', ownership: 'kernel' }, sleeping),
    contestant(SLEEPING_FOLLOWED, { ambient: 'forbidden', ownership: 'awaiter' }, sleeping),
    contestant(CALLBACKS, { ambient: 'virtual', ownership: 'awaiter' }, callbacks),
    contestant(CALLBACKS_UNFOLLOWED, { ambient: 'virtual', ownership: 'kernel' }, callbacks),
    contestant(PROMISED, { ambient: 'virtual', ownership: 'awaiter' }, promised),
    contestant(PROMISED_UNFOLLOWED, { ambient: 'virtual', ownership: 'kernel' }, promised),
    contestant(AWAITING, { ambient: 'forbidden', ownership: 'kernel' }, awaiting),
    contestant(AWAITING_FOLLOWED, { ambient: 'forbidden', ownership: 'awaiter' }, awaiting),
  ];
  const times = await inTurn(contestants, { warmUps: 10, rounds: 31 });
  const figure = (name: string, peer: string, atLeast?: number): Figure => ({
    name,
    value: (TASKS * SLEEPS) / (medianMs(times, name) / 1000),
    unit: '/s',
    against: { [peer]: ratio(times, name, peer) },
    ...(atLeast === undefined ? {} : { target: { against: { [peer]: atLeast } } }),
  });
  return [
    figure(SLEEPING_FOLLOWED, SLEEPING),
    figure(CALLBACKS, SLEEPING, 0.5),
    figure(CALLBACKS_UNFOLLOWED, SLEEPING),
    figure(PROMISED, SLEEPING, 0.3),
    figure(PROMISED_UNFOLLOWED, SLEEPING),
    figure(AWAITING_FOLLOWED, AWAITING),
  ];
}

function contestant(name: string, options: Omit<KernelOptions, 'chooser'>, work: Work): Contestant {
  return {
    name,
    run: async () => {
      const kernel = new Kernel({ ...options, chooser: new SeededChooser(42n) });
      const group = kernel.root.child('bench');
      let ended = 0;
      for (let task = 0; task < TASKS; task += 1) {
        group.spawn('worker', () =>
          work(group, task, () => {
            ended += 1;
          }),
        );
      }
      const end = await kernel.run();
      if (end.kind !== 'idle') throw new Error(`the run ended as ${end.kind}`);
      assertDone(ended * SLEEPS);
    },
  };
}
