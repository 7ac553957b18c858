/** Whose an exception is, by its stack. */
import { describe, expect, it } from 'vitest';
import { toyWorld } from '../../examples/toy-world.ts';
import { InjectedError } from '../../faults/injected-error.ts';
import type { Invariant } from '../../invariant/invariant.ts';
import { MisuseError } from '../../kernel/misuse.ts';
import { runScenario } from '../run/run.ts';
import { Code } from './blame.ts';

const WORLD_FOLDER = new URL('../../../mesh/', import.meta.url).href;

const WORLD = `    at check (${WORLD_FOLDER}somewhere.ts:1:2)`;
const HARNESS = `    at drive (${new URL('../../kernel/drain.ts', import.meta.url).href}:5:6)`;
const SYSTEM = `    at decode (${new URL('../../../src/chain/somewhere.ts', import.meta.url).href}:3:4)`;
const LIBRARY = '    at /home/a%20b/node_modules/bluebird/promise.js:7:8';
const ENGINE = '    at Buffer.readUInt8 (node:internal/buffer:254:9)';
const ASKED = `    at runScenario (${new URL('../run/run.ts', import.meta.url).href}:9:9)`;

/** An exception that came by these frames, the innermost first. */
function from<E extends Error>(error: E, ...frames: readonly string[]): E {
  error.stack = [String(error), ...frames].join('\n');
  return error;
}

describe('an exception of a world that says where its code lies', () => {
  const code = new Code({ wiring: [WORLD_FOLDER] });

  it.each([
    ['world', from(new Error('x'), WORLD, SYSTEM)],
    ['world', from(new RangeError('x'), ENGINE, WORLD, SYSTEM)],
    ['harness', from(new Error('x'), HARNESS, WORLD)],
    ['system', from(new Error('x'), SYSTEM, WORLD)],
    ['system', from(new Error('x'), LIBRARY, WORLD)],
    ['system', from(new RangeError('x'), ENGINE, SYSTEM, HARNESS)],
    ['system', from(new Error('x'), ENGINE)],
    ['system', 'thrown text'],
    ['system', from(new InjectedError('f1', 'down'), WORLD)],
    ['system', from(new MisuseError('x'), HARNESS, WORLD, SYSTEM, HARNESS)],
    ['world', from(new MisuseError('x'), HARNESS, WORLD, HARNESS, ASKED, SYSTEM)],
    ['harness', from(new MisuseError('x'), HARNESS, ENGINE)],
    ['world', from(new Error(`x\n${SYSTEM}`), WORLD)],
  ] as const)('is the %s’s, wherever it came out: %#', (whose, error) => {
    expect(code.blame(error, 'call').whose).toBe(whose);
    expect(code.blame(error, 'task').whose).toBe(whose);
  });
});

describe('an exception of a world that says nothing', () => {
  const code = new Code({});

  it.each([
    ['world', 'system', from(new Error('x'), SYSTEM, HARNESS)],
    ['world', 'system', from(new MisuseError('x'), HARNESS, SYSTEM)],
    ['world', 'system', 'thrown text'],
    ['world', 'system', undefined],
    ['harness', 'harness', from(new Error('x'), HARNESS, SYSTEM)],
  ] as const)('is the %s’s out of a member, and the %s’s out of a task: %#', (ofCall, ofTask, error) => {
    expect(code.blame(error, 'call').whose).toBe(ofCall);
    expect(code.blame(error, 'task').whose).toBe(ofTask);
  });

  it('comes with the place in the author’s code rather than in a library', () => {
    const error = from(new Error('x'), LIBRARY, '    at async Object.apply (file:///home/a%20b/world.js:3:4)');
    expect(code.blame(error, 'call').place).toBe('/home/a b/world.js:3:4');
  });
});

describe('an exception out of a checker', () => {
  it.each([
    ['the world’s', 'world-error', from(new Error('x'), WORLD, SYSTEM), []],
    ['the system’s', 'violated', from(new Error('x'), SYSTEM, WORLD), ['what asking asked for threw Error: x']],
  ])('is %s: the run is %s', async (_whose, verdict, error, messages) => {
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
    const world = { ...toyWorld, wiring: [WORLD_FOLDER], invariants: [...toyWorld.invariants, asking] };
    const run = await runScenario(world, world.generate(1n, 'calm', 'resend'));
    expect(run.verdict).toBe(verdict);
    expect(run.violations.map(({ message }) => message)).toEqual(messages);
    const place = `${new URL(WORLD_FOLDER).pathname}somewhere.ts:1:2`;
    expect(run.problem).toBe(verdict === 'violated' ? undefined : `invariant asking: Error: x, at ${place}`);
  });
});
