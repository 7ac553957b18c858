/** Mistakes of whoever wrote a test are told as theirs, with file, line and column, and are no findings about the system. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type { SimulatedTest } from './options.ts';
import { simulate } from './simulate.ts';
import { ranTest, testFile } from './simulated.testing.ts';

const HERE = String.raw`\S*author-mistakes\.test\.ts:\d+:\d+`;

/** Options as somebody would write them who has no types. */
const untyped = (options: object, body: unknown = () => ({})): SimulatedTest =>
  Reflect.apply(simulate, undefined, [options, body]);

async function messageOf(test: SimulatedTest, told?: Parameters<typeof ranTest>[1]): Promise<string> {
  const { error, kept } = await ranTest(test, told);
  expect(kept).toEqual([]);
  expect(error?.name).not.toBe('AssertionError');
  const [, top = ''] = /\n( +at .*)/.exec(error?.stack ?? '') ?? [];
  expect(top).toMatch(new RegExp(HERE));
  return error?.message ?? 'green';
}

/** The message is this one, and then says where. */
function at(message: string): RegExp {
  return new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}, at ${HERE}(?: \\(seed \\d+\\))?$`);
}

describe('an option that breaks a rule', () => {
  const mistakes: readonly (readonly [told: string, test: () => SimulatedTest])[] = [
    [
      "there is no option 'operation', but load, operations, runs, seed, faults, reach, settleMs, interleave",
      () => untyped({ operation: {} }),
    ],
    ['expected a body after the options, a function; found number', () => untyped({}, 3)],
    ['runs: expected a whole number from 1, found 0', () => untyped({ runs: 0 })],
    ['seed: expected a u64, found -1', () => untyped({ seed: -1 })],
    ['settleMs: expected a whole number of milliseconds from 0, found 1.5', () => untyped({ settleMs: 1.5 })],
    ["interleave: expected 'io', found await", () => untyped({ interleave: 'await' })],
    ['reach: expected a list of marks, which are texts', () => untyped({ reach: 'here' })],
    ["reach: 'here' is there twice", () => untyped({ reach: ['here', 'here'] })],
    [
      "faults: expected kinds of node-crash, node-pause, clock-jump, timer-late, abort; found 'crash'",
      () => untyped({ faults: ['crash'] }),
    ],
    [
      "faults: expected none, swarm, storm or a list of node-crash, node-pause, clock-jump, timer-late, abort; found 'some'",
      () => untyped({ faults: 'some' }),
    ],
    [
      'operations: a b: expected a name of letters, digits, dashes and underscores that begins with a letter',
      () => untyped({ operations: { 'a b': {} } }),
    ],
    [
      'operations: finally: is called when everything has settled; it cannot be an operation',
      () => untyped({ operations: { finally: {} } }),
    ],
    ['operations: go: expected an object, found number', () => untyped({ operations: { go: 4 } })],
    [
      'operations: go: times: expected a whole number from 0, or a range of two, found -1',
      () => untyped({ operations: { go: { times: -1 } } }),
    ],
    [
      'operations: go: at: expected a whole number from 0, or a range of two, found 50,0',
      () => untyped({ operations: { go: { at: [50, 0] } } }),
    ],
    ['operations: go: mayWait: expected true or false, found 1', () => untyped({ operations: { go: { mayWait: 1 } } })],
    [
      "operations: go: needs: expected the kind of an operation, found 'push'",
      () => untyped({ operations: { go: { needs: 'push' } } }),
    ],
    [
      "operations: go: 'signal' is what every operation is given; a value needs another name",
      () => untyped({ operations: { go: { signal: 1 } } }),
    ],
    [
      'operations: go: forMs: expected a range of whole numbers, the lesser first, found [20, 0]',
      () => untyped({ operations: { go: { forMs: [20, 0] } } }),
    ],
    [
      'operations: go: of: expected at least one choice, found an empty list',
      () => untyped({ operations: { go: { of: [] } } }),
    ],
    [
      'operations: go: of: expected a range, a list of choices, an arbitrary, a text, a number, true, false or null; found function',
      () => untyped({ operations: { go: { of: () => 1 } } }),
    ],
    ["load: expected () => import('…')", () => untyped({ load: 'async-mutex' })],
    [
      "load: expected () => import('…') with the module's name as a literal",
      () => simulate({ load: async () => ({}) }, () => {}),
    ],
    [
      'load: expected one import, found those of node:fs, node:util',
      () => simulate({ load: async () => [await import('node:fs'), await import('node:util')] }, () => {}),
    ],
    ["SIM_SEED: expected a u64, found 'x'", () => simulate({}, () => {})],
    ["SIM_RUNS: expected a whole number, found 'many'", () => simulate({}, () => {})],
  ];

  it.each(mistakes)('%s', async (told, test) => {
    const [, name = '', value = ''] = /^(SIM_\w+): .*found '(\w+)'$/.exec(told) ?? [];
    expect(await messageOf(test(), name === '' ? {} : { env: { [name]: value } })).toMatch(at(told));
  });

  it('is a module that cannot be loaded', async () => {
    const load = (): Promise<unknown> => import('./no-such-module.ts' as string);
    expect(await messageOf(simulate({ load }, () => {}))).toMatch(
      /^load: cannot bundle \S*no-such-module\.ts .*at \S+$/,
    );
  });
});

describe('a body that breaks a rule', () => {
  const mistakes: readonly (readonly [told: string, test: () => SimulatedTest])[] = [
    ["the body gives no handler for the operation 'go'", () => untyped({ operations: { go: {} } })],
    [
      'stop: a handler of no operation; operations declares go',
      () => untyped({ operations: { go: {} } }, () => ({ go: () => {}, stop: () => {} })),
    ],
    ['go: expected a handler, found number', () => untyped({ operations: { go: {} } }, () => ({ go: 1 }))],
    [
      'the body gives number, expected an object with a handler for each operation',
      () => untyped({ operations: { go: {} } }, () => 3),
    ],
    [
      'the body threw TypeError: Mutex is not a constructor',
      () =>
        untyped({}, (_sim: unknown, Mutex: { new (): object }) => {
          new Mutex();
        }),
    ],
    [
      "sim.node: expected a name of letters, digits, dots, dashes and underscores, found 'a b'",
      () => simulate({}, (sim) => void sim.node('a b', () => {})),
    ],
    [
      "sim.node: 'test' is the node in which the body runs",
      () => simulate({}, (sim) => void sim.node('test', () => {})),
    ],
    [
      "sim.node: there is a node 'a' already",
      () =>
        simulate({}, (sim) => {
          sim.node('a', () => {});
          sim.node('a', () => {});
        }),
    ],
    [
      'sim.node: expected a function, found undefined',
      () => untyped({}, (sim: { node(name: string): void }) => sim.node('a')),
    ],
    [
      "sim.draw('x'): expected a range of whole numbers, the lesser first, found [2, 1]",
      () => simulate({}, (sim) => void sim.draw('x', [2, 1])),
    ],
    [
      'sim.sleep: expected a whole number of milliseconds from 0, found NaN',
      () => simulate({ operations: { go: {} } }, (sim) => ({ go: () => sim.sleep(Number.NaN) })),
    ],
    ['sim.lag: expected a whole number of milliseconds from 0, found -1', () => simulate({}, (sim) => sim.lag(-1))],
    ['sim.clockJump: expected whole milliseconds, found 0.5', () => simulate({}, (sim) => sim.clockJump(0.5))],
    [
      'sim.always: expected a function, found boolean',
      () => untyped({}, (sim: { always(name: string, holds: boolean): void }) => sim.always('x', true)),
    ],
    [
      'sim.eventually: expected a whole number of milliseconds from 0, found undefined',
      () =>
        untyped({}, (sim: { eventually(name: string, holds: () => boolean): void }) => sim.eventually('x', () => true)),
    ],
    [
      'sim.reached: expected a name, found 4',
      () => untyped({}, (sim: { reached(mark: number): void }) => sim.reached(4)),
    ],
    [
      'sim.settled: only the body and operations wait until all has settled',
      () => simulate({}, (sim) => void sim.node('a', () => sim.settled())),
    ],
    [
      'expect.poll is not for simulated runs: sim.eventually looks again and again, by virtual time',
      () => simulate({ operations: { go: {} } }, () => ({ go: () => expect.poll(() => 1).toBe(1) })),
    ],
    [
      'vi.waitFor is not for simulated runs: sim.eventually looks again and again, by virtual time',
      () => simulate({ operations: { go: {} } }, () => ({ go: () => vi.waitFor(() => {}) })),
    ],
    [
      'vi.useFakeTimers is not for simulated runs: a run has a virtual clock of its own: sim.sleep lets it go on',
      () => simulate({ operations: { go: {} } }, () => ({ go: () => void vi.useFakeTimers() })),
    ],
  ];

  it.each(mistakes)('%s', async (told, test) => {
    expect(await messageOf(test())).toMatch(at(told));
  });

  it('awaits a promise of the host', async () => {
    const hosts = new Promise(() => {});
    const awaiting = simulate({ operations: { go: {} } }, () => ({ go: async () => void (await hosts) }));
    expect(await messageOf(awaiting)).toMatch(/^foreign-await: .*test\/go1 at \S*author-mistakes\.test\.ts:\d+:\d+/);
    // Where nobody awaits it but the run itself, it is the test's place that is told.
    const giving = simulate({ operations: { go: {} } }, () => ({ go: () => hosts }));
    expect(await messageOf(giving)).toMatch(/^foreign-await: .*test\/go1/);
  });

  it('is what throws while its module is evaluated', async () => {
    const file = testFile();
    writeFileSync(file.replace('a.test.ts', 'broken.mjs'), 'throw new Error("no");');
    const load = new Function(`return import(${JSON.stringify(file.replace('a.test.ts', 'broken.mjs'))})`);
    const test = untyped({ load });
    expect(await messageOf(test)).toMatch(/^load: the module threw while it was evaluated: Error: no, at \S+/);
  });
});

describe('a kept file that cannot be read', () => {
  it('is told with the place of each mistake in it', async () => {
    const file = testFile();
    const test = simulate({ operations: { go: {} } }, () => ({ go: () => expect(1).toBe(2) }));
    const { kept } = await ranTest(test, { file });
    writeFileSync(kept[0] ?? '', 'format: 1\nname: 3\n');
    const { error } = await ranTest(test, { file });
    expect(error?.message).toMatch(/a test\.yaml is stale: .*a test\.yaml:2:7: name: expected text; found 3/);
  });
});
