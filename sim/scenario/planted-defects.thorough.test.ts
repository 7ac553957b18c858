/** What a run says of things going wrong that no invariant is for, each planted in a copy of the build; and that a sweep goes on. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../testing/scratch-folder.testing.ts';

let folder = '';

beforeAll(() => {
  folder = scratchFolder();
  cpSync('dist', join(folder, 'dist'), { recursive: true });
  cpSync('package.json', join(folder, 'package.json'));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'make.mjs'), MAKE);
});

interface Plant {
  readonly file: string;
  readonly text: string;
  readonly replacement: string;
}

/** Does something with the planted build. */
function beside<Result>({ file, text, replacement }: Plant, act: () => Result): Result {
  const path = join(folder, 'dist', file);
  const original = readFileSync(path, 'utf8');
  expect(original.split(text)).toHaveLength(2);
  writeFileSync(
    path,
    original.replace(text, () => replacement),
  );
  try {
    return act();
  } finally {
    writeFileSync(path, original);
  }
}

/** What a command of the planted build prints as JSON, and its exit status. */
function command(plant: Plant, ...args: readonly string[]): { status: number | null; json: Run } {
  return beside(plant, () => {
    const line = [join(folder, 'dist/sim/cli/main.js'), ...args, '--json'];
    const { status, stdout } = spawnSync(process.execPath, line, { cwd: folder, encoding: 'utf8', timeout: 60_000 });
    return { status, json: JSON.parse(stdout) };
  });
}

/** Makes a run and a sweep with the modules of the planted build. It does not shrink failures, as the command would. */
const MAKE = `
  const load = (path) => import(new URL(path, process.argv[2]).href);
  const [{ loadWorld, runSeed }, { sweep }, { statusOfVerdict, statusOfSweep }] = await Promise.all(
    ['sim/sweep/source.js', 'sim/sweep/sweep.js', 'sim/cli/status.js'].map(load),
  );
  const address = { module: new URL('mesh/world.js', process.argv[2]).href, name: 'meshWorld' };
  const source = { world: address, profile: 'swarm', semantics: 'strict' };
  const world = await loadWorld(address);
  const { verdict, problem, violations } = await runSeed(world, source, 1n);
  const runs = Number(process.argv[3]);
  const swept = runs === 0 ? undefined : await sweep({ source, world, from: 1n, runs, jobs: 1 });
  const told = {
    run: { status: statusOfVerdict(verdict), verdict, problem, violations },
    swept: swept && { status: statusOfSweep(swept), runs: swept.runs, failures: swept.failures.map(({ invariant }) => invariant) },
  };
  process.stdout.write(JSON.stringify(told));
`;

interface Made {
  readonly run: {
    readonly status: number;
    readonly verdict: string;
    readonly problem?: string;
    readonly violations: Run['violations'];
  };
  readonly swept?: { readonly status: number; readonly runs: number; readonly failures: readonly string[] };
}

