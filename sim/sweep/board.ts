/**
 * The board all threads of a sweep read and write: a SharedArrayBuffer from which workers take seeds one by one without a
 * message, on which each says what it is at, and through which they are told to stop. What a worker took and has not yet
 * reported stands here, so that a worker that hangs or dies names its seed and loses no other.
 *
 * Runs are known by their index from the sweep's first seed: index i is seed `from` + i.
 */

/** Runs a worker takes before it must report them. */
export const BATCH_MAX = 64;

const NEXT = 0;
const STOP = 1;
const HEADER = 2;

const BEGUN = 0;
const RUNNING = 1;
const TAKEN = 2;
const LIST = 3;
const SLOT = LIST + BATCH_MAX;

export class Board {
  readonly buffer: SharedArrayBuffer;
  readonly #words: BigUint64Array<SharedArrayBuffer>;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#words = new BigUint64Array(buffer);
  }

  static ofSlots(slots: number): Board {
    return new Board(new SharedArrayBuffer((HEADER + slots * SLOT) * BigUint64Array.BYTES_PER_ELEMENT));
  }

  /** The next index nobody has taken, or undefined from `limit` on. Every index below is handed out, once. */
  next(limit: bigint): bigint | undefined {
    const index = Atomics.add(this.#words, NEXT, 1n);
    return index < limit ? index : undefined;
  }

  /** How many indexes have been handed out, or asked for past the limit. */
  get handedOut(): bigint {
    return Atomics.load(this.#words, NEXT);
  }

  /** Tells all workers to end after their current run. */
  stop(): void {
    Atomics.store(this.#words, STOP, 1n);
  }

  get stopped(): boolean {
    return Atomics.load(this.#words, STOP) !== 0n;
  }

  /** A worker says that it begins a run. */
  begin(slot: number, index: bigint): void {
    const at = slotAt(slot);
    const taken = Atomics.load(this.#words, at + TAKEN);
    Atomics.store(this.#words, at + LIST + Number(taken), index);
    Atomics.store(this.#words, at + TAKEN, taken + 1n);
    Atomics.add(this.#words, at + BEGUN, 1n);
    Atomics.store(this.#words, at + RUNNING, 1n);
  }

  /** A worker says that its run has ended. */
  end(slot: number): void {
    Atomics.store(this.#words, slotAt(slot) + RUNNING, 0n);
  }

  /** A worker has reported all it took. */
  reported(slot: number): void {
    Atomics.store(this.#words, slotAt(slot) + TAKEN, 0n);
  }

  /** Runs begun by this slot's worker: changes as long as it gets on. */
  begun(slot: number): number {
    return Number(Atomics.load(this.#words, slotAt(slot) + BEGUN));
  }

  /** What the worker took and has not reported, and which of these it is at. */
  unreported(slot: number): { readonly current: bigint | undefined; readonly finished: readonly bigint[] } {
    const at = slotAt(slot);
    const taken = Number(Atomics.load(this.#words, at + TAKEN));
    const indexes = Array.from({ length: taken }, (_, i) => Atomics.load(this.#words, at + LIST + i));
    const running = Atomics.load(this.#words, at + RUNNING) !== 0n;
    return { current: running ? indexes.at(-1) : undefined, finished: running ? indexes.slice(0, -1) : indexes };
  }

  /** Makes the slot ready for another worker. */
  clear(slot: number): void {
    this.#words.fill(0n, slotAt(slot), slotAt(slot + 1));
  }
}

function slotAt(slot: number): number {
  return HEADER + slot * SLOT;
}
