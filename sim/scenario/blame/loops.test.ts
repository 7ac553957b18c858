/** Loops and floods in code that is not ours, in a thread that nobody watches: they are stopped, and where they are is told. */
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { StepBudget } from '../../world.ts';
import { scenario, worldOf } from '../foreign-world.testing.ts';
import { runScenario } from '../run/run.ts';

/** Taken before the guards are there. */
const hostWait = Atomics.wait;

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

  it('is stopped in the run that loops, where runs that follow each other share a limit', async () => {
    const verdicts: string[] = [];
    for (const ask of [async () => {}, async () => {}, turnSynchronously, turnMicrotasks, async () => {}]) {
      const run = await runScenario(worldOf(ask), scenario, { segmentMs: SEGMENT_MS, isFollowed: true });
      verdicts.push(`${run.verdict} ${run.violations.map(({ invariant }) => invariant).join()}`);
    }
    expect(verdicts).toEqual(['held ', 'held ', 'violated no-livelock', 'violated no-livelock', 'held ']);
  });

  it('that calls others is told with the line on which it stands', async () => {
    let count = 0;
    const callee = (): void => {
      count += 1;
    };
    const ask = async (): Promise<void> => {
      for (;;) callee();
    };
    const { violations } = await runScenario(worldOf(ask), scenario, { segmentMs: SEGMENT_MS });
    expect(violations[0]?.stack).toMatch(/at ask \(/);
    expect(count).toBeGreaterThan(0);
  });

  it('of a stream is stopped as well', async () => {
    const ask = async (): Promise<void> => {
      const endless = new Readable({
        read(): void {
          this.push('x');
        },
      });
      endless.resume();
    };
    const { verdict, violations } = await runScenario(worldOf(ask), scenario, { segmentMs: SEGMENT_MS });
    expect([verdict, violations[0]?.invariant]).toEqual(['violated', 'no-livelock']);
    expect(violations[0]?.message).toMatch(HERE);
  });

  it('is not gone on with by a later run of the thread', async () => {
    await runScenario(worldOf(turnMicrotasks), scenario, { segmentMs: SEGMENT_MS });
    await runScenario(
      worldOf(async () => tickAgain()),
      scenario,
      { segmentMs: SEGMENT_MS },
    );
    const sound = worldOf(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
    });
    expect(await runScenario(sound, scenario)).toMatchObject({ verdict: 'held', virtualMs: 15 });
  });
});

describe('a flood', () => {
  const never = (): Promise<void> => new Promise(() => {});

  it.each<[string, () => void]>([
    ['immediates', immediateAgain],
    ['timers of 0 ms', timerAgain],
  ])('of %s ends no run that drains', async (_what, flood) => {
    const result = await runScenario(
      worldOf(async () => flood()),
      scenario,
    );
    expect(result).toMatchObject({ verdict: 'held', violations: [] });
  });

  it.each<[string, () => void, StepBudget]>([
    ['immediates', immediateAgain, { fixed: 10_000, perMs: 10 }],
    ['timers of 0 ms', timerAgain, { fixed: 300, perMs: 0 }],
  ])('of %s ends a run at its steps, with who is busy and where', async (_what, flood, budget) => {
    const ask = (): Promise<void> => {
      flood();
      return never();
    };
    const { verdict, violations } = await runScenario(worldOf(ask, budget), scenario);
    expect([verdict, violations[0]?.invariant]).toEqual(['violated', 'no-livelock']);
    expect(violations[0]?.message).toMatch(new RegExp(`steps in \\d+ ms; busy: ask at .*${HERE.source}`));
  });
});

describe('a paused host', () => {
  it('changes no verdict: the run is made again', async () => {
    const began: number[] = [];
    const ask = async (): Promise<void> => {
      began.push(began.length);
      // A thread that waits uses no processor, like one that is stopped.
      if (began.length === 1) hostWait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * SEGMENT_MS);
    };
    const result = await runScenario(worldOf(ask), scenario, { segmentMs: SEGMENT_MS });
    expect(result).toMatchObject({ verdict: 'held', violations: [] });
    expect(began).toEqual([0, 1]);
  });
});
