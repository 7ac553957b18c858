/**
 * One call of a dispatcher, which is foreign code: whatever it throws, rejects with or answers, what comes back is a
 * well-formed result.
 */
import type { PendingAction } from '../action/action.ts';
import { replaceLoneSurrogates } from '../text.ts';
import { U64_MAX } from './millis.ts';
import type { Dispatcher, DispatchResult } from './ports.ts';
import type { ExecutorSemantics } from './semantics.ts';

const PANICKED: DispatchResult = { kind: 'failed', reason: 'dispatcher panicked', retryAfterMs: null };
const MALFORMED: DispatchResult = {
  kind: 'failed',
  reason: 'dispatcher returned a malformed result',
  retryAfterMs: null,
};

/** Dispatches and waits for the result. Rejects only where `thrownInCall` says that such a throw ends the executor. */
export async function callDispatcher(
  dispatcher: Dispatcher,
  pending: PendingAction,
  thrownInCall: ExecutorSemantics['thrownInCall'],
): Promise<DispatchResult> {
  let answer: Promise<unknown>;
  try {
    answer = dispatcher.dispatch(pending);
  } catch (thrown) {
    if (thrownInCall === 'ends-executor') throw thrown;
    return PANICKED;
  }
  try {
    return checked(await answer);
  } catch {
    return PANICKED;
  }
}

function checked(answer: unknown): DispatchResult {
  if (!isDispatchResult(answer)) return MALFORMED;
  if (answer.kind === 'ok') return answer;
  const reason = replaceLoneSurrogates(answer.reason);
  return reason === answer.reason ? answer : { ...answer, reason };
}

function isDispatchResult(answer: unknown): answer is DispatchResult {
  if (typeof answer !== 'object' || answer === null || !('kind' in answer)) return false;
  if (answer.kind === 'ok') return true;
  return (
    answer.kind === 'failed' &&
    'reason' in answer &&
    typeof answer.reason === 'string' &&
    'retryAfterMs' in answer &&
    (answer.retryAfterMs === null || isU64(answer.retryAfterMs))
  );
}

function isU64(value: unknown): boolean {
  return typeof value === 'bigint' && value >= 0n && value <= U64_MAX;
}
