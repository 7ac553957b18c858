/**
 * A worker thread from its start to its end. A thread in a native call that does not return cannot be ended. After a while
 * it is given up, and so is any process that it waits for. It takes no further part in anything, but its own process cannot
 * end while it lives.
 */
import { Worker } from 'node:worker_threads';
import { describeError, isOf } from '../../scenario/blame/thrown.ts';
import { endDescendants } from './descendants.ts';
import { afterTicks } from './limits.ts';

/**
 * Limits of a worker's young generation. A run leaves nothing behind but its result. So in a young generation that holds
 * many runs nearly everything is dead at a collection, and little has to be copied. With Node's default size, a good sixth
 * of the time went there, on threads of the collector, which two workers then have to share. A larger one no longer fits a
 * processor's cache, and costs what it saves.
 */
export const WORKER_LIMITS = { maxYoungGenerationSizeMb: 192 } as const;

export type ThreadEnd =
  /** It said that it was done. */
  | { readonly how: 'done' }
  /** Nobody ended it. */
  | { readonly how: 'died'; readonly error: Error; readonly code: number }
  | { readonly how: 'ended' }
  /** It was to be ended, and still lives. */
  | { readonly how: 'given up' };

export interface ThreadOptions<Message> {
  readonly module: URL;
  readonly task: unknown;
  readonly heapMb: number;
  /** Whether that was its last message. */
  readonly onMessage: (message: Message) => 'done' | undefined;
}

/** A thread that has not ended this long after it was told to does not end. */
const END_MS = 5_000;

let givenUp = 0;

/** Threads of this process that were given up and still live. If there are any, only killing ends the process. */
export function threadsGivenUp(): number {
  return givenUp;
}

export class Thread<Message> {
  readonly worker: Worker;
  readonly over: Promise<ThreadEnd>;
  #giveUp: (() => void) | undefined;
  #ending = false;

  constructor({ module, task, heapMb, onMessage }: ThreadOptions<Message>) {
    this.worker = new Worker(module, {
      workerData: task,
      resourceLimits: { ...WORKER_LIMITS, maxOldGenerationSizeMb: heapMb },
    });
    this.over = new Promise((resolve) => {
      let error: Error | undefined;
      let done = false;
      let over = false;
      this.worker.on('message', (message: Message) => {
        if (onMessage(message) !== 'done') return;
        // What a run left behind (a host timer, say) must not keep the thread, and with it the sweep, alive.
        done = true;
        this.end();
      });
      this.worker.on('error', (thrown) => {
        error = isOf(thrown, Error) ? thrown : new Error(describeError(thrown));
      });
      this.worker.on('exit', (code) => {
        if (over) givenUp -= 1;
        else if (done) resolve({ how: 'done' });
        else if (this.#ending && error === undefined) resolve({ how: 'ended' });
        else resolve({ how: 'died', error: error ?? new Error(`it exited with code ${code}`), code });
        over = true;
      });
      this.#giveUp = () => {
        if (over) return;
        over = true;
        givenUp += 1;
        this.worker.unref();
        resolve({ how: done ? 'done' : 'given up' });
        // It may wait for a process.
        endDescendants(process.pid);
      };
    });
  }

  /** Ends it, or gives it up after this long. */
  end(withinMs = END_MS): void {
    if (this.#ending) return;
    this.#ending = true;
    void this.worker.terminate();
    const forget = afterTicks(withinMs, () => this.#giveUp?.());
    void this.over.then(forget);
  }
}

/** Whether the thread died because its heap was full. */
export function isHeapFull(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
