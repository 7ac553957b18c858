/**
 * A run that takes much memory may be the end of its process: V8 ends it where a heap is full and cannot be made to say so.
 * A command that makes one run has no host, which takes time to start; once its run has become large it is given to one,
 * from its beginning, and the command lives to tell what became of it.
 */
import type { Outcome } from '../../sweep/workers/supervised.ts';
import { Ticker } from '../../sweep/workers/ticker.ts';
import { isHost } from '../process/signals.ts';
import type { RunAnswer, RunJob, Runs } from './run-jobs.ts';

/** All that a process with a large run holds; a run of a generated scenario comes to a fifth of it. */
const LARGE_BYTES = 805_306_368;

interface LargeRun {
  readonly job: RunJob;
  readonly limitMs: number;
  /** What the command is given in the host: the same, with the seed that was drawn. */
  readonly args: readonly string[];
}

/** What is known of a run that was given to a host: that it has told everything itself, or that it was lost. */
type HostedEnd = { readonly kind: 'told by a host' } | HostedLoss;

export interface HostedLoss {
  readonly kind: 'host lost';
  readonly problem: string;
}

export async function runOrHost(runs: Runs, { job, limitMs, args }: LargeRun): Promise<Outcome<RunAnswer> | HostedEnd> {
  let large = false;
  const ticker = new Ticker(() => {
    if (large || process.memoryUsage.rss() < LARGE_BYTES || isHost() || process.execArgv.length > 0) return;
    large = true;
    void runs.end();
  });
  const outcome = await runs.ask(job, limitMs);
  ticker.stop();
  if (!large || outcome.kind !== 'stopped') return outcome;
  const { leftToHost, lossText } = await import('../process/host.ts');
  let problem: string | undefined;
  await leftToHost({
    options: [],
    args,
    onLost: (lost) => {
      problem = lossText(lost);
    },
  });
  return problem === undefined ? { kind: 'told by a host' } : { kind: 'host lost', problem };
}
