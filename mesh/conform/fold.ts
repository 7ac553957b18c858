/** Checks `fold.jsonl`: events applied one by one give the recorded errors, lengths and rings. */
import { z } from 'zod';
import { MeshOsSnapshotFold } from '../../src/chain/fold.ts';
import type { FailureRecord } from '../../src/chain/records.ts';
import { MeshOsSnapshot } from '../../src/chain/snapshot.ts';
import { bodyCodec, RecordDecoder, RecordEncoder } from '../../src/chain/wire.ts';
import { checkerOf, firstDifference } from './checker.ts';
import { bytes, chainRecord, count, failureRecord } from './shapes.ts';

const found = {
  error: z.string().nullable(),
  ring: z.array(failureRecord).optional(),
  last: failureRecord.nullable().optional(),
};

/**
 * What was recorded of a step: always its error and the ring's length, and, by size, the ring itself or its newest entry.
 */
const step = z.strictObject({ ...found, len: count });

/** Where only failed steps were recorded: which step, its error, and the rest. */
const errorStep = z.strictObject({ ...found, step: count, len: count.optional() });

const vector = z.strictObject({
  name: z.string(),
  events: z.array(z.union([z.strictObject({ record: chainRecord }), z.strictObject({ bytes })])),
  steps: z.array(step).optional(),
  error_steps: z.array(errorStep).optional(),
  final_ring: z.array(failureRecord),
  final_len: count,
});

type Vector = z.output<typeof vector>;
type Step = z.output<typeof step> | z.output<typeof errorStep>;

/** What this build did in one step. */
interface StepTaken {
  readonly error: string | null;
  readonly ring: readonly FailureRecord[];
}

export const checkFold = checkerOf(vector, (recorded) => {
  const state = new MeshOsSnapshot();
  const steps = takeSteps(recorded.events, state);
  return (
    firstStepDifference(recordedSteps(recorded), steps) ??
    firstDifference(recorded.final_ring, state.recentFailures.toArray(), 'final_ring') ??
    firstDifference(recorded.final_len, state.recentFailures.length, 'final_len')
  );
});

function takeSteps(events: Vector['events'], state: MeshOsSnapshot): readonly StepTaken[] {
  const codec = bodyCodec('postcard');
  const encoder = new RecordEncoder(codec);
  const fold = new MeshOsSnapshotFold(new RecordDecoder(codec));
  return events.map((event) => {
    const payload = 'bytes' in event ? { ok: true as const, value: event.bytes } : encoder.encode(event.record);
    const error = payload.ok ? fold.apply(payload.value, state) : payload.error;
    return { error: error === null ? null : error.message, ring: state.recentFailures.toArray() };
  });
}

/** The recorded steps by index. Where only failed steps were recorded, those in between are known to have succeeded. */
function recordedSteps({ events, steps, error_steps: failed }: Vector): readonly (Step | null)[] {
  if (steps !== undefined) return steps;
  return events.map((_, index) => failed?.find((one) => one.step === index) ?? null);
}

function firstStepDifference(recorded: readonly (Step | null)[], taken: readonly StepTaken[]): string | null {
  if (recorded.length !== taken.length) return `steps: expected ${recorded.length}, got ${taken.length}`;
  for (const [index, { error, ring }] of taken.entries()) {
    const expected = recorded[index] ?? null;
    const found =
      firstDifference(expected?.error ?? null, error, `steps[${index}].error`) ??
      (expected === null ? null : firstRingDifference(expected, ring, `steps[${index}]`));
    if (found !== null) return found;
  }
  return null;
}

function firstRingDifference(expected: Step, ring: readonly FailureRecord[], path: string): string | null {
  return (
    (expected.len === undefined ? null : firstDifference(expected.len, ring.length, `${path}.len`)) ??
    (expected.ring === undefined ? null : firstDifference(expected.ring, ring, `${path}.ring`)) ??
    (expected.last === undefined ? null : firstDifference(expected.last, ring.at(-1) ?? null, `${path}.last`))
  );
}
