/**
 * Which entries of a log are durable. Where each entry ends in the file is seen when it is written; how much of the file is
 * durable is seen when a sync ends. This outlives the node, as the file does.
 */
export class DurableEntries {
  /** By seq. */
  private readonly ends: number[] = [];
  private bytes = 0;

  /** The entry is in the file, which was `end` bytes long with it. */
  written(seq: number, end: number): void {
    // Seqs follow each other. A seq far ahead is not kept, so that a wrong one cannot make a huge list.
    if (seq > this.ends.length + 1024) return;
    while (this.ends.length <= seq) this.ends.push(Number.POSITIVE_INFINITY);
    this.ends[seq] = end;
  }

  synced(bytes: number): void {
    this.bytes = bytes;
  }

  /** A crash left only this much of the file. */
  cut(bytes: number): void {
    this.bytes = bytes;
    while ((this.ends[this.ends.length - 1] ?? 0) > bytes) this.ends.pop();
  }

  /** What was never seen to be written is not durable. */
  has(seq: number): boolean {
    return (this.ends[seq] ?? Number.POSITIVE_INFINITY) <= this.bytes;
  }
}
