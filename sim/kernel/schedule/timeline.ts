/**
 * What is due when: one bucket a millisecond.
 *
 *     now = 1500          near: a wheel of 1,024 slots, slot = time modulo 1,024          far: a map, and a heap of its times
 *
 *     slot   476   477   …   500   …                                                      3000 ──▶ wait ⇄ wait
 *            1500  1501      1524                                                         9000 ──▶ wait
 *     used   1     0         1                one bit a slot                              heap: 3000, 9000
 *            │               │
 *            wait            wait ⇄ wait ⇄ wait     a bucket: a list through the waits, in order of registration
 *
 * Most waits share their millisecond with others, so buckets beat a heap of waits. The list needs no nodes of its own, because
 * a wait is due at one time at most. When another source of its select resumes a wait, it is taken out at once. Waits of
 * killed tasks stay until their time comes.
 */
import { WAITING, type Wait } from './wait.ts';

/** Slots of the wheel: a power of two. */
const SLOTS = 1024;
const WORDS = SLOTS / 32;

/** A list of waits, in order of registration. */
interface Bucket {
  first: Wait | undefined;
  last: Wait | undefined;
}

// Private without #: see scheduler.ts.
export class Timeline {
  /** First and last wait of each near bucket, at its time modulo `SLOTS`. */
  private readonly nearFirst: (Wait | undefined)[] = new Array(SLOTS).fill(undefined);
  private readonly nearLast: (Wait | undefined)[] = new Array(SLOTS).fill(undefined);
  /** One bit for each slot in use. */
  private readonly nearUsed = new Int32Array(WORDS);
  private readonly far = new Map<number, Bucket>();
  /** The times of `far`, as a heap. */
  private readonly farMs: number[] = [];
  /** Time of the bucket taken last. */
  private nowMs = 0;
  /** Number of waits on the timeline, including those of killed tasks. */
  size = 0;

  /** `atMs` must be in the future. */
  add(atMs: number, wait: Wait): void {
    wait.dueMs = atMs;
    this.size += 1;
    if (atMs - this.nowMs >= SLOTS) {
      this.addFar(atMs, wait);
      return;
    }
    const slot = atMs & (SLOTS - 1);
    const last = this.nearLast[slot];
    wait.previous = last;
    if (last === undefined) {
      this.nearFirst[slot] = wait;
      this.mark(slot, true);
    } else {
      last.next = wait;
    }
    this.nearLast[slot] = wait;
  }

  /** Takes out a wait, if it is on the timeline. */
  remove(wait: Wait): void {
    const { dueMs } = wait;
    if (dueMs < 0) return;
    const slot = dueMs & (SLOTS - 1);
    const near = this.nearFirst[slot] === wait || this.nearLast[slot] === wait;
    const { previous } = wait;
    const next = this.taken(wait);
    if (next !== undefined) next.previous = previous;
    if (previous !== undefined) previous.next = next;
    if (next !== undefined && previous !== undefined) return;
    if (near) {
      if (previous === undefined) this.nearFirst[slot] = next;
      if (next === undefined) this.nearLast[slot] = previous;
      if (next === undefined && previous === undefined) this.mark(slot, false);
      return;
    }
    const bucket = this.far.get(dueMs);
    if (bucket === undefined) return;
    if (previous === undefined) bucket.first = next;
    if (next === undefined) bucket.last = previous;
  }

  /** The next time at which something is due, or -1. */
  nextMs(): number {
    for (;;) {
      const nearMs = this.nextNearMs();
      const farMs = this.farMs[0] ?? -1;
      const atMs = farMs < 0 || (nearMs >= 0 && nearMs < farMs) ? nearMs : farMs;
      if (atMs === nearMs && atMs >= 0) {
        // Usually the first wait of a near bucket is due.
        const first = this.nearFirst[atMs & (SLOTS - 1)];
        if (first !== undefined && isDue(first)) return atMs;
      }
      if (atMs < 0 || this.holdsDue(atMs, nearMs === atMs, farMs === atMs)) return atMs;
    }
  }

  /** The waits of the time that `nextMs` has just returned, as a list. They are no longer on the timeline. */
  take(atMs: number): Wait | undefined {
    this.nowMs = atMs;
    const near = this.takeNear(atMs);
    if (this.farMs[0] !== atMs) return near;
    // Waits in the far bucket were registered earlier, so they come first.
    const far = this.takeFar(atMs);
    if (far?.last === undefined) return near;
    far.last.next = near;
    return far.first;
  }

