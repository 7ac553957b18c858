/**
 * A record whose numbers cover all of u64. A node counts its actions from 1, and hints are shorter than a day, so no run
 * writes an id or a hint that a number could not hold. On the wire each may be up to 2^64 - 1.
 */
import type { ActionChainRecord, ActionDisposition } from '../../src/chain/records.ts';

/** Around 2^53, where a number no longer tells one from the next; around 2^63, where a sign gets in; and at the end. */
const WIDE = [
  9_007_199_254_740_991n,
  9_007_199_254_740_993n,
  9_223_372_036_854_775_807n,
  9_223_372_036_854_775_809n,
  18_446_744_073_709_551_613n,
  18_446_744_073_709_551_615n,
] as const;

/** `draw(what, bound)` draws 0 … bound - 1. */
export type WideDraw = (what: 'id' | 'emitted' | 'length' | 'type', bound: number) => number;

/** The record's texts with other numbers: as a retry, a gating, or an action that was dispatched. */
export function widened({ kind, disposition }: ActionChainRecord, draw: WideDraw): ActionChainRecord {
  const wide = (what: 'id' | 'emitted' | 'length'): bigint => WIDE[draw(what, WIDE.length)] ?? 0n;
  const reason = disposition.type === 'dispatched' ? 'busy' : disposition.reason;
  const lengthMs = wide('length');
  const made: readonly ActionDisposition[] = [
    { type: 'failed', reason, retryAfterMs: lengthMs },
    { type: 'gated', reason, cooldownMs: lengthMs },
    { type: 'dispatched' },
  ];
  return {
    id: wide('id'),
    kind,
    emittedAtMs: wide('emitted'),
    disposition: made[draw('type', made.length)] ?? { type: 'dispatched' },
  };
}
