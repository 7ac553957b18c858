import { describe, expect, it } from 'vitest';
import { encodeFrame, encodeHeader, PAYLOAD_BYTES_MAX, seqNumber } from './frame.ts';
import { ChainLog, type ChainLogOptions } from './log.ts';
import { MemoryStore } from './memory-store.testing.ts';

const IDENTITY = { chain: 3n, codec: 'msgpack' } as const;
const HEADER = encodeHeader(IDENTITY);
const LAZY: ChainLogOptions = { syncWithinAppend: false };

function open(store: MemoryStore, options = LAZY): ChainLog {
  const opened = ChainLog.open(store, IDENTITY, options);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

const payload = (...values: number[]): Uint8Array => Uint8Array.from(values);
const payloads = (log: ChainLog): number[][] => log.payloads().map((bytes) => [...bytes]);

/** A store whose log holds the entries [1], [2, 2], [3, 3, 3]. */
async function storeOfThree(): Promise<MemoryStore> {
  const store = new MemoryStore();
  const log = open(store);
  for (const length of [1, 2, 3]) log.append(new Uint8Array(length).fill(length));
  await log.sync();
  return store;
}

describe('appending', () => {
  it('gives seqs from 1 without a gap', () => {
    const log = open(new MemoryStore());
    expect(log.append(payload(1))).toEqual({ ok: true, seq: 1n });
    expect(log.append(payload())).toEqual({ ok: true, seq: 2n });
    expect(log.length).toBe(2);
  });

  it('writes each entry to the store as the frame it is', () => {
    const store = new MemoryStore();
    const log = open(store);
    log.append(payload(5, 6));
    expect(store.content).toEqual(Uint8Array.from(Buffer.concat([HEADER, encodeFrame(1, payload(5, 6))])));
  });

  it('refuses a payload that recovery would take for damage, and goes on', () => {
    const log = open(new MemoryStore());
    const outcome = log.append(new Uint8Array(PAYLOAD_BYTES_MAX + 1));
    expect(outcome.ok ? '' : outcome.error.message).toBe(
      'action-chain append failed: a payload of 16777217 bytes is longer than an entry can be',
    );
    expect(log.append(payload(1))).toEqual({ ok: true, seq: 1n });
    expect(log.append(new Uint8Array(PAYLOAD_BYTES_MAX)).ok).toBe(true);
  });

  it('takes another log’s frames as they are, in order only', () => {
    const log = open(new MemoryStore());
    const first = encodeFrame(1, payload(1));
    log.appendFrame(first);
    expect(log.frame(1)).toBe(first);
    expect(() => log.appendFrame(first)).toThrow(RangeError);
    expect(() => log.appendFrame(encodeFrame(3, payload(1)))).toThrow('entry 3 cannot follow entry 1');
  });
});

describe('syncing', () => {
  it('covers the entries appended when it began, and counts them only when it ends', async () => {
    const store = new MemoryStore();
    let finish = (): void => {};
    store.syncTakes = () => new Promise((resolve) => (finish = resolve));
    const log = open(store);
    log.append(payload(1));
    const sync = log.sync();
    log.append(payload(2));
    expect(log.syncedLength).toBe(0);
    finish();
    await sync;
    expect(log.syncedLength).toBe(1);
    expect(log.hasUnsynced).toBe(true);
    expect(log.syncedFrame(1)).toBe(log.frame(1));
    expect(log.syncedFrame(2)).toBeUndefined();
  });

  it('lets only synced entries out', async () => {
    const log = open(new MemoryStore());
    log.append(payload(1));
    expect(log.syncedFrame(1)).toBeUndefined();
    await log.sync();
    log.append(payload(2));
    expect([log.syncedFrame(1), log.syncedFrame(2)]).toEqual([log.frame(1), undefined]);
    await log.sync();
    expect([log.syncedFrame(1), log.syncedFrame(2)]).toEqual([log.frame(1), log.frame(2)]);
    expect([log.syncedFrame(0), log.syncedFrame(3)]).toEqual([undefined, undefined]);
  });

  it('lets every synced entry out, however many came after it', () => {
    const log = open(new MemoryStore(), { syncWithinAppend: true });
    for (let seq = 1; seq <= 1_100; seq += 1) log.append(payload(seq & 0xff));
    const kept = Array.from({ length: 1_100 }, (_, index) => log.syncedFrame(index + 1));
    expect(kept.map((frame) => frame && seqNumber(frame))).toEqual(kept.map((_, index) => index + 1));
  });

  it('happens within the append where the log is told so', () => {
    const store = new MemoryStore();
    let synced = 0;
    const log = open(store, { syncWithinAppend: true, onSynced: () => (synced += 1) });
    log.append(payload(1));
    expect(log.syncedLength).toBe(1);
    expect(store.durable).toBe(store.content.length);
    expect(synced).toBe(1);
    expect(store.calls).not.toContain('sync');
  });

  it('is announced once when needed and once when done', async () => {
    const heard: string[] = [];
    const log = open(new MemoryStore(), {
      syncWithinAppend: false,
      onUnsynced: () => heard.push('unsynced'),
      onSynced: () => heard.push('synced'),
    });
    log.append(payload(1));
    log.append(payload(2));
    await log.sync();
    await log.sync();
    log.append(payload(3));
    expect(heard).toEqual(['unsynced', 'synced', 'unsynced']);
  });
});

describe('recovery', () => {
  it('asks no more of a store than is needed', async () => {
    const empty = new MemoryStore();
    open(empty);
    expect(empty.calls).toEqual([`write ${HEADER.length}`, 'syncNow']);
    const headerOnly = new MemoryStore(HEADER);
    open(headerOnly);
    expect(headerOnly.calls).toEqual(['syncNow']);
    const filled = await storeOfThree();
    filled.calls.length = 0;
    open(filled);
    expect(filled.calls).toEqual(['syncNow']);
  });

  it('gives an empty store a header that survives a crash', () => {
    const store = new MemoryStore();
    expect(open(store).length).toBe(0);
    store.crash();
    expect(store.content).toEqual(Uint8Array.from(HEADER));
    expect(open(store).length).toBe(0);
  });

  it('finds what was synced, counts it as synced, and goes on with the next seq', async () => {
    const store = await storeOfThree();
    store.crash();
    const log = open(store);
    expect(payloads(log)).toEqual([[1], [2, 2], [3, 3, 3]]);
    expect(log.syncedLength).toBe(3);
    expect(log.append(payload(4))).toEqual({ ok: true, seq: 4n });
  });

  it('makes durable what survived, for it may have survived in a cache only', async () => {
    const store = await storeOfThree();
    store.durable = 0;
    open(store);
    expect(store.durable).toBe(store.content.length);
  });

  it('cuts a torn tail, wherever it is torn, and uses its seq again', async () => {
    const whole = (await storeOfThree()).content;
    const intact = whole.length - (3 + 16);
    for (let length = intact; length < whole.length; length += 1) {
      const store = new MemoryStore(whole.slice(0, length));
      const log = open(store);
      expect(log.length).toBe(2);
      expect(store.content.length).toBe(intact);
      expect(log.append(payload(9))).toEqual({ ok: true, seq: 3n });
      expect(payloads(open(store))).toEqual([[1], [2, 2], [9]]);
    }
  });

  it.each([1, 16, 17, 4096])('cuts %i zeros behind the last entry, and goes on in their place', async (zeros) => {
    const whole = (await storeOfThree()).content;
    const store = new MemoryStore(Uint8Array.from([...whole, ...new Uint8Array(zeros)]));
    const log = open(store);
    expect(store.content).toEqual(whole);
    expect(log.append(payload(4))).toEqual({ ok: true, seq: 4n });
    expect(payloads(open(store))).toEqual([[1], [2, 2], [3, 3, 3], [4]]);
  });

  it('cuts at the first damaged entry, whatever stands behind it', async () => {
    const content = (await storeOfThree()).content;
    content[HEADER.length + 17 + 12] = 77;
    const store = new MemoryStore(content);
    expect(payloads(open(store))).toEqual([[1]]);
    expect(store.content.length).toBe(HEADER.length + 17);
  });

  it('never gives a seq again that another node may have seen, at whichever byte the crash cuts', async () => {
    const store = new MemoryStore();
    const log = open(store);
    log.append(payload(1));
    await log.sync();
    const seen = log.syncedLength;
    log.append(payload(2, 2));
    log.append(payload(3));
    for (let cut = store.durable; cut <= store.content.length; cut += 1) {
      const survivor = new MemoryStore(store.content.slice(0, cut));
      expect(open(survivor).length, `cut at ${cut}`).toBeGreaterThanOrEqual(seen);
    }
  });

  it('starts again where only a part of the header was written', () => {
    for (let length = 0; length < HEADER.length; length += 1) {
      const store = new MemoryStore(Uint8Array.from(HEADER.subarray(0, length)));
      expect(open(store).length).toBe(0);
      expect(store.content).toEqual(Uint8Array.from(HEADER));
    }
  });
});

describe('a store with something else in it is refused by name and left as it is', () => {
  async function refusal(
    change: (content: Uint8Array) => Uint8Array,
    identity = IDENTITY as typeof IDENTITY | { chain: bigint; codec: 'postcard' },
  ) {
    const store = new MemoryStore(change((await storeOfThree()).content));
    const before = store.content;
    const opened = ChainLog.open(store, identity, LAZY);
    expect(store.calls).toEqual([]);
    expect(store.content).toBe(before);
    return opened.ok ? null : opened.error;
  }

  it('when the codec is another', async () => {
    expect(await refusal((content) => content, { chain: 3n, codec: 'postcard' })).toEqual({
      kind: 'other-codec',
      message: 'chain 3 is written in msgpack, and its reader is set to postcard',
    });
  });

  it('when the chain is another', async () => {
    expect(await refusal((content) => content, { chain: 4n, codec: 'postcard' })).toEqual({
      kind: 'other-chain',
      message: 'chain 4: its log holds chain 3',
    });
  });

  it('when the header is damaged, for starting again would give seqs twice', async () => {
    const damage = (content: Uint8Array): Uint8Array => content.with(14, 0);
    expect(await refusal(damage)).toEqual({
      kind: 'no-header',
      message: 'chain 3: its log does not begin with a readable header',
    });
  });

  it('when there is no header at all', async () => {
    expect((await refusal((content) => content.slice(HEADER.length)))?.kind).toBe('no-header');
  });
});

it('is refused with a few bytes that do not begin a header', () => {
  const store = new MemoryStore(Uint8Array.of(9, 9, 9));
  const opened = ChainLog.open(store, IDENTITY, LAZY);
  expect(opened).toMatchObject({ ok: false, error: { kind: 'no-header' } });
  expect(store.content).toEqual(Uint8Array.of(9, 9, 9));
});
