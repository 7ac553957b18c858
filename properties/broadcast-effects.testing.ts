/** What is observed of a live broadcaster from outside. The one that runs writes it, the model reads it. */
import type { BackendKey } from '../src/broadcast/backend.ts';
import type { BroadcastOperation } from '../src/broadcast/operation.ts';
import type { BroadcastResult } from '../src/broadcast/operation-result.ts';
import type { BackendAnswer } from '../src/broadcast/ports.ts';

/** Endpoints have numbers, each its own. `sending` counts broadcasts from 0. */
export type BroadcastHappening =
  | {
      readonly what: 'register';
      readonly key: BackendKey;
      readonly endpoint: number;
      readonly live: boolean;
      readonly replaced: number | null;
    }
  | { readonly what: 'set-live'; readonly key: BackendKey; readonly live: boolean; readonly found: boolean }
  | { readonly what: 'ask'; readonly operation: BroadcastOperation }
  | { readonly what: 'pause' | 'resume' }
  | { readonly what: 'sent'; readonly endpoint: number; readonly operation: BroadcastOperation }
  | { readonly what: 'answer'; readonly endpoint: number; readonly sending: number; readonly answer: BackendAnswer }
  | { readonly what: 'result'; readonly result: BroadcastResult };

export type BroadcastEffect = BroadcastHappening & { readonly atMs: number };

/** An answer of a backend, this long after the sending; 0 is within the call. */
export interface ScriptedAnswer {
  readonly afterMs: number;
  readonly answer: BackendAnswer;
}
