/**
 * The fold of an action chain against the reference: in one go, in pieces, entry by entry, after crashes that cut the log
 * anywhere behind what is synced, and on another node that copies it.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MeshOsSnapshotFold } from '../src/chain/fold.ts';
import { KeptChain } from '../src/chain/kept-chain.ts';
import { ChainLog } from '../src/chain/log.ts';
import { MemoryStore } from '../src/chain/memory-store.testing.ts';
import { MeshOsSnapshot } from '../src/chain/snapshot.ts';
import { bodyCodec, RecordDecoder } from '../src/chain/wire.ts';
import { type Entry, type EntryDraft, entryDraft, type Writing, writing } from './chain-entries.testing.ts';
import { foldOf } from './model/fold.testing.ts';
import { commandSequences, Step, testProperty } from './property.testing.ts';

const capacity = fc.constantFrom(0, 1, 2, 5, 256);

function newFold({ codec, version }: Writing): MeshOsSnapshotFold {
  return new MeshOsSnapshotFold(new RecordDecoder(bodyCodec(codec), version));
}

testProperty(
  'every prefix of a chain folds to its newest failures, and what does not decode changes nothing',
  fc.property(writing, capacity, fc.array(entryDraft, { maxLength: 20 }), (how, ring, drafts) => {
    const entries = drafts.map((draft) => draft(how));
    const readings = entries.map(({ reading }) => reading);
    const fold = newFold(how);
    const state = new MeshOsSnapshot(ring);
    for (const [index, { payload, reading }] of entries.entries()) {
      const error = fold.apply(payload, state);
      assert.equal(error === null, typeof reading !== 'string');
      if (error !== null) {
        assert.match(error.message, /ActionChainRecord/);
        assert.equal(error.cause.kind === 'unsupported_version', reading === 'version');
      }
      assert.deepEqual(state.recentFailures.toArray(), foldOf(readings.slice(0, index + 1), ring));
    }
  }),
);

testProperty(
  'a chain folds to the same ring in one go, in pieces and by different readers, past the capacity too',
  fc.property(writing, fc.array(fc.tuple(entryDraft, fc.constantFrom(1, 1, 60)), { maxLength: 8 }), (how, drafts) => {
    const entries = drafts.flatMap(([draft, times]) => Array<Entry>(times).fill(draft(how)));
    const inOneGo = new MeshOsSnapshot();
    const inPieces = new MeshOsSnapshot();
    const fold = newFold(how);
    for (const { payload } of entries) fold.apply(payload, inOneGo);
    for (const { payload } of entries) newFold(how).apply(payload, inPieces);
    const expected = foldOf(
      entries.map(({ reading }) => reading),
      256,
    );
    assert.deepEqual(inOneGo.recentFailures.toArray(), expected);
    assert.deepEqual(inPieces.recentFailures.toArray(), expected);
  }),
);

/** What is in the log, how much of it is synced, where each entry ends, and how far the copy has come. */
interface Chain {
  readonly how: Writing;
  readonly ring: number;
  entries: Entry[];
  ends: number[];
  synced: number;
  copied: number;
}

/** The writer and a node that copies it; the writer is another one after a crash. */
class Nodes {
  readonly #how: Writing;
  readonly #ring: number;
  readonly #store = new MemoryStore();
  readonly copy: KeptChain;
  writer: KeptChain;

  constructor(how: Writing, ring: number) {
    this.#how = how;
    this.#ring = ring;
    this.writer = this.#opened(this.#store);
    this.copy = this.#opened(new MemoryStore());
  }

  /** Bytes in the writer's store. */
  get written(): number {
    return this.#store.content.length;
  }

  /**
   * Of the bytes that are not synced, so many are left, the last of them not as it was if `torn`. Gives the end of those
   * that are whole.
   */
  crash(left: (bytes: number) => number, torn: boolean): number {
    const { content, durable } = this.#store;
    const end = durable + left(content.length - durable);
    const isTorn = torn && end > durable;
    if (isTorn) content[end - 1] = 0xff ^ (content[end - 1] ?? 0);
    this.#store.crash(end);
    this.writer = this.#opened(this.#store);
    return isTorn ? end - 1 : end;
  }

