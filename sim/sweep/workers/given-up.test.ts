import { describe, expect, it } from 'vitest';
import { overTime } from './given-up.ts';

const HARNESS = new URL('../../', import.meta.url).href;
const KERNEL = `at step (${HARNESS}kernel/kernel.ts:10:3)`;
const WORLD = 'at apply (file:///app/world/world.ts:7:9)';
const SYSTEM = 'at spin (file:///app/src/queue.ts:3:5)';
const world = { wiring: ['file:///app/world/'] };

const stopped = (...frames: readonly string[]) =>
  overTime(7n, { wallMs: 5_000 }, { world, stacks: [frames.join('\n')] });

describe('a run that was stopped at its limit', () => {
  it('is a livelock where the system loops, also in what it calls of the harness', () => {
    for (const frames of [
      [SYSTEM, WORLD, KERNEL],
      [KERNEL, SYSTEM, KERNEL],
    ]) {
      const { verdict, violations } = stopped(...frames);
      expect(verdict).toBe('violated');
      expect(violations).toMatchObject([{ invariant: 'no-livelock', message: expect.stringContaining(SYSTEM) }]);
    }
  });

  it('is a mistake of the author where the world or an invariant loops, and says where', () => {
    const { verdict, violations, problem } = stopped(KERNEL, WORLD, SYSTEM);
    expect({ verdict, violations }).toEqual({ verdict: 'world-error', violations: [] });
    expect(problem).toContain('(/app/world/world.ts:7:9)');
  });

  it('is inconclusive where only the harness worked, or its thread told nothing', () => {
    expect(stopped(KERNEL, KERNEL)).toMatchObject({ verdict: 'inconclusive', violations: [] });
    expect(overTime(7n, { wallMs: 5_000 }, { world, stacks: [] }).verdict).toBe('inconclusive');
  });

  it.each([
    ['the system’s where the system is in it', [WORLD, SYSTEM], 'violated'],
    ['the author’s where the world is, and the system is not', [KERNEL, WORLD], 'world-error'],
    ['nobody’s where nobody is', [KERNEL, KERNEL], 'inconclusive'],
  ])('is, in a loop of microtasks, of which all looks see the draining alone, %s', (_whose, seen, verdict) => {
    const looks = seen.map((frame) => [frame, KERNEL].join('\n'));
    expect(overTime(7n, { wallMs: 5_000 }, { world, stacks: [KERNEL, ...looks] })).toMatchObject({ verdict });
  });

  it('is a mistake of the author where a member of a world loops that does not say what is its own', () => {
    const stack = [WORLD, `at called (${HARNESS}scenario/member.ts:21:12)`, KERNEL].join('\n');
    expect(overTime(7n, { wallMs: 5_000 }, { world: {}, stacks: [stack] }).verdict).toBe('world-error');
  });
});
