import { describe, expect, it } from 'vitest';
import { KeptChain } from './kept-chain.ts';
import { ChainLog } from './log.ts';
import { MemoryStore } from './memory-store.testing.ts';
import type { ChainFold } from './ports.ts';
import { MeshOsSnapshot } from './snapshot.ts';
import type { DecodeError } from './wire.ts';

/** Folds nothing; takes payloads that begin with 1 and rejects the others as its first byte says. */
class RecordingFold implements ChainFold {
  readonly folded: [bigint, number[]][] = [];

  apply(seq: bigint, payload: Uint8Array): DecodeError | null {
    this.folded.push([seq, [...payload]]);
    if (payload.length === 0) return { kind: 'empty' };
    if (payload[0] === 2) return { kind: 'unsupported_version', seen: 2, supported: 1 };
    if (payload[0] === 3) return { kind: 'malformed', codec: 'msgpack', reason: 'broken' };
    return null;
  }
}

function keep(store: MemoryStore, fold: ChainFold): KeptChain {
  const opened = ChainLog.open(store, { chain: 1n, codec: 'msgpack' }, { syncWithinAppend: true });
  if (!opened.ok) throw new Error(opened.error.message);
  return new KeptChain(opened.value, new MeshOsSnapshot(), fold);
}

describe('a kept chain', () => {
  it('folds each entry once, in order, as it is appended', () => {
    const fold = new RecordingFold();
    const kept = keep(new MemoryStore(), fold);
    expect(kept.append(Uint8Array.of(1, 7))).toEqual({ ok: true, seq: 1n });
    expect(kept.append(Uint8Array.of(1, 8))).toEqual({ ok: true, seq: 2n });
    expect(fold.folded).toEqual([
      [1n, [1, 7]],
      [2n, [1, 8]],
    ]);
  });

  it('counts what does not decode, by kind, and goes on', () => {
    const fold = new RecordingFold();
    const kept = keep(new MemoryStore(), fold);
    for (const payload of [[2], [3], [1], [], [2]]) kept.append(Uint8Array.from(payload));
    expect(kept.rejectedVersion).toBe(2);
    expect(kept.rejectedDamaged).toBe(2);
    expect(fold.folded.map(([seq]) => seq)).toEqual([1n, 2n, 3n, 4n, 5n]);
  });

  it('folds all that its log recovered when it is opened', () => {
    const store = new MemoryStore();
    const before = keep(store, new RecordingFold());
    for (const payload of [[1, 7], [2], [1, 8]]) before.append(Uint8Array.from(payload));
    const fold = new RecordingFold();
    const after = keep(store, fold);
    expect(fold.folded).toEqual([
      [1n, [1, 7]],
      [2n, [2]],
      [3n, [1, 8]],
    ]);
    expect(after.rejectedVersion).toBe(1);
    after.append(Uint8Array.of(1));
    expect(fold.folded.at(-1)).toEqual([4n, [1]]);
  });

  it('folds nothing that the log refused', () => {
    const fold = new RecordingFold();
    const kept = keep(new MemoryStore(), fold);
    kept.append(Uint8Array.of(1, 7));
    expect(kept.append(new Uint8Array(16 * 1024 * 1024 + 1)).ok).toBe(false);
    expect(fold.folded).toEqual([[1n, [1, 7]]]);
  });

  it('takes a copied entry as it came and folds its payload', () => {
    const [ownStore, copyStore] = [new MemoryStore(), new MemoryStore()];
    const own = keep(ownStore, new RecordingFold());
    own.append(Uint8Array.of(1, 9));
    const fold = new RecordingFold();
    const copy = keep(copyStore, fold);
    copy.appendFrame(own.log.syncedFrame(1) ?? new Uint8Array());
    expect(fold.folded).toEqual([[1n, [1, 9]]]);
    expect(copyStore.content).toEqual(ownStore.content);
  });
});
