/** Whose an exception is, by its stack. */
import { describe, expect, it } from 'vitest';
import { InjectedError } from '../faults/injected-error.ts';
import type { Invariant } from '../invariant/invariant.ts';
import { MisuseError } from '../kernel/misuse.ts';
import { blame } from './blame.ts';
import { runScenario } from './run.ts';
import { toyWorld } from './toy-world.ts';

const HARNESS = `    at judge (${new URL('../mesh/somewhere.ts', import.meta.url).href}:1:2)`;
const SYSTEM = `    at decode (${new URL('../../src/chain/somewhere.ts', import.meta.url).href}:3:4)`;
const ENGINE = '    at Buffer.readUInt8 (node:internal/buffer:254:9)';

/** An exception that came by these frames, the innermost first. */
function from<E extends Error>(error: E, ...frames: readonly string[]): E {
  error.stack = [String(error), ...frames].join('\n');
  return error;
}

describe('an exception', () => {
  it.each([
    ['harness', from(new Error('x'), HARNESS, SYSTEM)],
    ['system', from(new Error('x'), SYSTEM, HARNESS)],
    ['system', from(new RangeError('x'), ENGINE, SYSTEM, HARNESS)],
    ['harness', from(new RangeError('x'), ENGINE, HARNESS, SYSTEM)],
    ['system', from(new Error('x'), ENGINE)],
    ['system', 'thrown text'],
    ['system', from(new InjectedError('f1', 'down'), HARNESS)],
    ['system', from(new MisuseError('x'), HARNESS, HARNESS, SYSTEM, HARNESS)],
    ['harness', from(new MisuseError('x'), HARNESS, ENGINE)],
  ] as const)('is the %s’s: %#', (whose, error) => {
    expect(blame(error)).toBe(whose);
  });

  it.each([
    ['held', 'harness-error', from(new Error('x'), HARNESS), []],
    ['asked', 'violated', from(new Error('x'), SYSTEM, HARNESS), ['what asking asked for threw Error: x']],
  ])('out of a judge that %s makes a run %s', async (_what, verdict, error, messages) => {
    const asking: Invariant<never, unknown> = {
      id: 'asking',
      holds: '',
      create: () => ({
        on: {},
        end() {
          throw error;
        },
      }),
    };
    const world = { ...toyWorld, invariants: [...toyWorld.invariants, asking] };
    const run = await runScenario(world, world.generate(1n, 'calm', 'resend'));
    expect(run.verdict).toBe(verdict);
    expect(run.violations.map(({ message }) => message)).toEqual(messages);
    expect(run.problem).toBe(verdict === 'violated' ? undefined : 'invariant asking: Error: x');
  });
});
