/**
 * Records compared and folded the judge's own way: what makes two records equal, what a record of the action chain
 * becomes on the ring of recent failures (docs/specification/control-plane.md section 4), and what a well-formed record is.
 */
import type { ActionChainRecord, FailureRecord } from '../../../../src/chain/records.ts';

const U64_MAX = 0xffff_ffff_ffff_ffffn;

export function sameRecord(a: ActionChainRecord, b: ActionChainRecord): boolean {
  if (a.id !== b.id || a.kind !== b.kind || a.emittedAtMs !== b.emittedAtMs) return false;
  const x = a.disposition;
  const y = b.disposition;
  switch (x.type) {
    case 'dispatched':
      return y.type === 'dispatched';
    case 'failed':
      return y.type === 'failed' && x.reason === y.reason && x.retryAfterMs === y.retryAfterMs;
    case 'gated':
      return y.type === 'gated' && x.reason === y.reason && x.cooldownMs === y.cooldownMs;
  }
}

/** The entry that folding the record pushes, or null for one that pushes nothing. */
export function foldedEntry(record: ActionChainRecord): FailureRecord | null {
  const disposition = record.disposition;
  if (disposition.type === 'dispatched') return null;
  return {
    seq: 0n,
    source: `action-id:${record.id}:${record.kind}`,
    reason:
      disposition.type === 'failed' ? disposition.reason : gatedReason(disposition.reason, disposition.cooldownMs),
    recordedAtMs: record.emittedAtMs,
  };
}

function gatedReason(reason: string, cooldownMs: bigint | null): string {
  return cooldownMs === null ? `gated (${reason})` : `gated (${reason}); cooldown ${cooldownMs} ms`;
}

/** Equal but for the seq, which a fold does not know. */
export function sameButSeq(a: FailureRecord, b: FailureRecord): boolean {
  return a === b || (a.recordedAtMs === b.recordedAtMs && a.source === b.source && a.reason === b.reason);
}

export function sameFailure(a: FailureRecord, b: FailureRecord): boolean {
  return a === b || (a.seq === b.seq && sameButSeq(a, b));
}

/** Why a decoded record is not one, or null if it is: types, u64 ranges, well-formed strings, no other fields. */
export function illFormed(record: unknown): string | null {
  const fields = fieldsOf(record);
  if (fields === null) return 'it is no object';
  if (fields.size !== 4) return `it has ${fields.size} fields instead of 4`;
  if (!isU64(fields.get('id'))) return 'its id is no u64';
  if (!isText(fields.get('kind'))) return 'its kind is no well-formed string';
  if (!isU64(fields.get('emittedAtMs'))) return 'its emittedAtMs is no u64';
  const disposition = fieldsOf(fields.get('disposition'));
  if (disposition === null) return 'its disposition is no object';
  const type = disposition.get('type');
  if (type === 'dispatched') return disposition.size === 1 ? null : 'its disposition has fields it should not have';
  if (type !== 'failed' && type !== 'gated') return 'its disposition is of no known type';
  if (disposition.size !== 3) return `its disposition has ${disposition.size} fields instead of 3`;
  if (!isText(disposition.get('reason'))) return 'its reason is no well-formed string';
  const ms = disposition.get(type === 'failed' ? 'retryAfterMs' : 'cooldownMs');
  return ms === null || isU64(ms) ? null : 'its milliseconds are neither null nor a u64';
}

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? new Map(Object.entries(value)) : null;
}

function isU64(value: unknown): boolean {
  return typeof value === 'bigint' && value >= 0n && value <= U64_MAX;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value === wellFormed(value);
}

/** The text with each lone surrogate replaced by U+FFFD. */
export function wellFormed(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit <= 0xdfff) return replaceLone(text);
  }
  return text;
}

function replaceLone(text: string): string {
  let out = '';
  // Iterating a string gives whole pairs together and lone surrogates by themselves.
  for (const point of text) {
    const unit = point.charCodeAt(0);
    out += point.length === 1 && unit >= 0xd800 && unit <= 0xdfff ? '\ufffd' : point;
  }
  return out;
}
