/** The assertion that a run held. */
import assert from 'node:assert/strict';
import type { RunResult } from '../sim/scenario/run/result.ts';

/** Asserts that it held. The message says what was found against it. */
export function assertHeld({ verdict, violations, problem, seed }: RunResult): void {
  const found = violations.map(({ invariant, atMs, message }) => `${invariant} at ${atMs} ms: ${message}`);
  assert.ok(verdict === 'held', [`seed ${seed}: ${verdict}`, problem ?? [], found].flat(2).join('\n'));
}
