/** The lifecycle broadcast: the model against the reference, and the live broadcaster against both. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type BackendKey, type BroadcastBackend, deadBackend, liveBackend } from '../src/broadcast/backend.ts';
import { LifecycleBroadcastModel } from '../src/broadcast/model.ts';
import type { BackendResponse, BroadcastOperation } from '../src/broadcast/operation.ts';
import { broadcastPolicy } from '../src/broadcast/policy.ts';
import type { BackendAnswer } from '../src/broadcast/ports.ts';
import type { ScriptedAnswer } from './broadcast-effects.testing.ts';
import { BroadcastRun } from './broadcast-run.testing.ts';
import { BroadcastReader, keyText, type Part, partition } from './model/broadcast.testing.ts';
import { commandSequences, Step, testProperty } from './property.testing.ts';

/** Keys that differ in one field only. */
const KEYS: readonly BackendKey[] = [
  { instance: { kind: 'shared' }, serviceName: 'a', serviceVersion: '1' },
  { instance: { kind: 'shared' }, serviceName: 'a', serviceVersion: '2' },
  { instance: { kind: 'shared' }, serviceName: 'b', serviceVersion: '1' },
  { instance: { kind: 'private', serviceName: 'a' }, serviceName: 'a', serviceVersion: '1' },
  { instance: { kind: 'private', serviceName: 'b' }, serviceName: 'a', serviceVersion: '1' },
  { instance: { kind: 'explicit', name: 'a' }, serviceName: 'a', serviceVersion: '1' },
];

const key = fc.constantFrom(...KEYS);
const timeoutMs = fc.constantFrom(0, 1, 5, 20);

const operation: fc.Arbitrary<BroadcastOperation> = fc.oneof(
  fc.constantFrom('/', '/srv').map((pathPrefix): BroadcastOperation => ({ kind: 'release_handles', pathPrefix })),
  fc
    .constantFrom('idle_timeout' as const, 'broker_shutdown' as const, 'maintenance' as const)
    .map((reason): BroadcastOperation => ({ kind: 'quiesce', reason })),
);

const answer: fc.Arbitrary<BackendAnswer> = fc.oneof(
  { arbitrary: fc.constant<BackendAnswer>({ kind: 'ack' }), weight: 2 },
  fc
    .constantFrom('unsupported_operation' as const, 'rejected' as const, 'backend_error' as const)
    .map((reason): BackendAnswer => ({ kind: 'failure', reason })),
);

const response: fc.Arbitrary<BackendResponse> = fc.oneof(
  { arbitrary: answer, weight: 2 },
  fc.constant<BackendResponse>({ kind: 'timeout' }),
);

/** Backends in order of registration, as the seed has them. */
interface Backends {
  readonly timeoutMs: number;
  readonly registered: BroadcastBackend[];
}

function compareBackends({ registered }: Backends, model: LifecycleBroadcastModel): void {
  assert.deepEqual(model.backends(), registered);
  for (const searched of KEYS) {
    const expected = registered.find((backend) => keyText(backend.key) === keyText(searched)) ?? null;
    assert.deepEqual(model.backend(structuredClone(searched)), expected);
  }
}

const registering = fc.tuple(key, fc.boolean(), response).map(([of, live, gives]) => {
  return new Step<Backends, LifecycleBroadcastModel>(
    `register ${keyText(of)} ${live ? 'live' : 'dead'}: ${gives.kind}`,
    (backends, model) => {
      const backend = live ? liveBackend(of, gives) : deadBackend(of, gives);
      const { registered } = backends;
      const index = registered.findIndex((one) => keyText(one.key) === keyText(of));
      const replaced = model.register(backend);
      assert.deepEqual(replaced, registered[index] ?? null);
      if (index < 0) registered.push(backend);
      else registered.splice(index, 1, backend);
      compareBackends(backends, model);
    },
  );
});

const broadcasting = operation.map((asked) => {
  return new Step<Backends, LifecycleBroadcastModel>(`broadcast ${fc.stringify(asked)}`, (backends, model) => {
    const { registered, timeoutMs } = backends;
    const parts = registered.map(({ key, live, response }): Part => ({ key, response: live ? response : null }));
    const result =
      asked.kind === 'quiesce' ? model.quiesce(asked.reason) : model.releaseHandlesUnderPath(asked.pathPrefix);
    assert.deepEqual(result, partition(asked, BigInt(timeoutMs), parts));
    for (const [index, backend] of registered.entries()) {
      if (backend.live) registered[index] = { ...backend, received: [...backend.received, asked] };
    }
    compareBackends(backends, model);
  });
});

