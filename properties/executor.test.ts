/**
 * The executor against the reference: every effect in its order, at its time and with its content, whatever is submitted,
 * however dispatches end, and whatever fails at the seams. And apart from the reference: every action ends once.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { action, daemon, executorConfig, freeAction, pauseMs } from './actions.testing.ts';
import type { Answer, Effect, ExecutorLimits, FailingCall, Submission } from './executor-effects.testing.ts';
import { ExecutorRun } from './executor-run.testing.ts';
import { ExecutorModel } from './model/executor.testing.ts';
import { commandSequences, Step, testProperty } from './property.testing.ts';

/** A wall clock far ahead, as everywhere, and one that is close to where it can't go below. */
const wallAheadMs = fc.constantFrom(1_700_000_000_000, 0, 5);

const limits: fc.Arbitrary<ExecutorLimits> = fc
  .tuple(executorConfig, fc.constantFrom(0, 1, 3, 256), fc.constantFrom(1, 2, 5, 64))
  .map(([config, recentFailures, queueCapacity]) => ({ ...config, recentFailures, queueCapacity }));

const takesMs = fc.constantFrom(0, 0, 1, 7, 100, 1000);
const reason = fc.constantFrom('busy', 'no route', '', 'half a \ud83d pair', '\ufeffmarked — “quoted”');
const hint = fc.constantFrom(0n, 1n, 7n, 20n, 100n, 1000n);

const answer: fc.Arbitrary<Answer> = fc.oneof(
  takesMs.map((ms): Answer => ({ kind: 'ok', takesMs: ms })),
  fc.tuple(takesMs, reason, hint).map(([ms, told, after]): Answer => {
    return { kind: 'fails', takesMs: ms, reason: told, retryAfterMs: after };
  }),
  fc.tuple(takesMs, reason).map(([ms, told]): Answer => {
    return { kind: 'fails', takesMs: ms, reason: told, retryAfterMs: null };
  }),
  takesMs.map((ms): Answer => ({ kind: 'rejects', takesMs: ms })),
  fc.constant<Answer>({ kind: 'throws' }),
);

/** The model, and all that was read so far. */
interface Read {
  readonly model: ExecutorModel;
  readonly effects: Effect[];
  submitted: bigint;
}

function read({ model, effects }: Read, run: ExecutorRun, untilMs = run.nowMs): void {
  const happened = run.takeEffects();
  effects.push(...happened);
  model.read(happened, untilMs);
  const { executor } = run;
  assert.deepEqual(executor.stats, model.counters);
  assert.deepEqual(executor.recentFailures.toArray(), model.recentFailures);
  assert.equal(executor.deferredCount, model.deferredCount);
}

function step(text: string, ms: number, act: (run: ExecutorRun, so: Read) => void): Step<Read, ExecutorRun> {
  return new Step(`${ms} ms later ${text}`, async (so, run) => {
    await run.after(ms, () => act(run, so));
    read(so, run);
  });
}

const work = fc.tuple(action, fc.array(answer, { maxLength: 4 }));

/** Many that wait for different deadlines at once. */
const retried = fc.tuple(
  freeAction,
  fc
    .array(fc.tuple(reason, fc.bigInt({ min: 0n, max: 40n })), { minLength: 1, maxLength: 3 })
    .map((retries) =>
      retries.map(([told, after]): Answer => ({ kind: 'fails', takesMs: 0, reason: told, retryAfterMs: after })),
    ),
);

const works = fc.oneof(
  { arbitrary: fc.array(work, { minLength: 1, maxLength: 6 }), weight: 4 },
  { arbitrary: fc.array(retried, { minLength: 3, maxLength: 12 }), weight: 1 },
);

const submitting = fc.tuple(pauseMs, works).map(([ms, asked]) =>
  step(`submit ${fc.stringify(asked)}`, ms, (run, so) => {
    for (const [about, answers] of asked) {
      so.submitted += 1n;
      run.submit({ id: so.submitted, action: about, answers });
    }
  }),
);

const gating = fc
  .tuple(pauseMs, daemon, pauseMs)
  .map(([ms, gated, forMs]) =>
    step(`gate ${fc.stringify(gated)} for ${forMs} ms`, ms, (run) => run.gateDaemon(gated, forMs)),
  );

const failing = fc
  .tuple(
    pauseMs,
    fc.constantFrom<FailingCall>('action-append', 'failure-append', 'hook'),
    fc.integer({ min: 1, max: 3 }),
  )
  .map(([ms, call, times]) => step(`fail ${times} of ${call}`, ms, (run) => run.failNext(call, times)));

const jumping = fc
  .tuple(pauseMs, fc.constantFrom(-3000, -1, 1, 3000))
  .map(([ms, byMs]) => step(`jump by ${byMs} ms`, ms, (run) => run.jumpWallClock(byMs)));

const waiting = pauseMs.map((ms) => step('look', ms, () => {}));

const closing = pauseMs.map((ms) => step('close', ms, (run) => run.close()));

/** Closing ends most of what there is to see, so it comes up less often than all else together. */
const steps = commandSequences<Read, ExecutorRun>(
  [submitting, submitting, submitting, submitting, submitting, waiting, waiting, gating, failing, jumping, closing],
  24,
);

testProperty(
  'an executor does what the reference does, and every action ends exactly once',
  fc.asyncProperty(limits, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), wallAheadMs, steps, async (...drawn) => {
    const [limited, seed, ahead, sequence] = drawn;
    const run = new ExecutorRun(limited, seed, ahead);
    const so: Read = { model: new ExecutorModel(limited, ahead), effects: [], submitted: 0n };
    await fc.asyncModelRun(() => ({ model: so, real: run }), sequence);
    await run.after(0, () => run.close());
    await run.finish();
    read(so, run, Number.MAX_SAFE_INTEGER);
    assert.ok(so.model.ended, 'the executor is closed and has not ended');
    checkConservation(so.effects);
  }),
);

/** What was taken in ends once as dispatched, failed for good, or gated; what was not, never. */
function checkConservation(effects: readonly Effect[]): void {
  const ends = new Map<bigint, number>();
  const accepted: Submission[] = [];
  for (const effect of effects) {
    if (effect.what === 'submit' && effect.outcome === 'sent') accepted.push(effect.submission);
    if (effect.what !== 'action-append') continue;
    const { id, disposition } = effect.record;
    const isFinal = disposition.type !== 'failed' || disposition.retryAfterMs === null;
    if (isFinal) ends.set(id, (ends.get(id) ?? 0) + 1);
  }
  assert.deepEqual(
    [...ends].sort(([a], [b]) => Number(a - b)),
    accepted.map(({ id }) => [id, 1]),
  );
}