/** The results of seed 1, and of a sweep of `sweptRuns` seeds, in the planted build. */
function made(plant: Plant, sweptRuns = 0): Made {
  return beside(plant, () => {
    const build = pathToFileURL(join(folder, 'dist/')).href;
    const args = [join(folder, 'make.mjs'), build, String(sweptRuns)];
    return JSON.parse(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', timeout: 60_000 }));
  });
}

interface Run {
  readonly seed: string;
  readonly verdict: string;
  readonly problem: string;
  readonly violations: readonly { readonly invariant: string; readonly message: string }[];
}

const ID_GIVEN: Omit<Plant, 'replacement'> = { file: 'src/action/action-id.js', text: 'const id = this.#next;' };
const LOOP: Omit<Plant, 'replacement'> = { file: 'src/node/node-loop.js', text: 'async run() {' };

describe('a run says of', () => {
  it('an exception in an invariant: a mistake of its author, with the seed and the place; and a sweep goes on', () => {
    const plant: Plant = {
      file: 'mesh/invariants/executor/pull-cooldown.js',
      text: 'admit(event) {',
      replacement: "admit(event) { throw new Error('planted');",
    };
    const { status, json } = command(plant, 'run', '--seed', '1');
    expect({ status, seed: json.seed, verdict: json.verdict }).toEqual({
      status: 70,
      seed: '1',
      verdict: 'world-error',
    });
    expect(json.problem).toMatch(
      /^invariant pull-cooldown: Error: planted, at .*mesh\/invariants\/executor\/pull-cooldown\.js:\d+:\d+$/,
    );
    const { run, swept } = made(plant, 4);
    expect([run.status, swept?.status, swept?.runs]).toEqual([70, 70, 4]);
  });

  it('an exception in the control plane: no-crash, naming the task; and a sweep goes on', () => {
    const plant = { ...ID_GIVEN, replacement: `${ID_GIVEN.text} throw new Error('planted');` };
    const { status, json } = command(plant, 'run', '--seed', '1');
    expect([status, json.violations[0]?.invariant]).toEqual([1, 'no-crash']);
    expect(json.violations[0]?.message).toMatch(/n\d\/i\d\/loop threw Error: planted/);
    const { run, swept } = made(plant, 4);
    expect([run.status, swept?.status, swept?.runs]).toEqual([1, 1, 4]);
  });

  it('a node that cannot start again: no-crash, for it is the control plane that throws', () => {
    const plant: Plant = {
      file: 'src/node/mesh-node.js',
      text: 'if (!opened.ok)',
      replacement: "if (opened.ok && opened.value.length > 0) throw new Error('planted'); if (!opened.ok)",
    };
    const { swept } = made(plant, 12);
    expect([swept?.status, swept?.runs]).toEqual([1, 12]);
    expect(new Set(swept?.failures)).toEqual(new Set(['no-crash']));
  });

  it.each([
    [
      'asks for a time that is none',
      { ...LOOP, replacement: `${LOOP.text} await this.#runtime.sleep(Number.NaN);` },
      /^n\d\/i0\/loop threw MisuseError: a sleep is a whole number of milliseconds from 0: NaN$/,
    ],
    [
      'shows a port what no trace can hold',
      { ...ID_GIVEN, replacement: 'const id = -1n - this.#next;' },
      /^n\d\/i0\/loop threw MisuseError: enqueue: id cannot stand in a trace: the bigint -\d+ is not a u64$/,
    ],
    [
      'catches what comes of showing a port what no trace can hold',
      {
        file: 'src/executor/dispatch-call.js',
        text: 'dispatcher.dispatch(pending)',
        replacement: 'dispatcher.dispatch({ ...pending, id: -pending.id })',
      },
      /^n\d\/i0\/executor threw MisuseError: dispatch: id cannot stand in a trace: the bigint -1 is not a u64$/,
    ],
    [
      'ends a task with a wait open',
      {
        file: 'src/executor/executor.js',
        text: 'this.#close();',
        replacement: 'void this.#runtime.sleep(1000); this.#close();',
      },
      /^n\d\/i\d\/executor ended with MisuseError: n\d\/i\d\/executor: it ended while one of its waits was open$/,
    ],
    [
      'waits twice on one channel',
      {
        file: 'src/node/node-loop.js',
        text: 'const next = await',
        replacement: 'void this.#runtime.select({ received }); const next = await',
      },
      /^n\d\/i0\/loop ended with MisuseError: n\d\/i0\/loop: it waits twice on one channel at a time$/,
    ],
    [
      'waits where no task does',
      {
        file: 'src/executor/executor.js',
        text: 'get stats() {',
        replacement: 'get stats() { void this.#runtime.sleep(1);',
      },
      /MisuseError: only a task of a run can wait(, and none is running|: a callback of the world must spawn one)$/,
    ],
  ] satisfies readonly (readonly [string, Plant, RegExp])[])(
    'a control plane that %s: no-crash',
    (_what, plant, message) => {
      const { run } = made(plant);
      expect([run.status, run.verdict, run.violations[0]?.invariant]).toEqual([1, 'violated', 'no-crash']);
      expect(run.violations[0]?.message).toMatch(message);
    },
  );

  it('a control plane that ends in a state that no trace can hold: no-crash, beside what checkers saw of it', () => {
    const plant: Plant = {
      file: 'src/executor/outcome-recorder.js',
      text: 'this.counters.dispatched += 1;',
      replacement: 'this.counters.dispatched = Number.NaN;',
    };
    const { run } = made(plant);
    expect([run.status, run.verdict]).toEqual([1, 'violated']);
    expect(run.violations.map(({ invariant }) => invariant)).toContain('stats-ledger');
    expect(run.violations.find(({ invariant }) => invariant === 'no-crash')?.message).toBe(
      'MisuseError: final state: a value cannot stand in a trace: the number NaN is not a safe integer',
    );
  });

  it('a control plane that cannot always be built: no-crash; and a sweep goes on', () => {
    const plant: Plant = {
      file: 'src/node/mesh-node.js',
      text: 'if (!opened.ok)',
      replacement: "if (chain === 2n) throw new Error('planted'); if (!opened.ok)",
    };
    const { run, swept } = made(plant, 12);
    expect([run.status, run.verdict]).toEqual([1, 'violated']);
    expect(run.violations).toMatchObject([{ invariant: 'no-crash', message: 'build threw Error: planted' }]);
    expect([swept?.status, swept?.runs]).toEqual([1, 12]);
    expect(new Set(swept?.failures)).toEqual(new Set(['no-crash']));
    expect(swept?.failures.length).toBeLessThan(12);
  });

  it('wiring that says what no trace can hold: a mistake of its author', () => {
    const plant: Plant = {
      file: 'mesh/system/instance.js',
      text: "kind: 'settle', boundMs",
      replacement: "kind: 'settle', boundMs: 0.5",
    };
    const { run } = made(plant);
    expect([run.status, run.verdict]).toEqual([70, 'world-error']);
    expect(run.problem).toMatch(
      /^emit \(settle\) threw MisuseError: settle: boundMs cannot .* not a safe integer, at .*mesh\/system\/instance\.js:\d+:\d+$/,
    );
  });

  it('an endless loop of timers: no-livelock, naming the task; and a sweep goes on', () => {
    const plant = { ...LOOP, replacement: `${LOOP.text} for (;;) await this.#runtime.sleep(0);` };
    const { run, swept } = made(plant, 3);
    const stuck = run.violations.find(({ invariant }) => invariant === 'no-livelock');
    expect([run.status, stuck?.message]).toEqual([1, expect.stringMatching(/steps in \d+ ms; busy: .*n\d\/i\d\/loop/)]);
    expect([swept?.status, swept?.runs]).toEqual([1, 3]);
  });

  it('an await of something the host resolves: foreign-await, naming the task; and a sweep goes on', () => {
    const plant = {
      ...LOOP,
      replacement: `${LOOP.text} await new Promise(() => {});`,
    };
    const { run, swept } = made(plant, 3);
    expect([run.status, run.verdict]).toEqual([3, 'foreign-await']);
    expect(run.problem).toMatch(/n\d\/i\d\/loop/);
    expect([swept?.status, swept?.runs]).toEqual([3, 3]);
  });
});
