/** Runs apart from the sweep: the first of them as the first run of a fresh thread, each within its limits. */
import type { RunResult } from '../../scenario/run/result.ts';
import type { World } from '../../world.ts';
import type { Source } from '../source.ts';
import { died, neverReturned, overMemory, overTime } from '../workers/given-up.ts';
import { afterTicks, heldBytes, type RunLimits } from '../workers/limits.ts';
import { stacksOfThread } from '../workers/stack-of-thread.ts';
import { Thread } from '../workers/thread.ts';
import { Ticker } from '../workers/ticker.ts';
import type { FewReport, FewRuns, Late } from '../workers/worker.ts';

/** How long a thread may take to tell its stack. */
export const STACK_MS = 2_000;
/** How long an interrupted thread may live on before it is given up. */
const INTERRUPTED_END_MS = 500;

export interface AloneOptions {
  readonly source: Source;
  /** Says which files are the world's own code. */
  readonly world: Pick<World, 'wiring'>;
  /** Module of the thread. */
  readonly worker: URL;
  readonly limits: RunLimits;
  /** Bytes that the process may hold meanwhile. */
  readonly heldMax: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Alone {
  readonly run: RunResult;
  /** Whether the run came to its own end. */
  readonly ended: boolean;
}

interface FewEnded {
  /** In order of the seeds, as far as the thread came. Only the last may not have ended. */
  readonly made: readonly Alone[];
  readonly late: Late | undefined;
}

/** One run alone: whatever it comes to is its own doing. Undefined if it was interrupted, or if no thread came that far. */
export async function runAlone(seed: bigint, options: AloneOptions): Promise<Alone | undefined> {
  const { made } = await inThread([seed], options);
  return made[0];
}

/**
 * Runs one after another. Where one takes its thread down, the rest go on in a fresh thread. Returns as many as were made.
 */
export async function runInTurn(seeds: readonly bigint[], options: AloneOptions): Promise<readonly Alone[]> {
  const all: Alone[] = [];
  while (all.length < seeds.length) {
    const { made } = await inThread(seeds.slice(all.length), options);
    if (made.length === 0) break;
    all.push(...made);
  }
  return all;
}

/** The first of these runs that leaves something behind which throws within a time after the last of them. */
export async function lateOf(
  seeds: readonly bigint[],
  lingerMs: number,
  options: AloneOptions,
): Promise<Late | undefined> {
  return (await inThread(seeds, options, lingerMs)).late;
}

async function inThread(seeds: readonly bigint[], options: AloneOptions, lingerMs?: number): Promise<FewEnded> {
  const { source, world, worker, limits, heldMax, signal } = options;
  if (signal?.aborted === true) return { made: [], late: undefined };
  const task: FewRuns = { kind: 'few', source, seeds, traced: lingerMs !== undefined };
  const made: Alone[] = [];
  let begun = 0;
  let late: Late | undefined;
  let why: 'memory' | 'time' | 'interrupted' | undefined;
  let stacks: readonly string[] = [];
  const thread: Thread<FewReport> = new Thread({
    module: worker,
    task,
    heapMb: limits.heapMb,
    onMessage: (report) => {
      forget();
      if (report === 'begun') {
        begun += 1;
        forget = afterTicks(limits.wallMs, giveUp);
        return undefined;
      }
      if ('lateOf' in report) {
        late ??= report;
        return 'done';
      }
      made.push({ run: report, ended: true });
      if (made.length < seeds.length) forget = afterTicks(limits.startMs, giveUp);
      else if (lingerMs === undefined) return 'done';
      else forget = afterTicks(lingerMs, () => thread.end());
      return undefined;
    },
  });
  const end = (because: typeof why): void => {
    why ??= because;
    thread.end(because === 'interrupted' ? INTERRUPTED_END_MS : undefined);
  };
  const giveUp = async (): Promise<void> => {
    if (begun > 0) stacks = await stacksOfThread(thread.worker, STACK_MS);
    end('time');
  };
  let forget = afterTicks(limits.startMs, giveUp);
  const memory = new Ticker(() => {
    if (made.length < begun && heldBytes() > heldMax) end('memory');
  });
  const interrupt = (): void => end('interrupted');
  signal?.addEventListener('abort', interrupt, { once: true });
  const over = await thread.over;
  forget();
  memory.stop();
  signal?.removeEventListener('abort', interrupt);
  const seed = seeds[made.length];
  const isUnderWay = begun > made.length && over.how !== 'done' && why !== 'interrupted';
  if (seed === undefined || !isUnderWay) return { made, late };
  const resultOf = (): RunResult => {
    if (why === 'memory') return overMemory(seed, limits);
    if (over.how === 'given up') return neverReturned(seed, limits);
    if (over.how === 'died') return died(seed, over.error, limits);
    return overTime(seed, limits, { world, stacks });
  };
  return { made: [...made, { run: resultOf(), ended: false }], late };
}
