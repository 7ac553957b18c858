/** The digest of a trace, over its binary form. Every committed digest depends on it: change it on purpose only, and say so in CHANGELOG.md. */
import { expect, test } from 'vitest';
import { type EventCatalogue, TraceRecorder } from './trace.ts';

const catalogue: EventCatalogue = { tick: ['value'], bare: [] };

function eventOf(value: unknown): { kind: string; value: unknown } {
  return { kind: 'tick', value };
}

test('a trace has the same digest from version to version', () => {
  const trace = new TraceRecorder(catalogue);
  trace.record({ kind: 'bare' }, 0, 'world');
  const values = [0, 127, 128, 2 ** 31, 2 ** 53 - 1, -1, -128, 7n, 2n ** 64n - 1n, true, false, null, 'sent', 'sent'];
  for (const value of values) trace.record(eventOf(value), 3, 'n1/i0/executor');
  trace.record(eventOf(['日本', new Uint8Array([0, 255]), [[], -5]]), 70_000, 'n2/i1/loop');
  expect(trace.count).toBe(16);
  expect(trace.digest([1, 'done'])).toMatchInlineSnapshot(
    `"bd8fd7ccddecb024f2161becd5c4b4a2111f388f85a0a8b4ef1be23a2717295a"`,
  );
});
