import { describe, expect, it } from 'vitest';
import type { PendingAction } from '../action/action.ts';
import { callDispatcher } from './dispatch-call.ts';
import { foreignAnswer } from './executor-rig.testing.ts';
import type { DispatchResult } from './ports.ts';

const pending: PendingAction = { id: 1n, action: { kind: 'reduce_heat', blob: 1n, by: 1 }, emittedAtMs: 0 };
const U64_MAX = 0xffff_ffff_ffff_ffffn;

function calling(dispatch: () => Promise<DispatchResult>): Promise<DispatchResult> {
  return callDispatcher({ dispatch, onBackpressure: () => {} }, pending, 'counted');
}

describe('what a dispatcher answers', () => {
  it.each<DispatchResult>([
    { kind: 'ok' },
    { kind: 'failed', reason: 'no route', retryAfterMs: null },
    { kind: 'failed', reason: '', retryAfterMs: 0n },
    { kind: 'failed', reason: 'é', retryAfterMs: U64_MAX },
  ])('is handed on untouched if it is well-formed: %o', async (answer) => {
    expect(await calling(() => Promise.resolve(answer))).toBe(answer);
  });

  it('has lone surrogates in its reason replaced, and nothing else', async () => {
    const answer = { kind: 'failed', reason: 'a\ud800b', retryAfterMs: 5n } as const;
    expect(await calling(() => Promise.resolve(answer))).toEqual({ ...answer, reason: 'a\ufffdb' });
  });

  it.each([
    undefined,
    null,
    'ok',
    {},
    { kind: 'other' },
    { kind: 'other', reason: 'r', retryAfterMs: null },
    { kind: 'failed' },
    { kind: 'failed', reason: 'r' },
    { kind: 'failed', retryAfterMs: null },
    { kind: 'failed', reason: 1, retryAfterMs: null },
    { kind: 'failed', reason: 'r', retryAfterMs: 5 },
    { kind: 'failed', reason: 'r', retryAfterMs: -1n },
    { kind: 'failed', reason: 'r', retryAfterMs: U64_MAX + 1n },
  ])('is a failure for good if it is no result: %o', async (answer) => {
    expect(await calling(() => foreignAnswer(answer))).toEqual({
      kind: 'failed',
      reason: 'dispatcher returned a malformed result',
      retryAfterMs: null,
    });
  });
});

describe('a dispatcher that throws or rejects', () => {
  const panicked: DispatchResult = { kind: 'failed', reason: 'dispatcher panicked', retryAfterMs: null };

  it('has failed for good', async () => {
    expect(await calling(() => Promise.reject(new Error('planted')))).toEqual(panicked);
    const thrown = () => {
      throw new Error('planted');
    };
    expect(await calling(thrown)).toEqual(panicked);
  });

  it.each([undefined, null, 'planted', 7, {}])('has failed for good whatever it throws: %o', async (thrown) => {
    expect(await calling(() => Promise.reject(thrown))).toEqual(panicked);
    const inCall = () => {
      throw thrown;
    };
    expect(await calling(inCall)).toEqual(panicked);
  });
});