  /** Marks a wait of a taken list as handled, and returns the next one. */
  taken(wait: Wait): Wait | undefined {
    const { next } = wait;
    this.size -= 1;
    wait.dueMs = -1;
    wait.next = undefined;
    wait.previous = undefined;
    return next;
  }

  private addFar(atMs: number, wait: Wait): void {
    const bucket = this.far.get(atMs);
    if (bucket === undefined) {
      this.far.set(atMs, { first: wait, last: wait });
      pushTime(this.farMs, atMs);
      return;
    }
    const { last } = bucket;
    wait.previous = last;
    if (last === undefined) bucket.first = wait;
    else last.next = wait;
    bucket.last = wait;
  }

  private nextNearMs(): number {
    const used = this.nearUsed;
    const from = (this.nowMs + 1) & (SLOTS - 1);
    let word = from >> 5;
    let bits = (used[word] ?? 0) & (-1 << (from & 31));
    for (let i = 0; i <= WORDS; i++) {
      if (bits !== 0) {
        const slot = (word << 5) + lowestBit(bits);
        return this.nowMs + 1 + ((slot - from) & (SLOTS - 1));
      }
      word = (word + 1) & (WORDS - 1);
      bits = used[word] ?? 0;
    }
    return -1;
  }

  /**
   * Whether a bucket holds something that is due. Waits at its head that are not due are dropped, and so is an empty
   * bucket.
   */
  private holdsDue(atMs: number, near: boolean, far: boolean): boolean {
    if (far) {
      if (this.dropUndue(this.far.get(atMs)?.first)) return true;
      this.takeFar(atMs);
    }
    if (!near) return false;
    return this.dropUndue(this.nearFirst[atMs & (SLOTS - 1)]);
  }

  private dropUndue(first: Wait | undefined): boolean {
    let wait = first;
    while (wait !== undefined && !isDue(wait)) {
      const { next } = wait;
      this.remove(wait);
      wait = next;
    }
    return wait !== undefined;
  }

  private takeNear(atMs: number): Wait | undefined {
    const slot = atMs & (SLOTS - 1);
    const first = this.nearFirst[slot];
    if (this.nearLast[slot] === undefined) return undefined;
    this.nearFirst[slot] = undefined;
    this.nearLast[slot] = undefined;
    this.mark(slot, false);
    return first;
  }

  /** Takes the bucket of the first far time. */
  private takeFar(atMs: number): Bucket | undefined {
    const bucket = this.far.get(atMs);
    this.far.delete(atMs);
    popTime(this.farMs);
    return bucket;
  }

  private mark(slot: number, used: boolean): void {
    const word = slot >> 5;
    const bit = 1 << (slot & 31);
    const bits = this.nearUsed[word] ?? 0;
    this.nearUsed[word] = used ? bits | bit : bits & ~bit;
  }
}

/** A ready wait may go back to waiting. Its select then registers its deadline again. */
function isDue(wait: Wait): boolean {
  return wait.state === WAITING && !wait.task.ended;
}

/** Number of the lowest bit of a word that has one, by a de Bruijn sequence. */
function lowestBit(bits: number): number {
  return BIT_OF[Math.imul(bits & -bits, 0x077cb531) >>> 27] ?? 0;
}

const BIT_OF = new Int8Array(32);
for (let bit = 0; bit < 32; bit++) BIT_OF[Math.imul(1 << bit, 0x077cb531) >>> 27] = bit;

function pushTime(heap: number[], time: number): void {
  let at = heap.length;
  heap.push(time);
  while (at > 0) {
    const up = (at - 1) >> 1;
    const above = heap[up];
    if (above === undefined || above <= time) break;
    heap[at] = above;
    at = up;
  }
  heap[at] = time;
}

function popTime(heap: number[]): void {
  const last = heap.pop();
  const size = heap.length;
  if (last === undefined || size === 0) return;
  let at = 0;
  for (;;) {
    let down = 2 * at + 1;
    let below = heap[down];
    if (below === undefined) break;
    const right = heap[down + 1];
    if (right !== undefined && right < below) {
      down += 1;
      below = right;
    }
    if (below >= last) break;
    heap[at] = below;
    at = down;
  }
  heap[at] = last;
}
