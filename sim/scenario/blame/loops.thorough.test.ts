/** Loops in tests of others: whatever pool a test runner has, and with coverage on, a run in a test is stopped and told. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';

const VITEST = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));
const RUN = new URL('../../../dist/sim/scenario/run/run.js', import.meta.url).href;

/** A test as somebody writes it who has a world of their own. It prints what each loop came to. */
const TEST = `
  import { test } from 'vitest';
  import { runScenario } from ${JSON.stringify(RUN)};

  const scenario = { format: 1, name: 'loops', world: 'loops', semantics: 'plain', seed: 7n, config: {},
    workload: [{ key: 'a1', at: 10, kind: 'ask' }], faults: [] };
  const worldOf = (ask) => ({
    name: 'loops', semantics: ['plain'], ambient: 'virtual', events: {}, marks: [], faultKinds: [], invariants: [],
    schemas: () => Promise.reject(new Error('none')), generate: () => scenario,
    settleBoundMs: () => 1000, stepBudget: () => ({ fixed: 10_000, perMs: 10 }), lane: () => 'all',
    build: (_scenario, { kernel }) => ({
      view: {}, start() {}, inject() {}, heal() {}, settle() {}, close() {},
      apply: (_operation, name) => void kernel.root.spawn('ask', ask, name, { owesEnd: true }),
      drained: () => true, waiting: () => [], ended: () => true, finalState: () => [],
    }),
  });
  async function inOneGo() {
    for (;;);
  }
  async function ofMicrotasks() {
    for (;;) await undefined;
  }
  const ofTicks = async () => process.nextTick(ofTicks);
  const ofImmediates = () => new Promise(() => {
    const again = () => setImmediate(again);
    again();
  });
  const sound = () => new Promise((resolve) => setTimeout(resolve, 5));

  test.each([inOneGo, ofMicrotasks, ofTicks, ofImmediates, sound])('%o', async (ask) => {
    const { verdict, violations } = await runScenario(worldOf(ask), scenario, { segmentMs: 500 });
    const [{ invariant = '', message = '' } = {}] = violations;
    console.log('LOOP', ask.name, verdict, invariant, message);
  }, 60_000);
`;

interface Ran {
  readonly status: number | null;
  readonly loops: readonly string[];
}

async function runTests(pool: string, env: NodeJS.ProcessEnv): Promise<Ran> {
  const folder = join(scratchFolder(), pool);
  mkdirSync(folder);
  writeFileSync(join(folder, 'loops.test.mjs'), TEST);
  const args = [VITEST, 'run', '--root', folder, '--pool', pool, '--disable-console-intercept'];
  const { NODE_OPTIONS: _, VITEST: __, VITEST_MODE: ___, ...outer } = process.env;
  const child = spawn(process.execPath, args, { env: { ...outer, NO_COLOR: '1', ...env } });
  let out = '';
  child.stdout.on('data', (text: Buffer) => {
    out += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    out += text.toString();
  });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, loops: out.split('\n').filter((line) => line.startsWith('LOOP')) };
}

const HERE = /loops\.test\.mjs:\d+:\d+/.source;

describe('a loop in a test', () => {
  it.each([
    ['forks', false],
    ['threads', false],
    ['forks', true],
    ['threads', true],
    ['vmThreads', false],
    ['vmThreads', true],
  ] as const)('in the pool %s (coverage: %s) is stopped, with its place', async (pool, isCovered) => {
    const env = isCovered ? { NODE_V8_COVERAGE: join(scratchFolder(), 'coverage') } : {};
    const { status, loops } = await runTests(pool, env);
    expect([status, loops]).toEqual([
      0,
      [
        expect.stringMatching(new RegExp(`^LOOP inOneGo violated no-livelock a loop .*${HERE}`)),
        expect.stringMatching(new RegExp(`^LOOP ofMicrotasks violated no-livelock a loop .*${HERE}`)),
        expect.stringMatching(new RegExp(`^LOOP ofTicks violated no-livelock a loop .*${HERE}`)),
        expect.stringMatching(new RegExp(`^LOOP ofImmediates violated no-livelock .* steps .*busy: ask at .*${HERE}`)),
        'LOOP sound held  ',
      ],
    ]);
  });
});
