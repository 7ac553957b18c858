import { describe, expect, it } from 'vitest';
import type { BackendKey } from './backend.ts';
import { InFlightBroadcast } from './in-flight.ts';
import { quiesce } from './operation.ts';
import type { BackendAnswer } from './ports.ts';
import type { RegisteredBackend } from './registry.ts';

function key(serviceName: string): BackendKey {
  return { instance: { kind: 'shared' }, serviceName, serviceVersion: '1' };
}

/** A broadcast to two live backends, and what answers for each. */
function setup(timeoutMs: number) {
  const answers: ((answer: BackendAnswer) => void)[] = [];
  const backends: RegisteredBackend[] = ['a', 'b'].map((name) => ({
    key: key(name),
    live: true,
    endpoint: { send: (_operation, answer) => void answers.push(answer) },
  }));
  const completed: number[] = [];
  let nowMs = 0;
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
});