testProperty(
  'a broadcast puts every backend into exactly one list, in order, and reaches the live ones only',
  fc.asyncProperty(
    timeoutMs,
    commandSequences([registering, registering, broadcasting], 24),
    async (policyMs, steps) => {
      const setup = () => ({
        model: { timeoutMs: policyMs, registered: [] },
        real: new LifecycleBroadcastModel(broadcastPolicy(BigInt(policyMs))),
      });
      await fc.asyncModelRun(setup, steps);
    },
  ),
);

/** The reader of a live broadcaster, and how many of its results have been compared with the model's. */
interface Live {
  readonly reader: BroadcastReader;
  readonly timeoutMs: number;
  compared: number;
}

function read(live: Live, run: BroadcastRun): void {
  live.reader.read(run.takeEffects(), run.nowMs);
  const { results, parts } = live.reader;
  for (; live.compared < results.length; live.compared += 1) {
    const result = results[live.compared];
    assert.ok(result !== undefined);
    const model = new LifecycleBroadcastModel(broadcastPolicy(BigInt(live.timeoutMs)));
    for (const { key: of, response: gives } of parts[live.compared] ?? []) {
      model.register(gives === null ? deadBackend(of) : liveBackend(of, gives));
    }
    assert.deepEqual(result, model.broadcast(result.operation));
  }
}

function step(text: string, ms: number, act: (run: BroadcastRun) => void): Step<Live, BroadcastRun> {
  return new Step(`${ms} ms later ${text}`, async (live, run) => {
    await run.after(ms, () => act(run));
    read(live, run);
  });
}

/** Around the timeouts, and within the call. */
const pauseMs = fc.constantFrom(0, 0, 1, 2, 4, 5, 6, 19, 20, 21, 40);
const answerMs = fc.constantFrom(0, 1, 2, 4, 5, 6, 19, 20, 21, 22, 45);

const script = fc.array(
  fc.array(
    fc.tuple(answerMs, answer).map(([afterMs, given]): ScriptedAnswer => ({ afterMs, answer: given })),
    { maxLength: 2 },
  ),
  { minLength: 1, maxLength: 4 },
);

const joining = fc.tuple(pauseMs, key, fc.constantFrom(true, true, false), script).map(([ms, of, live, answers]) => {
  const text = `register ${keyText(of)} ${live ? 'live' : 'dead'}: ${fc.stringify(answers)}`;
  return step(text, ms, (run) => run.register(of, live, answers));
});

const dying = fc
  .tuple(pauseMs, key, fc.boolean())
  .map(([ms, of, live]) => step(`set ${keyText(of)} ${live ? 'live' : 'dead'}`, ms, (run) => run.setLive(of, live)));

const asking = fc
  .tuple(pauseMs, operation)
  .map(([ms, asked]) => step(`ask ${fc.stringify(asked)}`, ms, (run) => run.ask(asked)));

const stopping = fc
  .tuple(pauseMs, fc.boolean())
  .map(([ms, on]) => step(on ? 'resume' : 'pause', ms, (run) => (on ? run.resume() : run.pause())));

const waiting = pauseMs.map((ms) => step('look', ms, () => {}));

testProperty(
  'a live broadcaster gives what the model gives, by the membership at the sending and the answers in time',
  fc.asyncProperty(
    timeoutMs,
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    commandSequences([joining, joining, dying, asking, asking, stopping, waiting], 30),
    async (policyMs, seed, steps) => {
      const run = new BroadcastRun(policyMs, seed);
      const live: Live = { reader: new BroadcastReader(policyMs), timeoutMs: policyMs, compared: 0 };
      await fc.asyncModelRun(() => ({ model: live, real: run }), steps);
      await run.after(0, () => run.resume());
      await run.after(0, () => run.close());
      await run.finish();
      read(live, run);
      assert.deepEqual(run.replies(), live.reader.results);
    },
  ),
);
