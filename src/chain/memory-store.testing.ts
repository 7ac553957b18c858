/** A store in memory for tests of logs: says what was asked of it, and can lose what is not synced. */
import type { LogStore } from './ports.ts';

export class MemoryStore implements LogStore {
  content: Uint8Array;
  /** Bytes that survive a crash. */
  durable: number;
  readonly calls: string[] = [];
  /** Held up until the test lets go of it; by default a sync ends at once. */
  syncTakes: () => Promise<void> = async () => {};

  constructor(content: Uint8Array = new Uint8Array(0)) {
    this.content = content;
    this.durable = content.length;
  }

  load(): Uint8Array {
    return this.content.slice();
  }

  write(bytes: Uint8Array): void {
    this.calls.push(`write ${bytes.length}`);
    this.content = Uint8Array.from(Buffer.concat([this.content, bytes]));
  }

  async sync(): Promise<void> {
    this.calls.push('sync');
    const covered = this.content.length;
    await this.syncTakes();
    this.durable = Math.max(this.durable, covered);
  }

  syncNow(): void {
    this.calls.push('syncNow');
    this.durable = this.content.length;
  }

  truncate(length: number): void {
    this.calls.push(`truncate ${length}`);
    this.content = this.content.slice(0, length);
    this.durable = length;
  }

  /** Loses what is past `length`, or past what is durable. */
  crash(length = this.durable): void {
    this.content = this.content.slice(0, length);
    this.durable = this.content.length;
  }
}
