/**
 * What the judge itself reads in the entries of the chains. Reading is a pure function of a chain's codec and the bytes,
 * so its results are kept by chain and seq and shared by all judges of a run: an entry is read once, however many nodes
 * fold it. The bytes are compared at every look-up, so that a kept result is never taken for other bytes.
 */
import type { ActionChainRecord, FailureRecord } from '../../../src/chain/records.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { numberOf } from './numbers.ts';
import { Room, sameBytes } from './wire/bytes.ts';
import { readMsgpack } from './wire/msgpack.ts';
import { readPostcard } from './wire/postcard.ts';
import { foldedEntry } from './wire/records.ts';

/** An encoded record: a version byte and a body. */
export class Entry {
  readonly bytes: Uint8Array;
  /** The version byte; -1 where there are no bytes. */
  readonly version: number;
  /** What the body says to a decoder of the right version; null if nothing. */
  readonly record: ActionChainRecord | null;
  /** What folding it pushes; null if nothing. */
  readonly pushes: FailureRecord | null;

  constructor(codec: 'msgpack' | 'postcard', bytes: Uint8Array, room: Room) {
    // A copy: the log may reuse its buffer.
    this.bytes = room.keep(bytes);
    this.version = this.bytes[0] ?? -1;
    this.record = readBody(codec, this.bytes);
    this.pushes = this.record === null ? null : foldedEntry(this.record);
  }
}

/** The record in an encoded one, whatever its version byte says; null if there is none. */
export function readBody(codec: 'msgpack' | 'postcard', bytes: Uint8Array): ActionChainRecord | null {
  if (bytes.length === 0) return null;
  return codec === 'postcard' ? readPostcard(bytes, 1) : readMsgpack(bytes, 1);
}

type Shown = Extract<MeshEvent, { kind: 'fold' | 'log-append' }>;

class Entries {
  private readonly codecs: readonly ('msgpack' | 'postcard')[];
  private readonly kept: (Entry | undefined)[][] = [];
  private readonly room = new Room();
  private last: Shown | null = null;
  private lastEntry: Entry | null = null;

  constructor(codecs: readonly ('msgpack' | 'postcard')[]) {
    this.codecs = codecs;
    for (let chain = 0; chain <= codecs.length; chain++) this.kept.push([]);
  }

  /**
   * The entry that an event shows. All judges look at an event before anything is written again, so that its bytes are
   * compared once for all of them.
   */
  shown(event: Shown): Entry {
    if (event === this.last && this.lastEntry !== null) return this.lastEntry;
    const entry = this.read(event.kind === 'fold' ? event.chain : event.node, event.seq, event.payload);
    this.last = event;
    this.lastEntry = entry;
    return entry;
  }

  read(chain: number, seq: bigint, bytes: Uint8Array): Entry {
    const entries = this.kept[chain];
    const index = numberOf(seq);
    const known = entries?.[index];
    if (known !== undefined && sameBytes(known.bytes, bytes)) return known;
    const entry = new Entry(this.codecs[chain - 1] ?? 'msgpack', bytes, this.room);
    // Seqs follow each other; one far ahead is not kept, lest a wrong seq make a huge list.
    if (entries !== undefined && index <= entries.length + 1024) {
      while (entries.length <= index) entries.push(undefined);
      entries[index] = entry;
    }
    return entry;
  }
}

const ofRun = new WeakMap<MeshView, Entries>();

/** The entries of the run that the view shows. */
export function entriesOf(view: MeshView): Entries {
  const known = ofRun.get(view);
  if (known !== undefined) return known;
  const entries = new Entries(view.config.codecs);
  ofRun.set(view, entries);
  return entries;
}
