/**
 * What a writer may send next to one node that follows its chain. After a request from seq s these are the entries s, s +
 * 1, …, each once, until another request moves it. The writer looks at a request in the millisecond in which it comes, or
 * when it resumes after a pause, and nobody sees when. Until that is over, what it may send is kept for each possible
 * number of requests looked at.
 */
export class Feed {
  /** Requests that the writer may not have looked at yet, oldest first. */
  private readonly waiting: number[] = [];
  private waitingSinceMs = 0;
  private paused = false;
  /** What may be sent next, -1 for anything, … */
  private readonly nexts: number[] = [-1];
  /** … and how many of the waiting requests have been looked at in that case. */
  private readonly looked: number[] = [0];

  /** What may be sent next, in words. */
  get expected(): string {
    return [...new Set(this.nexts)].sort((a, b) => a - b).join(' or ');
  }

  requested(seq: number, nowMs: number): void {
    this.lookAtAll(nowMs);
    this.waiting.push(seq);
    this.waitingSinceMs = nowMs;
    this.nexts.push(seq);
    this.looked.push(this.waiting.length);
  }

  pause(nowMs: number): void {
    this.lookAtAll(nowMs);
    this.paused = true;
  }

  resume(nowMs: number): void {
    this.paused = false;
    this.waitingSinceMs = nowMs;
  }

  /** The entry is sent. False if it must not be; nothing changes then. */
  sent(seq: number, nowMs: number): boolean {
    this.lookAtAll(nowMs);
    const { nexts, looked, waiting } = this;
    if (nexts.length === 1 && nexts[0] === seq) {
      nexts[0] = seq + 1;
      return true;
    }
    let left = 0;
    let fewest = waiting.length;
    for (let at = 0; at < nexts.length; at++) {
      const count = looked[at] ?? 0;
      if (nexts[at] !== seq && nexts[at] !== -1) continue;
      if (count < fewest) fewest = count;
      looked[left++] = count;
    }
    if (left === 0) return false;
    // With no request waiting, all remaining cases are the same.
    if (waiting.length === 0) left = 1;
    looked.length = left;
    nexts.length = left;
    nexts.fill(seq + 1);
    for (let count = fewest + 1; count <= waiting.length; count++) {
      nexts.push(waiting[count - 1] ?? -1);
      looked.push(count);
    }
    return true;
  }

  /** What came in an earlier millisecond has been looked at by now. */
  private lookAtAll(nowMs: number): void {
    const { nexts, looked, waiting } = this;
    if (waiting.length === 0 || this.paused || this.waitingSinceMs >= nowMs) return;
    let left = 0;
    for (let at = 0; at < nexts.length; at++) {
      if (looked[at] === waiting.length) nexts[left++] = nexts[at] ?? -1;
    }
    nexts.length = left;
    looked.length = left;
    looked.fill(0);
    waiting.length = 0;
  }
}
