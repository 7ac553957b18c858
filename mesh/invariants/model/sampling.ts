/**
 * Which records are worth a dear check. The choice depends on nothing but what the record says, so that it is the same in
 * every run of a scenario and does not move when another operation goes.
 */
import type { ActionChainRecord } from '../../../src/chain/records.ts';

import { numberOf } from './numbers.ts';

const EXACT = 0x20_0000_0000_0000n;
const LONG = 127;

/** A number from 0 to 63 that spreads over records. */
export function sampleOf(record: ActionChainRecord): number {
  const spread = numberOf(record.id) * 7 + Number(record.emittedAtMs);
  // The rest that 64 leaves, which is exact this way too, and does without a division of floating-point numbers.
  return spread - Math.floor(spread / 64) * 64;
}

/** It says something that a codec may well get wrong: a number past 2^53, a text that is long, empty or not ASCII. */
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
