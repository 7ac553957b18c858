/**
 * The two appenders that every chain's seam comes with: one that forgets, for nodes without that chain, and one that
 * keeps the newest records. (Sources: the `NoOp…` and `Buffering…ChainAppender` of the action, failure and log chain.)
 */
import { BoundedRing } from '../ring/bounded-ring.ts';
import type { AppendError, Appender } from './records.ts';

/** Takes every record and keeps none. */
export class NoOpAppender<R> implements Appender<R> {
  append(_record: R): AppendError | null {
    return null;
  }
}

/** The default of every seam. */
export const NO_CHAIN: Appender<unknown> = new NoOpAppender();

/** Keeps the newest `capacity` records (0 is clamped to 1) and counts those it had to drop. */
export class BufferingAppender<R> implements Appender<R> {
  /** What is kept, oldest first. */
  readonly ring: BoundedRing<R>;

  constructor(capacity: number) {
    this.ring = new BoundedRing(capacity);
  }

  append(record: R): AppendError | null {
    this.ring.push(record);
    return null;
  }

  /** A copy of what is kept, oldest first. */
  records(): R[] {
    return this.ring.toArray();
  }

  get length(): number {
    return this.ring.length;
  }

  /** Never falls. */
  get droppedCount(): number {
    return this.ring.evicted;
  }
}
