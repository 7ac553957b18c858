/**
 * What the thread is asked that a command's runs take place in, so that the command itself can see to limits and signals
 * whatever they do.
 */

import type { GivenFlags } from '../../report/model/replay-command.ts';
import type { ToldReplay } from '../../report/writers/replay.ts';
import type { AnyScenario } from '../../scenario/file/read.ts';
import type { RunOptions, RunResult } from '../../scenario/run/result.ts';
import { beside } from '../../sweep/workers/beside.ts';
import { Supervised } from '../../sweep/workers/supervised.ts';
import type { RunRequest, ToldRun } from './told-run.ts';

export type RunJob =
  | { readonly kind: 'run'; readonly request: RunRequest }
  /** Writes the trace of the run before. */
  | { readonly kind: 'write trace' }
  | {
      readonly kind: 'replay';
      readonly path: string;
      readonly given: GivenFlags;
      readonly colored: boolean;
    }
  | {
      readonly kind: 'scenario';
      readonly scenario: AnyScenario;
      readonly options: RunOptions;
      /** The text of `--world`. */
      readonly world: string | undefined;
    };

export type RunAnswer =
  | { readonly kind: 'told'; readonly told: ToldRun }
  | { readonly kind: 'written' }
  | { readonly kind: 'replayed'; readonly replay: ToldReplay }
  | { readonly kind: 'result'; readonly result: RunResult };

export type Runs = Supervised<RunJob, RunAnswer>;

/** The thread of the runs of this command, which an abort of `signal` ends. */
export function runsUntil(signal: AbortSignal): Runs {
  return new Supervised(beside(import.meta.url, './run-thread'), { signal });
}
