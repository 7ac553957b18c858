/** Admission against the reference, decision by decision: windows, reservations given back, gates, and hysteresis. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { MeshOsAction } from '../src/action/action.ts';
import { BackpressureState } from '../src/executor/admission.ts';
import { action, daemon, daemonAction, executorConfig, migration, pauseMs, replicaAction } from './actions.testing.ts';
import { AdmissionModel } from './model/admission.testing.ts';
import { commandSequences, Step, testProperty } from './property.testing.ts';

interface Asked {
  readonly model: AdmissionModel;
  /** Every action that was asked about, its id one more than its place. */
  readonly actions: MeshOsAction[];
  nowMs: number;
}

/** A step after a pause. */
function step(text: string, ms: number, act: (asked: Asked, state: BackpressureState) => void) {
  return new Step<Asked, BackpressureState>(`${ms} ms later ${text}`, (asked, state) => {
    asked.nowMs += ms;
    act(asked, state);
  });
}

function asking(actions: fc.Arbitrary<MeshOsAction>) {
  return fc.tuple(pauseMs, actions).map(([ms, about]) =>
    step(`ask about ${fc.stringify(about)}`, ms, ({ model, actions, nowMs }, state) => {
      const id = BigInt(actions.push(about));
      assert.deepEqual(state.admit(id, about, nowMs), model.admit(id, about, nowMs));
    }),
  );
}

/** Also of what was never admitted, and of what was released before. */
const releasing = fc.tuple(pauseMs, fc.nat(), fc.constantFrom(false, false, true)).map(([ms, which, byAnother]) =>
  step(`release action ${which}${byAnother ? ' by another id' : ''}`, ms, ({ model, actions }, state) => {
    const index = actions.length === 0 ? 0 : which % actions.length;
    const released = actions[index];
    if (released === undefined) return;
    const id = byAnother ? 0n : BigInt(index + 1);
    model.release(id, released);
    state.releaseFailedAdmit(id, released);
  }),
);

const gating = fc.tuple(pauseMs, daemon, pauseMs).map(([ms, gated, forMs]) =>
  step(`gate ${gated.id} ${gated.name} for ${forMs} ms`, ms, ({ model, nowMs }, state) => {
    model.gateDaemon(gated, nowMs + forMs);
    state.gateDaemon(gated, nowMs + forMs);
  }),
);

const deepening = fc.nat({ max: 9 }).map((depth) =>
  step(`depth ${depth}`, 0, ({ model }, state) => {
    assert.equal(state.updateQueueDepth(depth), model.updateQueueDepth(depth));
    assert.deepEqual([state.queueDepth, state.asserted], [depth, model.asserted]);
  }),
);

const ticking = pauseMs.map((ms) => step('tick', ms, ({ nowMs }, state) => state.tick(nowMs)));

/** Each rule of its own, so that its windows fill, and all of them together. */
const families = { 'pulls and drops': replicaAction, migrations: migration, daemons: daemonAction, everything: action };

for (const [about, actions] of Object.entries(families)) {
  const asked = asking(actions);
  const steps = commandSequences([asked, asked, asked, releasing, gating, deepening, ticking], 40);
  testProperty(
    `admission decides about ${about} as the reference does, whatever was admitted, released and gated before`,
    fc.asyncProperty(executorConfig, steps, async (config, sequence) => {
      const setup = () => ({
        model: { model: new AdmissionModel(config), actions: [], nowMs: 0 },
        real: new BackpressureState(config),
      });
      await fc.asyncModelRun(setup, sequence);
    }),
  );
}
