import { describe, expect, it } from 'vitest';
import type { ActionChainRecord, ActionDisposition, FailureRecord } from '../../../../src/chain/records.ts';
import { foldedEntry, illFormed, sameButSeq, sameFailure, sameRecord, wellFormed } from './records.ts';

const U64_MAX = 2n ** 64n - 1n;
const dispositions: ActionDisposition[] = [
  { type: 'dispatched' },
  { type: 'failed', reason: 'r', retryAfterMs: null },
  { type: 'failed', reason: 'r', retryAfterMs: 5n },
  { type: 'failed', reason: 's', retryAfterMs: null },
  { type: 'gated', reason: 'r', cooldownMs: null },
  { type: 'gated', reason: 'r', cooldownMs: 5n },
  { type: 'gated', reason: 's', cooldownMs: null },
];

function recordWith(disposition: ActionDisposition): ActionChainRecord {
  return { id: 1n, kind: 'k', emittedAtMs: 2n, disposition };
}

describe('two records', () => {
  it('are the same only if every field is', () => {
    const records = [
      ...dispositions.map(recordWith),
      ...[{ id: 9n }, { kind: 'other' }, { emittedAtMs: 9n }].map((change) => ({
        ...recordWith({ type: 'dispatched' }),
        ...change,
      })),
    ];
    for (const [i, a] of records.entries()) {
      for (const [j, b] of records.entries()) expect(sameRecord(a, structuredClone(b))).toBe(i === j);
    }
  });
});

describe('what folding a record pushes', () => {
  it('is its failure, in the wording of the fold', () => {
    expect(dispositions.map((disposition) => foldedEntry(recordWith(disposition))?.reason)).toEqual([
      undefined,
      'r',
      'r',
      's',
      'gated (r)',
      'gated (r); cooldown 5 ms',
      'gated (s)',
    ]);
    expect(foldedEntry(recordWith({ type: 'gated', reason: 'r', cooldownMs: null }))).toEqual({
      seq: 0n,
      source: 'action-id:1:k',
      reason: 'gated (r)',
      recordedAtMs: 2n,
    });
  });
});

describe('two failures', () => {
  const failure: FailureRecord = { seq: 1n, source: 's', reason: 'r', recordedAtMs: 2n };

  it('are the same but for their seqs if everything else is', () => {
    expect(sameButSeq(failure, failure)).toBe(true);
    expect(sameButSeq(failure, { ...failure, seq: 9n })).toBe(true);
    expect(sameButSeq(failure, { ...failure, source: 'other' })).toBe(false);
    expect(sameButSeq(failure, { ...failure, reason: 'other' })).toBe(false);
    expect(sameButSeq(failure, { ...failure, recordedAtMs: 9n })).toBe(false);
  });

  it('are the same if their seqs are as well', () => {
    expect(sameFailure(failure, { ...failure })).toBe(true);
    expect(sameFailure(failure, { ...failure, seq: 9n })).toBe(false);
    expect(sameFailure(failure, { ...failure, reason: 'other' })).toBe(false);
  });
});

describe('a decoded record', () => {
  const good = recordWith({ type: 'failed', reason: 'r', retryAfterMs: 5n });
  const fieldless = { id: 1n, kind: 'k', emittedAtMs: 2n };

  it('is well formed with every disposition, up to the ends of u64', () => {
    for (const disposition of dispositions) expect(illFormed(recordWith(disposition))).toBeNull();
    expect(illFormed({ ...good, id: 0n, emittedAtMs: U64_MAX })).toBeNull();
    expect(illFormed({ ...good, id: U64_MAX, emittedAtMs: 0n })).toBeNull();
    expect(illFormed({ ...good, disposition: { type: 'gated', reason: '', cooldownMs: U64_MAX } })).toBeNull();
  });

  it.each<[unknown, string]>([
    [null, 'it is no object'],
    ['record', 'it is no object'],
    [[good], 'it is no object'],
    [fieldless, 'it has 3 fields instead of 4'],
    [{ ...good, more: 1 }, 'it has 5 fields instead of 4'],
    [{ ...good, id: 1 }, 'its id is no u64'],
    [{ ...good, id: -1n }, 'its id is no u64'],
    [{ ...good, id: U64_MAX + 1n }, 'its id is no u64'],
    [{ ...good, kind: 5 }, 'its kind is no well-formed string'],
    [{ ...good, kind: '\ud800' }, 'its kind is no well-formed string'],
    [{ ...good, emittedAtMs: null }, 'its emittedAtMs is no u64'],
    [{ ...good, disposition: null }, 'its disposition is no object'],
    [{ ...good, disposition: 'failed' }, 'its disposition is no object'],
    [{ ...good, disposition: { type: 'dispatched', ms: 1n } }, 'its disposition has fields it should not have'],
    [{ ...good, disposition: { type: 'lost' } }, 'its disposition is of no known type'],
    [{ ...good, disposition: { type: 'failed', reason: 'r' } }, 'its disposition has 2 fields instead of 3'],
    [
      { ...good, disposition: { type: 'gated', reason: 'r', cooldownMs: null, more: 1 } },
      'its disposition has 4 fields instead of 3',
    ],
    [
      { ...good, disposition: { type: 'failed', reason: null, retryAfterMs: null } },
      'its reason is no well-formed string',
    ],
    [
      { ...good, disposition: { type: 'failed', reason: 'r', retryAfterMs: 5 } },
      'its milliseconds are neither null nor a u64',
    ],
    [
      { ...good, disposition: { type: 'failed', reason: 'r', cooldownMs: null } },
      'its milliseconds are neither null nor a u64',
    ],
    [
      { ...good, disposition: { type: 'gated', reason: 'r', retryAfterMs: null } },
      'its milliseconds are neither null nor a u64',
    ],
  ])('is none: %o', (record, flaw) => {
    expect(illFormed(record)).toBe(flaw);
  });
});

describe('a text', () => {
  it('gets U+FFFD for each half of a pair, first or second, wherever it stands', () => {
    expect(wellFormed('')).toBe('');
    expect(wellFormed('\ud7ff\ue000\uffff')).toBe('\ud7ff\ue000\uffff');
    expect(wellFormed('\ud800')).toBe('\ufffd');
    expect(wellFormed('\udbff')).toBe('\ufffd');
    expect(wellFormed('\udc00')).toBe('\ufffd');
    expect(wellFormed('\udfff')).toBe('\ufffd');
    expect(wellFormed('a\ud800b\udc00c🦀é\ue000')).toBe('a\ufffdb\ufffdc🦀é\ue000');
  });
});
