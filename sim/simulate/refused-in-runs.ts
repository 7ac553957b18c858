/**
 * Parts of vitest that wait by the host's clock, or replace it: within a run they would wait for ever, or take the clock from
 * the run. They are refused there by name, and are what they were everywhere else.
 */
import { WorldError } from '../invariant/world-error.ts';
import { segment } from '../kernel/schedule/ambient.ts';
import { part } from './runner-context.ts';

const OF_VI = [
  'waitFor',
  'waitUntil',
  'useFakeTimers',
  'advanceTimersByTime',
  'advanceTimersByTimeAsync',
  'runAllTimers',
];
const ADVICE: Readonly<Record<string, string>> = {
  poll: 'sim.eventually looks again and again, by virtual time',
  waitFor: 'sim.eventually looks again and again, by virtual time',
  waitUntil: 'sim.eventually looks again and again, by virtual time',
};
const CLOCK = 'a run has a virtual clock of its own: sim.sleep lets it go on';

let done = false;

/** Once a thread. */
export async function refuseInRuns(): Promise<void> {
  if (done) return;
  done = true;
  const vitest = await import('vitest').catch(() => undefined);
  for (const name of OF_VI) refuse(vitest?.vi, name, `vi.${name}`);
  refuse(vitest?.expect, 'poll', 'expect.poll');
}

function refuse(owner: unknown, name: string, told: string): void {
  const original = part(owner, name);
  if (typeof original !== 'function' || (typeof owner !== 'object' && typeof owner !== 'function') || owner === null)
    return;
  Reflect.set(owner, name, (...given: unknown[]): unknown => {
    if (segment.active) throw new WorldError(`${told} is not for simulated runs: ${ADVICE[name] ?? CLOCK}`);
    return Reflect.apply(original, owner, given);
  });
}
