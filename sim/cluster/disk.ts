/**
 * A disk on virtual time: bytes written are volatile until a sync that began afterwards has ended; a crash keeps what is
 * synced and as much of the rest as the cut says.
 */
import { MisuseError } from '../kernel/misuse.ts';

/** What a disk asks of the world it stands in. */
export interface DiskHost {
  /** Virtual milliseconds. */
  now(): number;
  /** Waits as long as one sync takes now; gives when it began. */
  syncDelay(): Promise<number>;
  /** A sync that began then has ended: `bytes` are durable. */
  synced?(bytes: number, beganMs: number): void;
  /** Bytes were written, up to `end`. */
  wrote?(bytes: Uint8Array, end: number): void;
}

/** A file starts with room for this much. */
const START_BYTES = 1024;

export class SimDisk {
  /** Carved out of a pool, as is what it grows to and what is read: buffers of their own cost several times as much. */
  #content: Uint8Array = Buffer.allocUnsafe(START_BYTES);
  #written = 0;
  #synced = 0;
  /** Ends of the writes that are not synced yet, oldest first. */
  #pendingEnds: number[] = [];
  #host: DiskHost;

  constructor(host: DiskHost) {
    this.#host = host;
  }

  /** A restarted node has another host for the same medium. */
  attach(host: DiskHost): void {
    this.#host = host;
  }

  /** Bytes in the file. */
  get written(): number {
    return this.#written;
  }

  /** Bytes that survive any crash. */
  get synced(): number {
    return this.#synced;
  }

  /** What is in the file now: a view, good until the next write. */
  get content(): Uint8Array {
    return this.#content.subarray(0, this.#written);
  }

  load(): Uint8Array {
    const content = Buffer.allocUnsafe(this.#written);
    content.set(this.content);
    return content;
  }

  write(bytes: Uint8Array): void {
    const end = this.#written + bytes.length;
    if (end > this.#content.length) {
      const grown = Buffer.allocUnsafe(Math.max(end, this.#content.length * 2));
      grown.set(this.content);
      this.#content = grown;
    }
    this.#content.set(bytes, this.#written);
    this.#written = end;
    this.#pendingEnds.push(end);
    this.#host.wrote?.(bytes, end);
  }

  sync(): Promise<void> {
    const covered = this.#written;
    return this.#host.syncDelay().then((beganMs) => this.#durable(covered, beganMs));
  }

  syncNow(): void {
    this.#durable(this.#written, this.#host.now());
  }

  truncate(length: number): void {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new MisuseError(`a file's length is a whole number of bytes from 0: ${length}`);
    }
    this.#written = Math.min(length, this.#written);
    this.#synced = Math.min(length, this.#synced);
    this.#pendingEnds = this.#pendingEnds.filter((end) => end <= this.#written);
  }

  /** Lengths a torn tail may have: strictly inside a write that is not synced. */
  tornCuts(): readonly { readonly from: number; readonly to: number }[] {
    const cuts: { from: number; to: number }[] = [];
    let start = this.#synced;
    for (const end of this.#pendingEnds) {
      if (end - start > 1) cuts.push({ from: start + 1, to: end - 1 });
      start = end;
    }
    return cuts;
  }

  /** Lengths at which the file ends with a whole write: what is synced, and the end of each write after it. */
  wholeCuts(): readonly number[] {
    return [this.#synced, ...this.#pendingEnds];
  }

  /** Loses everything past `length`, which is not below what is synced; another crash may lose what is left of the rest. */
  crash(length: number): void {
    this.#written = Math.max(this.#synced, Math.min(length, this.#written));
    const ends = this.#pendingEnds.filter((end) => end < this.#written);
    if (this.#written > this.#synced) ends.push(this.#written);
    this.#pendingEnds = ends;
  }

  #durable(bytes: number, beganMs: number): void {
    if (bytes <= this.#synced) return;
    this.#synced = bytes;
    const last = this.#pendingEnds.at(-1);
    this.#pendingEnds = last === undefined || last <= bytes ? [] : this.#pendingEnds.filter((end) => end > bytes);
    this.#host.synced?.(bytes, beganMs);
  }
}
