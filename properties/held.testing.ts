/** What a run that should hold is asked. */
import assert from 'node:assert/strict';
import type { RunResult } from '../sim/scenario/run/result.ts';

/** Held, with what was found against it in the message. */
export function assertHeld({ verdict, violations, problem, seed }: RunResult): void {
  const found = violations.map(({ invariant, atMs, message }) => `${invariant} at ${atMs} ms: ${message}`);
  assert.ok(verdict === 'held', [`seed ${seed}: ${verdict}`, problem ?? [], found].flat(2).join('\n'));
}
