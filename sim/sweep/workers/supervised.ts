/**
 * Work that can hang, in a thread that can be ended. The thread takes one job at a time. If a job makes no progress for too
 * long, it is stopped with its thread, and the next job goes to another thread.
 */
import { setTimeout } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { RUN_LIMITS, type RunLimits } from './limits.ts';
import { Thread, threadsGivenUp } from './thread.ts';
import { Ticker } from './ticker.ts';

/** What the thread says: that it begins a run, or what the job came to. */
export type Message<Answer> =
  | { readonly kind: 'run' }
  /** It started a process, which is to end with it. */
  | { readonly kind: 'process'; readonly pid: number }
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'thrown'; readonly error: Error; readonly name: string };

export type Outcome<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** The job threw; the error is passed on. */
  | { readonly kind: 'thrown'; readonly error: Error; readonly name: string }
  /** It took too long. `stacks`: where it was then, unknown for a native call. `begun`: whether it was at a run. */
  | { readonly kind: 'stopped'; readonly stacks: readonly string[]; readonly begun: boolean }
  /** It took too long, and its thread cannot be ended. */
  | { readonly kind: 'never returned' }
  | { readonly kind: 'died'; readonly error: Error }
  | { readonly kind: 'interrupted' };

/** How long a thread may take to say where it is. One that runs JavaScript answers at once, even on a busy host. */
const STACK_MS = 10_000;
const GRACE_MS = 300;
/** How long an interruption waits for a thread to end. */
const END_MS = 400;

export interface SupervisedOptions {
  /** Interrupts the job under way. Jobs that are asked for afterwards get no longer than the grace. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that an interruption waits for a job that may be about to end. */
  readonly graceMs?: number | undefined;
  readonly limits?: RunLimits | undefined;
}

export class Supervised<Job, Answer> {
  readonly #module: URL;
  readonly #limits: RunLimits;
  readonly #signal: AbortSignal | undefined;
  #thread: Thread<Message<Answer>> | undefined;
  #onMessage: (message: Message<Answer>) => void = () => {};

  readonly #graceMs: number;
  #heapMb: number;

  constructor(module: URL, { signal, graceMs = GRACE_MS, limits = RUN_LIMITS }: SupervisedOptions = {}) {
    this.#module = module;
    this.#signal = signal;
    this.#graceMs = graceMs;
    this.#limits = limits;
    this.#heapMb = limits.heapMb;
  }

  /** Starts the thread ahead of its first job. A thread without a job keeps no process alive. */
  start(heapMb: number = this.#heapMb): Worker {
    // One that was started ahead of time with too small limits has done nothing yet.
    if (heapMb > this.#heapMb) {
      this.#thread?.end();
      this.#thread = undefined;
    }
    this.#heapMb = Math.max(heapMb, this.#heapMb);
    if (this.#thread === undefined) {
      const thread = new Thread<Message<Answer>>({
        module: this.#module,
        task: undefined,
        heapMb: this.#heapMb,
        onMessage: (message) => {
          this.#onMessage(message);
          return undefined;
        },
      });
      thread.worker.unref();
      this.#thread = thread;
      void thread.over.then(() => {
        if (this.#thread === thread) this.#thread = undefined;
      });
    }
    return this.#thread.worker;
  }

  /** Has the job done, with a limit in milliseconds of host time for each run. */
  async ask(job: Job, wallMs: number = this.#limits.wallMs): Promise<Outcome<Answer>> {
    const worker = this.start();
    const thread = this.#thread;
    if (thread === undefined) throw new Error('a thread that was started is not there');
    let sinceMs = 0;
    let limitMs = Math.max(this.#limits.startMs, wallMs);
    let stopping = false;
    let begun = false;
    let stacks: readonly string[] = [];
    const pids: number[] = [];
    let forgetSignal = (): void => {};
    const stop = async (): Promise<void> => {
      stopping = true;
      const { stacksOfThread } = await import('./stack-of-thread.ts');
      // A module that is still being evaluated must not be inspected: see `unloaded`.
      if (begun) stacks = await stacksOfThread(worker, STACK_MS);
      thread.end();
    };
    const ticker = new Ticker(() => {
      if (!stopping && ticker.nowMs - sinceMs > limitMs) void stop();
    });
    const outcome = new Promise<Outcome<Answer>>((resolve) => {
      this.#onMessage = (message) => {
        if (message.kind === 'process') pids.push(message.pid);
        else if (message.kind !== 'run') resolve(message);
        if (message.kind === 'run') begun = true;
        sinceMs = ticker.nowMs;
        limitMs = wallMs;
      };
      void thread.over.then((end) => {
        if (end.how === 'died') resolve({ kind: 'died', error: end.error });
        else resolve(end.how === 'given up' ? { kind: 'never returned' } : { kind: 'stopped', stacks, begun });
      });
      const interrupt = (): void => {
        const grace = globalThis.setTimeout(() => {
          thread.end();
          resolve({ kind: 'interrupted' });
        }, this.#graceMs);
        forgetSignal = () => clearTimeout(grace);
      };
      if (this.#signal?.aborted === true) interrupt();
      else {
        this.#signal?.addEventListener('abort', interrupt, { once: true });
        forgetSignal = () => this.#signal?.removeEventListener('abort', interrupt);
      }
    });
    worker.ref();
    worker.postMessage(job);
    try {
      const came = await outcome;
      if (came.kind !== 'answer') pids.forEach(kill);
      return came;
    } finally {
      forgetSignal();
      ticker.stop();
      this.#onMessage = () => {};
      worker.unref();
      if (stopping && this.#thread === thread) this.#thread = undefined;
    }
  }

  /** Ends the thread. False if it does not end. */
  async end(): Promise<boolean> {
    const thread = this.#thread;
    if (thread === undefined) return threadsGivenUp() === 0;
    thread.worker.ref();
    thread.end();
    const interrupted = this.#signal?.aborted === true;
    const end = interrupted
      ? await Promise.race([thread.over, setTimeout(END_MS, null, { ref: false })])
      : await thread.over;
    return end !== null && end.how !== 'given up';
  }
}

/** Ends a process, if there is one. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
