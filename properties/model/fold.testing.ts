/** The fold as docs/specification/control-plane.md section 4 describes it, over the plain list of a chain's entries. */
import type { ActionChainRecord, FailureRecord } from '../../src/chain/records.ts';

/** What an entry of a chain is to a reader of one version: a record, or why it is none. */
export type Reading = ActionChainRecord | 'version' | 'damaged';

/** The newest `capacity` failures of a chain, oldest first; a capacity of 0 counts as 1. */
export function foldOf(readings: readonly Reading[], capacity: number): readonly FailureRecord[] {
  const failures = readings.flatMap((reading) => {
    const failure = typeof reading === 'string' ? null : failureOf(reading);
    return failure === null ? [] : [failure];
  });
  return failures.slice(-Math.max(1, capacity));
}

function failureOf({ id, kind, emittedAtMs, disposition }: ActionChainRecord): FailureRecord | null {
  const failed = { seq: 0n, source: `action-id:${id}:${kind}`, recordedAtMs: emittedAtMs };
  switch (disposition.type) {
    case 'dispatched':
      return null;
    case 'failed':
      return { ...failed, reason: disposition.reason };
    case 'gated': {
      const { reason, cooldownMs } = disposition;
      return {
        ...failed,
        reason: cooldownMs === null ? `gated (${reason})` : `gated (${reason}); cooldown ${cooldownMs} ms`,
      };
    }
  }
}
