/** What is observed of an executor from outside. The one that runs writes it, the model reads it. No behaviour here. */
import type { DaemonRef, MeshOsAction } from '../src/action/action.ts';
import type { ActionChainRecord, FailureRecord } from '../src/chain/records.ts';
import type { AdmitDecision, ExecutorConfig } from '../src/executor/ports.ts';
import type { SendOutcome } from '../src/runtime/port.ts';

export interface ExecutorLimits extends ExecutorConfig {
  readonly recentFailures: number;
  readonly queueCapacity: number;
}

/** What the dispatcher does when it is called: `throws` at once, everything else after a while. */
export type Answer =
  | { readonly kind: 'throws' }
  | { readonly kind: 'ok' | 'rejects'; readonly takesMs: number }
  | { readonly kind: 'fails'; readonly takesMs: number; readonly reason: string; readonly retryAfterMs: bigint | null };

export interface Submission {
  readonly id: bigint;
  readonly action: MeshOsAction;
  /** Answers to its attempts, in order. Later attempts succeed at once. */
  readonly answers: readonly Answer[];
}

export type FailingCall = 'action-append' | 'failure-append' | 'hook';

/** Something that is done to an executor, or that it does. */
export type Happening =
  | { readonly what: 'submit'; readonly submission: Submission; readonly outcome: SendOutcome }
  | { readonly what: 'gate-daemon'; readonly daemon: DaemonRef; readonly untilMs: number }
  | { readonly what: 'fail-next'; readonly call: FailingCall; readonly times: number }
  | { readonly what: 'wall-clock-jump'; readonly byMs: number }
  | { readonly what: 'close' }
  | { readonly what: 'edge'; readonly change: 'asserted' | 'released'; readonly threw: boolean }
  | { readonly what: 'admit'; readonly id: bigint; readonly decision: AdmitDecision }
  | { readonly what: 'dispatch' | 'answer' | 'release'; readonly id: bigint }
  | { readonly what: 'failure-append'; readonly record: FailureRecord; readonly refused: boolean }
  | { readonly what: 'action-append'; readonly record: ActionChainRecord; readonly refused: boolean }
  | { readonly what: 'end' };

export type Effect = Happening & { readonly atMs: number };
