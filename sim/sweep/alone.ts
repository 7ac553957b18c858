/** One run alone, as the first of a fresh thread, within its limits: whatever it comes to is its own doing. */
import type { RunResult } from '../scenario/result.ts';
import type { World } from '../world.ts';
import { died, neverReturned, overMemory, overTime } from './given-up.ts';
import { afterTicks, heldBytes, type RunLimits } from './limits.ts';
import type { Source } from './source.ts';
import { stackOfThread } from './stack-of-thread.ts';
import { Thread } from './thread.ts';
import { Ticker } from './ticker.ts';
import type { OneReport, OneRun } from './worker.ts';

/** How long a thread may take to begin a run, */
export const START_MS = 60_000;
/** and to tell its stack. */
export const STACK_MS = 2_000;

export interface AloneOptions {
  readonly source: Source;
  /** Of which it is known what code is its own. */
  readonly world: Pick<World, 'wiring'>;
  /** Module of the thread. */
  readonly worker: URL;
  readonly limits: RunLimits;
  /** Bytes that the process may hold meanwhile. */
  readonly heldMax: number;
  /** How long the thread is kept after the run, to see what comes of what it left behind. */
  readonly lingerMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Alone {
  readonly run: RunResult;
  /** Whether the run came to its own end. */
  readonly ended: boolean;
  /** What was thrown after that, by what it had left behind. */
  readonly late?: Error;
}

/** Undefined if it was interrupted, or no thread came so far as to begin it. */
export async function runAlone(seed: bigint, options: AloneOptions): Promise<Alone | undefined> {
  const { source, world, worker, limits, heldMax, lingerMs, signal } = options;
  if (signal?.aborted === true) return undefined;
  const task: OneRun = { kind: 'one', source, seed };
  let begun = false;
  let run: RunResult | undefined;
  let why: 'memory' | 'time' | 'interrupted' | undefined;
  let stack: string | undefined;
  const thread: Thread<OneReport> = new Thread({
    module: worker,
    task,
    heapMb: limits.heapMb,
    onMessage: (report) => {
      forget();
      if (report === 'begun') {
        begun = true;
        forget = afterTicks(limits.wallMs, giveUp);
        return undefined;
      }
      run = report;
      if (lingerMs === undefined) return 'done';
      forget = afterTicks(lingerMs, () => thread.end());
      return undefined;
    },
  });
  const end = (because: typeof why): void => {
    why ??= because;
    thread.end();
  };
  const giveUp = async (): Promise<void> => {
    stack = await stackOfThread(thread.worker, STACK_MS);
    end('time');
  };
  let forget = afterTicks(START_MS, giveUp);
  const memory = new Ticker(() => {
    if (run === undefined && heldBytes() > heldMax) end('memory');
  });
  const interrupt = (): void => end('interrupted');
  signal?.addEventListener('abort', interrupt, { once: true });
  const over = await thread.over;
  forget();
  memory.stop();
  signal?.removeEventListener('abort', interrupt);
  if (run !== undefined)
    return { run, ended: true, ...(over.how === 'died' && over.code !== 0 ? { late: over.error } : {}) };
  if (why === 'interrupted' || !begun) return undefined;
  const resultOf = (): RunResult => {
    if (why === 'memory') return overMemory(seed, limits);
    if (over.how === 'given up') return neverReturned(seed, limits);
    if (over.how === 'died') return died(seed, over.error, limits);
    return overTime(seed, limits, { world, stack });
  };
  return { run: resultOf(), ended: false };
}
