/** What commands tell of their work, whoever writes it down: for terminals, as JSON, or for CI. */
import type { AnyShrunk } from '../../shrink/named.ts';
import type { Failure } from './failure.ts';
import type { GivenFlags } from './replay-command.ts';

/** Where a seed's results come from, in words, and how to get them again. */
export interface Described {
  /** Profile, semantics and the like. */
  readonly origin: string;
  readonly replay: (seed: bigint) => string;
}

/** One run, and what can be done about it if it failed. */
export interface DescribedRun extends Described {
  readonly world: Failure['world'];
  /** What to type after the replay. */
  readonly next: (seed: bigint) => string;
  readonly given?: GivenFlags;
}

export interface ShrinkTold {
  readonly seed: bigint;
  readonly path: string;
  readonly given?: GivenFlags;
  readonly seconds: number;
  readonly shrunk: AnyShrunk;
  /** Before it was minimal. */
  readonly interrupted: boolean;
}

/** What a folder of recorded vectors came to. */
export interface ConformSummary {
  readonly files: readonly {
    readonly file: string;
    readonly failures: readonly { readonly case: string; readonly message: string }[];
  }[];
  readonly passed: number;
  readonly failed: number;
}
