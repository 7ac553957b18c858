import { describe, expect, it } from 'vitest';
import type { PendingAction } from '../action/action.ts';
import { AppendError, recordFrom } from './records.ts';

describe('an append error', () => {
  it.each([
    ['action', 'action-chain append failed: disk full'],
    ['failure', 'failure-chain append failed: disk full'],
    ['log', 'log-chain append failed: disk full'],
    ['admin-audit', 'admin-audit-chain append failed: disk full'],
  ] as const)('of the %s chain reads as an operator expects', (chain, text) => {
    const error = new AppendError(chain, 'disk full');
    expect(error.message).toBe(text);
    expect(String(error)).toBe(text);
    expect(error.reason).toBe('disk full');
  });
});

describe('a chain record made from a pending action', () => {
  it('carries its id and kind, the disposition and the time given', () => {
    const pending: PendingAction = {
      id: 7n,
      action: { kind: 'commit_maintenance_transition', node: 0n, target: { kind: 'maintenance' } },
      emittedAtMs: 12,
    };
    expect(recordFrom(pending, { type: 'dispatched' }, 1_700_000_000_000n)).toEqual({
      id: 7n,
      kind: 'commit_maintenance_transition',
      emittedAtMs: 1_700_000_000_000n,
      disposition: { type: 'dispatched' },
    });
  });
});
