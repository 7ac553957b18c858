import { describe, expect, it } from 'vitest';
import {
  CLOSED_REASON,
  daemonOf,
  deferBudgetText,
  hex,
  inWords,
  PANICKED,
  Putoffs,
  retryBudgetText,
  sameDaemon,
  sameData,
} from './actions.ts';
import { type RecordedRecord, readVectors, recordOf } from './vectors.testing.ts';
import { foldedEntry, illFormed, sameRecord, wellFormed } from './wire/records.ts';

describe('data', () => {
  it('is the same when its fields are, in whatever order', () => {
    expect(sameData({ a: 1n, b: [null, 'x'] }, { b: [null, 'x'], a: 1n })).toBe(true);
    for (const other of [
      { a: 1n },
      { a: 1, b: [null, 'x'] },
      { a: 1n, b: ['x', null] },
      { a: 1n, c: [null, 'x'] },
      null,
      [1n],
    ]) {
      expect(sameData({ a: 1n, b: [null, 'x'] }, other)).toBe(false);
    }
  });

  it.each<[unknown, unknown]>([
    [1, '1'],
    [1n, 1],
    [{}, null],
    [null, {}],
    [{}, 1],
    [1, {}],
    [{}, 'x'],
    ['x', {}],
    [[], {}],
    [{}, []],
    [[1], { 0: 1, length: 1 }],
    [{ 0: 1, length: 1 }, [1]],
    [[1], [1, 2]],
    [[1, 2], [1]],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: undefined }, { b: undefined }],
    [{ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 3 }] } }],
  ])('is not the same: %o and %o', (a, b) => {
    expect(sameData(a, b)).toBe(false);
  });

  it('is the same at any depth, and without any field', () => {
    expect(sameData({ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 2 }] } })).toBe(true);
    expect(sameData({}, {})).toBe(true);
    expect(sameData([], [])).toBe(true);
    expect(sameData(Number.NaN, Number.NaN)).toBe(true);
  });

  it('reads in words', () => {
    expect(inWords({ a: 1n, b: ['x', null], c: Uint8Array.of(1, 255), d: undefined })).toBe(
      '{a: 1, b: ["x", null], c: 01ff, d: undefined}',
    );
    expect(hex(Uint8Array.of(0, 16))).toBe('0010');
  });
});

describe('a daemon', () => {
  it('is the same with equal id and name only', () => {
    expect(sameDaemon({ id: 1n, name: 'a' }, { id: 1n, name: 'a' })).toBe(true);
    expect(sameDaemon({ id: 1n, name: 'a' }, { id: 2n, name: 'a' })).toBe(false);
    expect(sameDaemon({ id: 1n, name: 'a' }, { id: 1n, name: 'b' })).toBe(false);
  });

  it('is what start, stop and backoff are about, and no other action', () => {
    const daemon = { id: 1n, name: 'a' };
    expect(daemonOf({ kind: 'start_daemon', daemon })).toBe(daemon);
    expect(daemonOf({ kind: 'stop_daemon', daemon, reason: 'r', deadlineMs: 1 })).toBe(daemon);
    expect(daemonOf({ kind: 'apply_backoff', daemon, untilMs: 1 })).toBe(daemon);
    expect(daemonOf({ kind: 'drop_replica', chain: 1n })).toBeNull();
    expect(daemonOf({ kind: 'mark_avoid', peer: 1n, reason: 'r', ttlMs: 1 })).toBeNull();
  });
});

describe('the reasons of the executor', () => {
  it('read as docs/specification/control-plane.md has them', () => {
    expect(deferBudgetText(17, 16)).toBe('deferred 17 times — exceeds max_defer_count 16');
    expect(retryBudgetText(17)).toBe('dispatch retry budget exhausted after 17 attempts');
    expect(PANICKED).toBe('dispatcher panicked');
    expect(CLOSED_REASON).toBe('executor closed');
  });
});

describe('the budget', () => {
  it('allows so many and no more, for each action by itself', () => {
    const putoffs = new Putoffs(2);
    expect([putoffs.allow(5), putoffs.allow(5), putoffs.allow(5), putoffs.allow(3)]).toEqual([true, true, false, true]);
    expect([putoffs.count(5), putoffs.count(3), putoffs.count(4), putoffs.count(99)]).toEqual([3, 1, 0, 0]);
  });
});

describe('a folded record', () => {
  it('is what the recorded fold makes of it', () => {
    type Event = { record?: RecordedRecord };
    type Entry = { source: string; reason: string; recorded_at_ms: number | string };
    let compared = 0;
    for (const { name, events, steps } of readVectors<{
      name: string;
      events: Event[];
      steps?: { last?: Entry; ring?: Entry[] }[];
    }>('fold.jsonl')) {
      for (const [i, { record }] of events.entries()) {
        const step = steps?.[i];
        const last = step?.last ?? step?.ring?.at(-1);
        if (record === undefined || last === undefined || record.disposition.type === 'dispatched') continue;
        compared++;
        const { source, reason, recorded_at_ms: recordedAtMs } = last;
        expect(foldedEntry(recordOf(record)), `${name}, event ${i}`).toEqual({
          seq: 0n,
          source,
          reason,
          recordedAtMs: BigInt(recordedAtMs),
        });
      }
    }
    expect(compared).toBeGreaterThan(50);
  });

  it('is nothing for a success', () => {
    expect(foldedEntry({ id: 1n, kind: 'k', emittedAtMs: 0n, disposition: { type: 'dispatched' } })).toBeNull();
  });
});

describe('a record', () => {
  it('equals another when every field does', () => {
    const records = readVectors<{ record: RecordedRecord }>('action-chain-wire.jsonl').map(({ record }) =>
      recordOf(record),
    );
    for (const [i, a] of records.slice(0, 60).entries()) {
      for (const [j, b] of records.slice(0, 60).entries()) expect(sameRecord(a, b)).toBe(i === j || sameData(a, b));
    }
  });

  it('is well formed with u64s and whole characters, and only then', () => {
    const record = {
      id: 0n,
      kind: '🦀',
      emittedAtMs: 2n ** 64n - 1n,
      disposition: { type: 'gated', reason: '', cooldownMs: null },
    };
    expect(illFormed(record)).toBeNull();
    expect(illFormed({ ...record, disposition: { type: 'dispatched' } })).toBeNull();
    expect(illFormed({ ...record, disposition: { type: 'dispatched', reason: '' } })).toContain('should not have');
    expect(illFormed([record])).toBe('it is no object');
    expect(illFormed({ ...record, disposition: { type: 'gated', reason: '\udc00', cooldownMs: null } })).toContain(
      'reason',
    );
  });
});

describe('a text', () => {
  it('keeps its whole characters and gets U+FFFD for each half', () => {
    expect(wellFormed('plain 🦀')).toBe('plain 🦀');
    expect(wellFormed('\ud83e\ud83e\udd80\udd80x')).toBe('\ufffd🦀\ufffdx');
  });
});
