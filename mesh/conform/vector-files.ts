/**
 * Which checker checks which file of recorded vectors. A file that is not listed here is refused and not skipped, so that
 * an unchecked vector cannot look green.
 */
import { checkDecodeError } from './action-chain-decode-errors.ts';
import { checkWire } from './action-chain-wire.ts';
import { checkBackpressure } from './backpressure.ts';
import { checkBroadcast } from './broadcast.ts';
import { checkBufferingAppender } from './buffering-appenders.ts';
import type { VectorChecker } from './checker.ts';
import { checkExecutor } from './executor.ts';
import { checkFold } from './fold.ts';

/** Checkers by file name. */
export const vectorCheckers: ReadonlyMap<string, VectorChecker> = new Map<string, VectorChecker>([
  ['action-chain-decode-errors.jsonl', checkDecodeError],
  ['action-chain-wire.jsonl', checkWire],
  ['backpressure.jsonl', checkBackpressure],
  ['broadcast.jsonl', checkBroadcast],
  ['buffering-appenders.jsonl', checkBufferingAppender],
  ['executor.jsonl', checkExecutor],
  ['fold.jsonl', checkFold],
]);
