/** The smallest world for foreign code: one operation, which does what a test says. */
import type { Harness, Scenario, StepBudget, World } from '../world.ts';

type Ask = { readonly kind: 'ask' };
type Event = { readonly kind: 'asked' };
type Ours = Scenario<object, Ask, never>;

export const scenario: Ours = {
  format: 1,
  name: 'loops',
  world: 'loops',
  semantics: 'plain',
  seed: 7n,
  config: {},
  workload: [{ key: 'a1', at: 10, kind: 'ask' }],
  faults: [],
};

/** The answers of an instance that has nothing of its own to bring to rest. */
export const atRest = {
  settle: () => {},
  drained: () => true,
  waiting: () => [],
  close: () => {},
  ended: () => true,
  finalState: () => [],
};

/** A world in which a task of one node does what it is asked. */
export function worldOf(
  ask: () => Promise<void>,
  budget: StepBudget = { fixed: 10_000, perMs: 10 },
): World<object, Ask, never, Event, object> {
  return {
    name: 'loops',
    semantics: ['plain'],
    ambient: 'virtual',
    events: { asked: [] },
    marks: [],
    faultKinds: [],
    invariants: [],
    schemas: () => Promise.reject(new Error('no files here')),
    generate: () => scenario,
    settleBoundMs: () => 1000,
    stepBudget: () => budget,
    build: (_scenario, { kernel, emit }: Harness<Event>) => ({
      view: {},
      start: () => {},
      apply: (_operation, name) => {
        emit({ kind: 'asked' });
        kernel.root.spawn('ask', ask, name, { owesEnd: true });
      },
      inject: () => {},
      heal: () => {},
      ...atRest,
    }),
    lane: () => 'all',
  };
}