  #opened(store: MemoryStore): KeptChain {
    const identity = { chain: 7n, codec: this.#how.codec };
    const opened = ChainLog.open(store, identity, { syncWithinAppend: false });
    assert.ok(opened.ok);
    const snapshot = new MeshOsSnapshot(this.#ring);
    const fold = newFold(this.#how);
    return new KeptChain(opened.value, snapshot, {
      apply: (_seq, payload) => fold.apply(payload, snapshot)?.cause ?? null,
    });
  }
}

function compareChain(kept: KeptChain, { ring }: Chain, entries: readonly Entry[]): void {
  const readings = entries.map(({ reading }) => reading);
  assert.deepEqual(kept.snapshot.recentFailures.toArray(), foldOf(readings, ring));
  assert.equal(kept.log.length, entries.length);
  assert.equal(kept.rejectedVersion, readings.filter((reading) => reading === 'version').length);
  assert.equal(kept.rejectedDamaged, readings.filter((reading) => reading === 'damaged').length);
}

function append(draft: EntryDraft, chain: Chain, nodes: Nodes): void {
  const entry = draft(chain.how);
  assert.deepEqual(nodes.writer.append(entry.payload), { ok: true, seq: BigInt(chain.entries.length + 1) });
  chain.entries.push(entry);
  chain.ends.push(nodes.written);
}

/** A step in the life of a chain, after which writer and copy are what they should be. */
function step(text: string, act: (chain: Chain, nodes: Nodes) => void | Promise<void>): Step<Chain, Nodes> {
  return new Step(text, async (chain, nodes) => {
    await act(chain, nodes);
    compareChain(nodes.writer, chain, chain.entries);
    compareChain(nodes.copy, chain, chain.entries.slice(0, chain.copied));
    assert.equal(nodes.writer.log.syncedLength, chain.synced);
  });
}

const appending = fc.array(entryDraft, { minLength: 1, maxLength: 4 }).map((drafts) =>
  step(`append ${drafts.length}`, (chain, nodes) => {
    for (const draft of drafts) append(draft, chain, nodes);
  }),
);

/** What is appended while a sync runs is left to the next one. */
const syncing = fc.array(entryDraft, { maxLength: 2 }).map((drafts) =>
  step(`sync, appending ${drafts.length} meanwhile`, async (chain, nodes) => {
    const covered = chain.entries.length;
    const synced = nodes.writer.log.sync();
    for (const draft of drafts) append(draft, chain, nodes);
    await synced;
    chain.synced = covered;
  }),
);

const crashing = fc.tuple(fc.nat(), fc.boolean()).map(([where, torn]) =>
  step(`crash, ${where} of the unsynced bytes left${torn ? ', and torn' : ''}`, (chain, nodes) => {
    const end = nodes.crash((bytes) => where % (bytes + 1), torn);
    const left = chain.ends.filter((entryEnd) => entryEnd <= end).length;
    assert.ok(left >= chain.synced);
    chain.entries.length = left;
    chain.ends.length = left;
    chain.synced = left;
  }),
);

const copying = fc.constant(
  step('copy what is synced', (chain, { writer, copy }) => {
    for (let seq = chain.copied + 1; seq <= chain.synced; seq += 1) {
      const frame = writer.log.syncedFrame(seq);
      assert.ok(frame !== undefined, `entry ${seq} is synced and cannot be had`);
      copy.appendFrame(frame);
    }
    assert.equal(writer.log.syncedFrame(chain.synced + 1), undefined);
    chain.copied = chain.synced;
  }),
);

testProperty(
  'a chain folds to the same ring after restarts and on another node',
  fc.asyncProperty(
    writing,
    capacity,
    commandSequences<Chain, Nodes>([appending, syncing, crashing, copying], 24),
    async (how, ring, steps) => {
      const setup = () => ({
        model: { how, ring, entries: [], ends: [], synced: 0, copied: 0 },
        real: new Nodes(how, ring),
      });
      await fc.asyncModelRun(setup, steps);
    },
  ),
);
