/**
 * The board that all threads of a sweep read and write: a SharedArrayBuffer. Workers take seeds from it one by one, without
 * a message; each says on it what it is at; and it tells them to stop. It also holds what each worker began last, so that a
 * worker that hangs or dies names its seed and loses no other.
 *
 * Runs are known by their index from the sweep's first seed: index i is seed `from` + i.
 */

/** Runs that a worker takes before it must report them. */
export const BATCH_MAX = 64;
/** Runs of a worker that the board remembers: the unreported ones, and some before them. */
const REMEMBERED = 2 * BATCH_MAX;

const NEXT = 0;
const STOP = 1;
const GATE = 2;
/** Changes with every opening and stop, for workers that wait at the gate. */
const CALL = 3;
const HEADER = 4;

const BEGUN = 0;
const RUNNING = 1;
/** The last indexes begun, as a ring: the nth one begun stands at n modulo its length. */
const RING = 2;
const SLOT = RING + REMEMBERED;

const NO_GATE = (1n << 64n) - 1n;
/** A worker at the gate looks at it this often, in case it missed a call. */
const CALL_MS = 1000;

/** What a worker began. */
export interface Taken {
  /** The run that it is at. */
  readonly current: bigint | undefined;
  /** What it finished and has not reported. */
  readonly finished: readonly bigint[];
  /** What it reported before, the latest last. Not all of it, where that is much. */
  readonly before: readonly bigint[];
}

export class Board {
  readonly buffer: SharedArrayBuffer;
  readonly #words: BigUint64Array<SharedArrayBuffer>;
  /** The same words: only signed ones can be waited for. */
  readonly #calls: BigInt64Array<SharedArrayBuffer>;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#words = new BigUint64Array(buffer);
    this.#calls = new BigInt64Array(buffer);
  }

  static ofSlots(slots: number): Board {
    const board = new Board(new SharedArrayBuffer((HEADER + slots * SLOT) * BigUint64Array.BYTES_PER_ELEMENT));
    board.openTo(NO_GATE);
    return board;
  }

  /**
   * The next index that nobody has taken. `'gate'` if it is not handed out yet, undefined from `limit` on. Every index
   * below is handed out once.
   */
  next(limit: bigint): bigint | 'gate' | undefined {
    for (;;) {
      const index = Atomics.load(this.#words, NEXT);
      if (index >= limit) return undefined;
      if (index >= Atomics.load(this.#words, GATE)) return 'gate';
      if (Atomics.compareExchange(this.#words, NEXT, index, index + 1n) === index) return index;
    }
  }

  /** Hands out indexes up to this one and no further. Without a call there is no gate. */
  openTo(index: bigint): void {
    Atomics.store(this.#words, GATE, index);
    this.#call();
  }

  /** Blocks this thread until the gate is opened further, or all are told to stop. May return sooner. */
  waitAtGate(): void {
    const call = Atomics.load(this.#calls, CALL);
    const shut = Atomics.load(this.#words, NEXT) >= Atomics.load(this.#words, GATE);
    if (shut && !this.stopped) Atomics.wait(this.#calls, CALL, call, CALL_MS);
  }

  /** Number of indexes handed out. */
  get handedOut(): bigint {
    return Atomics.load(this.#words, NEXT);
  }

  /** Tells all workers to end after their current run. */
  stop(): void {
    Atomics.store(this.#words, STOP, 1n);
    this.#call();
  }

  get stopped(): boolean {
    return Atomics.load(this.#words, STOP) !== 0n;
  }

  /** A worker says that it begins a run. */
  begin(slot: number, index: bigint): void {
    const at = slotAt(slot);
    Atomics.store(this.#words, at + RING + (this.begun(slot) % REMEMBERED), index);
    Atomics.store(this.#words, at + RUNNING, 1n);
    Atomics.add(this.#words, at + BEGUN, 1n);
  }

  /** A worker says that its run has ended. */
  end(slot: number): void {
    Atomics.store(this.#words, slotAt(slot) + RUNNING, 0n);
  }

  /** Runs begun by this slot's worker. It changes as long as the worker makes progress. */
  begun(slot: number): number {
    return Number(Atomics.load(this.#words, slotAt(slot) + BEGUN));
  }

  /** What the slot's worker is at. */
  current(slot: number): bigint | undefined {
    const begun = this.begun(slot);
    const running = begun > 0 && Atomics.load(this.#words, slotAt(slot) + RUNNING) !== 0n;
    return running ? this.#nth(slot, begun - 1) : undefined;
  }

  /** What the slot's worker began, of which it has reported the first `reported`. */
  taken(slot: number, reported: number): Taken {
    const begun = this.begun(slot);
    const current = this.current(slot);
    const ended = current === undefined ? begun : begun - 1;
    return {
      current,
      finished: this.#between(slot, reported, ended),
      before: this.#between(slot, Math.max(0, begun - REMEMBERED), reported),
    };
  }

  /** Whether the slot's worker is at no run, and gets none before the gate is opened further. */
  idleAtGate(slot: number): boolean {
    const shut = Atomics.load(this.#words, NEXT) >= Atomics.load(this.#words, GATE);
    return shut && Atomics.load(this.#words, slotAt(slot) + RUNNING) === 0n;
  }

  /** Makes the slot ready for another worker. */
  clear(slot: number): void {
    this.#words.fill(0n, slotAt(slot), slotAt(slot + 1));
  }

  #between(slot: number, first: number, end: number): readonly bigint[] {
    return Array.from({ length: Math.max(0, end - first) }, (_, i) => this.#nth(slot, first + i));
  }

  #nth(slot: number, nth: number): bigint {
    return Atomics.load(this.#words, slotAt(slot) + RING + (nth % REMEMBERED));
  }

  #call(): void {
    Atomics.add(this.#calls, CALL, 1n);
    Atomics.notify(this.#calls, CALL);
  }
}

function slotAt(slot: number): number {
  return HEADER + slot * SLOT;
}
