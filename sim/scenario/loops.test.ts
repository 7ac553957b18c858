/** Loops and floods in code that is not ours, in a thread that nobody watches: they are stopped, and where they are is told. */
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Harness, Scenario, World } from '../world.ts';
import { runScenario } from './run.ts';

type Ask = { readonly kind: 'ask' };
type Event = { readonly kind: 'asked' };
type Ours = Scenario<object, Ask, never>;

const scenario: Ours = {
  format: 1,
  name: 'loops',
  world: 'loops',
  semantics: 'plain',
  seed: 7n,
  config: {},
  workload: [{ key: 'a1', at: 10, kind: 'ask' }],
  faults: [],
};

function worldOf(ask: () => Promise<void>): World<object, Ask, never, Event, object> {
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
    stepBudget: () => ({ fixed: 10_000, perMs: 10 }),
    build: (_scenario, { kernel, emit }: Harness<Event>) => ({
      view: {},
      start: () => {},
      apply: (_operation, name) => {
        emit({ kind: 'asked' });
        kernel.root.spawn('ask', ask, name, { owesEnd: true });
      },
      inject: () => {},
      heal: () => {},
      settle: () => {},
      drained: () => true,
      waiting: () => [],
      close: () => {},
      ended: () => true,
      finalState: () => [],
    }),
    lane: () => 'all',
  };
}

async function turnSynchronously(): Promise<void> {
  for (;;);
}

async function turnMicrotasks(): Promise<void> {
  for (;;) await undefined;
}

function tickAgain(): void {
  process.nextTick(tickAgain);
}

function microtaskAgain(): void {
  queueMicrotask(microtaskAgain);
}

function immediateAgain(): void {
  setImmediate(immediateAgain);
}

function timerAgain(): void {
  setTimeout(timerAgain, 0);
}

const SEGMENT_MS = 300;
const HERE = /loops\.test\.ts:\d+:\d+/;

describe('a loop', () => {
  it.each<[string, () => Promise<void>, string]>([
    ['in one go', turnSynchronously, 'turnSynchronously'],
    ['of microtasks', turnMicrotasks, 'turnMicrotasks'],
    ['of queueMicrotask', async () => microtaskAgain(), 'microtaskAgain'],
    ['of ticks', async () => tickAgain(), 'tickAgain'],
  ])('%s is stopped and violates no-livelock, with its stack', async (_what, ask, name) => {
    const result = await runScenario(worldOf(ask), scenario, { segmentMs: SEGMENT_MS });
    expect(result).toMatchObject({ verdict: 'violated', violations: [{ invariant: 'no-livelock', atMs: 10 }] });
    expect(result.violations[0]?.message).toMatch(new RegExp(`within 0.3 s of host time: at .*${HERE.source}`));
    expect(result.violations[0]?.stack).toContain(name);
  });

  it.each<[string, () => Promise<void>, string]>([
    ['immediates', async () => immediateAgain(), 'ask'],
    ['timers of 0 ms', async () => timerAgain(), 'ask'],
  ])('of %s costs time', async (_what, ask) => {
    const result = await runScenario(worldOf(ask), scenario, { segmentMs: SEGMENT_MS });
    console.log(result);
  });

  it('stream', async () => {
    const ask = async (): Promise<void> => {
      const readable = new Readable({ read() { this.push('x'); } });
      readable.on('data', () => {});
    };
    const result = await runScenario(worldOf(ask), scenario, { segmentMs: SEGMENT_MS });
    console.log(result);
  });
});
