import { describe, expect, it } from 'vitest';
import type { BackendKey } from './backend.ts';
import { InFlightBroadcast } from './in-flight.ts';
import { quiesce } from './operation.ts';
import type { BackendAnswer } from './ports.ts';
import type { RegisteredBackend } from './registry.ts';

function key(serviceName: string): BackendKey {
  return { instance: { kind: 'shared' }, serviceName, serviceVersion: '1' };
}

/** A broadcast to live backends, two unless said otherwise, and what answers for each. */
function setup(timeoutMs: number, names: readonly string[] = ['a', 'b'], startMs = 0) {
  const answers: ((answer: BackendAnswer) => void)[] = [];
  const backends: RegisteredBackend[] = names.map((name) => ({
    key: key(name),
    live: true,
    endpoint: { send: (_operation, answer) => void answers.push(answer) },
  }));
  const completed: number[] = [];
  let nowMs = startMs;
  const host = { now: () => nowMs, complete: () => void completed.push(nowMs) };
  const broadcast = new InFlightBroadcast(backends, timeoutMs, host);
  broadcast.send(quiesce('maintenance'));
  const answer = (which: number, atMs: number): void => {
    nowMs = atMs;
    answers[which]?.({ kind: 'ack' });
  };
  return { broadcast, backends, completed, answer };
}

describe('a broadcast in flight', () => {
  it('says once that nothing more can change, when the last has answered or died', () => {
    const { broadcast, backends, completed, answer } = setup(100);
    answer(0, 3);
    answer(0, 4);
    expect([broadcast.isComplete, completed]).toEqual([false, []]);
    answer(1, 5);
    for (const backend of backends) broadcast.died(backend);
    expect([broadcast.isComplete, completed]).toEqual([true, [5]]);
    expect(broadcast.outcomes().map(({ response }) => response?.kind)).toEqual(['ack', 'ack']);
  });

  it('waits for each of them, however many', () => {
    const names = Array.from({ length: 40 }, (_, index) => `backend ${index}`);
    const { broadcast, backends, completed, answer } = setup(100, names);
    for (let which = 1; which < 39; which += 1) answer(which, which);
    for (const backend of backends.slice(39)) broadcast.died(backend);
    expect([broadcast.isComplete, completed]).toEqual([false, []]);
    answer(0, 50);
    expect([broadcast.isComplete, completed]).toEqual([true, [50]]);
    const kinds = broadcast.outcomes().map(({ response }) => response?.kind);
    expect(kinds).toEqual(names.map((_, which) => (which === 39 ? 'timeout' : 'ack')));
  });

  it.each([2 ** 31 - 50, 2 ** 32 - 50, 2 ** 40])('takes answers up to its deadline, sent at %i ms', (startMs) => {
    const { broadcast, answer } = setup(100, ['a', 'b'], startMs);
    expect(broadcast.deadlineMs).toBe(startMs + 100);
    answer(0, startMs + 100);
    answer(1, startMs + 101);
    expect(broadcast.outcomes().map(({ response }) => response?.kind)).toEqual(['ack', 'timeout']);
  });
});
