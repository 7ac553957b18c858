/**
 * The log of one chain as one node keeps it, its own or a copy: frames in seq order behind a header that names the
 * chain and its codec. Appending returns at once; what was appended becomes synced when a sync that began afterwards
 * has ended, and only synced entries may leave the node, so that no seq that another node has seen is ever given to
 * another entry. (docs/specification/control-plane.md, section 9.)
 */
import type { Result } from '../result.ts';
import {
  type ChainIdentity,
  decodeHeader,
  encodeFrame,
  encodeHeader,
  frameAt,
  framePayload,
  PAYLOAD_BYTES_MAX,
  scanFrames,
  seqNumber,
} from './frame.ts';
import type { AppendOutcome, LogStore, PayloadLog } from './ports.ts';
import { AppendError } from './records.ts';

/** Why a store's content is not taken for the log of a chain. */
export interface ChainRefusal {
  readonly kind: 'other-codec' | 'other-chain' | 'no-header';
  /** Names the chain; readable by an operator. */
  readonly message: string;
}

export interface ChainLogOptions {
  /** Sync within every append; the log then never holds an unsynced entry. Otherwise somebody has to call `sync`. */
  readonly syncWithinAppend: boolean;
  /** Called when the log, all synced until then, has got an unsynced entry. */
  onUnsynced?(): void;
  /** Called when entries have become synced. */
  onSynced?(): void;
}

export class ChainLog implements PayloadLog {
  readonly identity: ChainIdentity;
  readonly #store: LogStore;
  readonly #options: ChainLogOptions;
  /** Entry `seq` stands at index `seq - 1`. */
  readonly #frames: Uint8Array[];
  #syncedLength: number;

  private constructor(store: LogStore, identity: ChainIdentity, options: ChainLogOptions, frames: Uint8Array[]) {
    this.#store = store;
    this.identity = identity;
    this.#options = options;
    this.#frames = frames;
    this.#syncedLength = frames.length;
  }

  /**
   * Recovers what the store holds, cut at the first entry that is torn or damaged; an empty store gets a header first.
   * All that was recovered counts as synced. A store that holds another chain, or this one in another codec, is refused
   * and left as it is.
   */
  static open(store: LogStore, identity: ChainIdentity, options: ChainLogOptions): Result<ChainLog, ChainRefusal> {
    const content = store.load();
    const header = encodeHeader(identity);
    const stored = frameAt(content, 0);
    if (stored === null && isPrefix(content, header)) {
      if (content.length > 0) store.truncate(0);
      store.write(header);
      store.syncNow();
      return { ok: true, value: new ChainLog(store, identity, options, []) };
    }
    const refusal = refusalOf(stored === null ? null : decodeHeader(stored), identity);
    if (refusal !== null) return { ok: false, error: refusal };
    const { frames, end } = scanFrames(content, header.length, 1);
    if (end < content.length) store.truncate(end);
    // After a crash of the process alone, bytes survive in the host's cache that a loss of power could still take.
    store.syncNow();
    return { ok: true, value: new ChainLog(store, identity, options, frames) };
  }

  /** Entries, synced or not; the newest one's seq. */
  get length(): number {
    return this.#frames.length;
  }

  /** Entries that are synced; the newest one's seq. */
  get syncedLength(): number {
    return this.#syncedLength;
  }

  get hasUnsynced(): boolean {
    return this.#syncedLength < this.#frames.length;
  }

  append(payload: Uint8Array): AppendOutcome {
    if (payload.length > PAYLOAD_BYTES_MAX) {
      const reason = `a payload of ${payload.length} bytes is longer than an entry can be`;
      return { ok: false, error: new AppendError('action', reason) };
    }
    const seq = this.#frames.length + 1;
    this.#take(encodeFrame(seq, payload));
    return { ok: true, seq: BigInt(seq) };
  }

  /** Takes another log's intact frame as it is, so that a copy is equal byte for byte; it has to be the next one. */
  appendFrame(frame: Uint8Array): void {
    if (seqNumber(frame) !== this.#frames.length + 1) {
      throw new RangeError(`entry ${seqNumber(frame)} cannot follow entry ${this.#frames.length}`);
    }
    this.#take(frame);
  }

  /** The frame of entry `seq`, counted from 1; undefined where there is none. */
  frame(seq: number): Uint8Array | undefined {
    return this.#frames[seq - 1];
  }

  /** The same for what may leave the node: undefined also where the entry is not synced yet. */
  syncedFrame(seq: number): Uint8Array | undefined {
    return seq <= this.#syncedLength ? this.#frames[seq - 1] : undefined;
  }

  /** Makes synced what is appended now; entries that come while it runs are left to the next one. */
  async sync(): Promise<void> {
    const covered = this.#frames.length;
    await this.#store.sync();
    this.#markSynced(covered);
  }

  /** The payloads of all entries in seq order, as views. */
  payloads(): readonly Uint8Array[] {
    return this.#frames.map(framePayload);
  }

  #take(frame: Uint8Array): void {
    const wasSynced = !this.hasUnsynced;
    this.#store.write(frame);
    this.#frames.push(frame);
    if (this.#options.syncWithinAppend) {
      this.#store.syncNow();
      this.#markSynced(this.#frames.length);
    } else if (wasSynced) {
      this.#options.onUnsynced?.();
    }
  }

  #markSynced(length: number): void {
    if (length <= this.#syncedLength) return;
    this.#syncedLength = length;
    this.#options.onSynced?.();
  }
}

function refusalOf(found: ChainIdentity | null, wanted: ChainIdentity): ChainRefusal | null {
  if (found === null) {
    return { kind: 'no-header', message: `chain ${wanted.chain}: its log does not begin with a readable header` };
  }
  if (found.chain !== wanted.chain) {
    return { kind: 'other-chain', message: `chain ${wanted.chain}: its log holds chain ${found.chain}` };
  }
  if (found.codec !== wanted.codec) {
    const message = `chain ${wanted.chain} is written in ${found.codec}, and its reader is set to ${wanted.codec}`;
    return { kind: 'other-codec', message };
  }
  return null;
}

function isPrefix(bytes: Uint8Array, of: Uint8Array): boolean {
  return bytes.length <= of.length && bytes.every((byte, at) => byte === of[at]);
}
