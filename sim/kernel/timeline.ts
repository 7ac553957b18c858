/**
 * What is due when: one bucket a millisecond.
 *
 * Most waits share their millisecond with others, so buckets beat a heap of waits. A bucket is a list through the waits
 * themselves, as a wait is due at one time at most. Buckets of the next second stand in a wheel, one slot a millisecond,
 * with a bit map of those in use; later ones in a map, with a heap of their times. Waits that were claimed by another
 * source of their select, or discarded, stay in their bucket until there are more of them than live ones; then all
 * buckets are swept at once.
 */
import { isDead, WAITING, type Wait } from './wait.ts';

/** Slots of the wheel: a power of two. */
const SLOTS = 1024;
const WORDS = SLOTS / 32;
/** Below this many stale entries a sweep costs more than it frees. */
const STALE_KEPT = 1024;

/** Waits in order of registration. */
interface Bucket {
  first: Wait | undefined;
  last: Wait;
}

// Private without #: see scheduler.ts.
export class Timeline {
  /** What is due within `SLOTS` milliseconds, first and last of each bucket, at its time modulo `SLOTS`. */
  private readonly nearFirst: (Wait | undefined)[] = new Array(SLOTS).fill(undefined);
  private readonly nearLast: (Wait | undefined)[] = new Array(SLOTS).fill(undefined);
  /** A bit for each slot in use. */
  private readonly nearUsed = new Int32Array(WORDS);
  private readonly far = new Map<number, Bucket>();
  /** The times of `far`: a heap. */
  private readonly farMs: number[] = [];
  /** The time of the bucket taken last. */
  private nowMs = 0;
  private entries = 0;
  private stale = 0;

  /** `atMs` is in the future. */
  add(atMs: number, wait: Wait): void {
    wait.next = undefined;
    wait.timed = true;
    this.entries += 1;
    if (atMs - this.nowMs >= SLOTS) {
      this.addFar(atMs, wait);
      return;
    }
    const slot = atMs & (SLOTS - 1);
    const last = this.nearLast[slot];
    if (last === undefined) {
      this.nearFirst[slot] = wait;
      this.mark(slot, true);
    } else {
      last.next = wait;
    }
    this.nearLast[slot] = wait;
  }

  /** An entry was claimed elsewhere. */
  wentStale(wait: Wait): void {
    if (!wait.timed) return;
    this.stale += 1;
    if (this.stale > STALE_KEPT && this.stale * 2 > this.entries) this.sweep();
  }

  /** The next time at which something is due, or -1. */
  nextMs(): number {
    for (;;) {
      const nearMs = this.nextNearMs();
      const farMs = this.farMs[0] ?? -1;
      const atMs = farMs < 0 || (nearMs >= 0 && nearMs < farMs) ? nearMs : farMs;
      if (atMs === nearMs && atMs >= 0) {
        // Mostly the first of a near bucket is due.
        const first = this.nearFirst[atMs & (SLOTS - 1)];
        if (first !== undefined && isDue(first)) return atMs;
      }
      if (atMs < 0 || this.holdsDue(atMs, nearMs === atMs, farMs === atMs)) return atMs;
    }
  }

  /** The waits of the next time, which `nextMs` has just named, as a list; they are no longer on the timeline. */
  take(atMs: number): Wait | undefined {
    this.nowMs = atMs;
    const near = this.takeNear(atMs);
    if (this.farMs[0] !== atMs) return near;
    // Whoever registered that long before was first.
    const far = this.takeFar(atMs);
    if (far === undefined) return near;
    far.last.next = near;
    return far.first;
  }

  /** Says of a wait of a taken list that it has been dealt with. */
  taken(wait: Wait): void {
    wait.next = undefined;
    wait.timed = false;
    this.entries -= 1;
    if (this.stale > this.entries) this.stale = this.entries;
  }

  private addFar(atMs: number, wait: Wait): void {
    const bucket = this.far.get(atMs);
    if (bucket === undefined) {
      this.far.set(atMs, { first: wait, last: wait });
      pushTime(this.farMs, atMs);
    } else {
      bucket.last.next = wait;
      bucket.last = wait;
    }
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

  /** Whether a bucket holds something that is due. What is at its head and is not, is dropped; an empty bucket as well. */
  private holdsDue(atMs: number, near: boolean, far: boolean): boolean {
    if (far) {
      const bucket = this.far.get(atMs);
      const first = this.dropUndue(bucket?.first);
      if (bucket !== undefined) bucket.first = first;
      if (first !== undefined) return true;
      this.takeFar(atMs);
    }
    if (!near) return false;
    const slot = atMs & (SLOTS - 1);
    const first = this.dropUndue(this.nearFirst[slot]);
    if (first === undefined) this.takeNear(atMs);
    else this.nearFirst[slot] = first;
    return first !== undefined;
  }

  private dropUndue(first: Wait | undefined): Wait | undefined {
    let wait = first;
    while (wait !== undefined && !isDue(wait)) {
      const { next } = wait;
      this.taken(wait);
      wait = next;
    }
    return wait;
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

  /** Takes the bucket of the first of the far times. */
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

  /** Takes out whatever nothing will resume any more. */
  private sweep(): void {
    for (let slot = 0; slot < SLOTS; slot++) {
      if (this.nearLast[slot] === undefined) continue;
      const bucket = this.withoutDead(this.nearFirst[slot]);
      this.nearFirst[slot] = bucket?.first;
      this.nearLast[slot] = bucket?.last;
      if (bucket === undefined) this.mark(slot, false);
    }
    const times = this.farMs.splice(0);
    for (const atMs of times) {
      const bucket = this.withoutDead(this.far.get(atMs)?.first);
      if (bucket === undefined) {
        this.far.delete(atMs);
      } else {
        this.far.set(atMs, bucket);
        pushTime(this.farMs, atMs);
      }
    }
    this.stale = 0;
  }

  private withoutDead(first: Wait | undefined): Bucket | undefined {
    let kept: Bucket | undefined;
    let wait = first;
    while (wait !== undefined) {
      const { next } = wait;
      wait.next = undefined;
      if (isDead(wait)) {
        this.taken(wait);
      } else if (kept === undefined) {
        kept = { first: wait, last: wait };
      } else {
        kept.last.next = wait;
        kept.last = wait;
      }
      wait = next;
    }
    return kept;
  }
}

/** A ready wait may yet go back to waiting; its select then registers its deadline anew. */
function isDue(wait: Wait): boolean {
  return wait.state === WAITING && !wait.task.ended;
}

/** Of a word that has one, the number of its lowest bit: by a de Bruijn sequence. */
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
