/**
 * Which records are worth an expensive check. The choice depends only on what the record says. So it is the same in every
 * run of a scenario, and does not move when another operation is taken out.
 */
import type { ActionChainRecord } from '../../../src/chain/records.ts';

import { numberOf } from './numbers.ts';

const EXACT = 0x20_0000_0000_0000n;
const LONG = 127;

/** A number from 0 to 63 that spreads over records. */
export function sampleOf(record: ActionChainRecord): number {
  const spread = numberOf(record.id) * 7 + Number(record.emittedAtMs);
  // The remainder of the division by 64. It is exact this way too, without floating-point division.
  return spread - Math.floor(spread / 64) * 64;
}

/**
 * The record says something that a codec may well get wrong: a number past 2^53, or a text that is long, empty or not
 * ASCII.
 */
export function isOdd(record: ActionChainRecord): boolean {
  if (record.id >= EXACT || record.emittedAtMs >= EXACT || oddText(record.kind)) return true;
  const made = record.disposition;
  if (made.type === 'dispatched') return false;
  const ms = made.type === 'failed' ? made.retryAfterMs : made.cooldownMs;
  return (ms !== null && ms >= EXACT) || oddText(made.reason);
}

function oddText(text: string): boolean {
  if (text.length === 0 || text.length > LONG) return true;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return true;
  return false;
}
