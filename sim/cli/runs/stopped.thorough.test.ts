/** Commands end whatever their runs do: at a limit, or when a signal tells them to. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { copyOfBuild, type Ended, program, sim, withPreloaded } from '../testing/command.testing.ts';
import { expectLoopTold, planted } from '../testing/planted.testing.ts';

// Each runs commands of whole builds.
vi.setConfig({ testTimeout: 120_000 });

const words = (line: string): readonly string[] => line.split(' ');

/** The host's files, taken before a run's guards refuse them, for code that is planted in the system. */
const SIGNS = withPreloaded(`import fs from 'node:fs';
  const { closeSync, existsSync, openSync } = fs;
  const { SIM_TEST_REACHED, SIM_TEST_GO_ON } = process.env;
  globalThis.sayReached = () => closeSync(openSync(SIM_TEST_REACHED, 'w'));
  globalThis.mayGoOn = () => existsSync(SIM_TEST_GO_ON);`);
/** Says that the planted code has been reached. */
const SAY_REACHED = 'globalThis.sayReached();';
/** Waits, in one turn, for the test to let it go on. */
const WAIT = `if (!globalThis.mayGoOn()) {
  ${SAY_REACHED}
  while (!globalThis.mayGoOn());
}`;

/** Runs a command to its end, and does something to it once its planted code has been reached. */
function onceReached(
  main: string,
  line: string,
  act: (child: ChildProcess, goOn: () => void) => unknown,
): Promise<Ended> {
  const cwd = scratchFolder();
  const [reached, goOn] = [join(cwd, 'reached'), join(cwd, 'go-on')];
  return program(process.execPath, [main, ...words(line)], {
    cwd,
    env: { ...SIGNS, SIM_TEST_REACHED: reached, SIM_TEST_GO_ON: goOn },
    during: async (child) => {
      await expect.poll(() => existsSync(reached), { timeout: 60_000 }).toBe(true);
      await act(child, () => writeFileSync(goOn, ''));
    },
  });
}

describe('a run that does not end', () => {
  let main: string;
  beforeAll(() => {
    main = planted('for (;;);');
  });
  const copied = (line: string, cwd = scratchFolder()): Promise<Ended> =>
    program(process.execPath, [main, ...words(line)], { cwd });

  it('is stopped where it is to be made again, too', async () => {
    expectLoopTold(await copied('run --seed 42 --run-limit 5s --check-determinism --json'));
  });

  it('keeps no other file from being replayed', async () => {
    const cwd = scratchFolder();
    await Promise.all(['one', 'other'].map((name) => sim(['new', name], { cwd })));
    const { status, out } = await copied('replay one.yaml other.yaml --run-limit 2s --json', cwd);
    const violated = { verdict: 'violated', violations: [{ invariant: 'no-livelock' }] };
    expect(JSON.parse(out).files).toMatchObject([
      { path: 'one.yaml', ...violated },
      { path: 'other.yaml', ...violated },
    ]);
    expect(status).toBe(1);
  });

  it('is not shrunk for longer than the search may take', async () => {
    const { status, err } = await copied('shrink --seed 42 --time 1s -o small.yaml');
    expect(err).toBe('sim: seed 42: inconclusive: its run had not ended by then; so there is nothing to shrink\n');
    expect(status).toBe(2);
  });
});

describe('a host that is stopped', () => {
  it('lets no time of a run pass', async () => {
    const { status, out } = await onceReached(
      planted(WAIT),
      'run --seed 42 --run-limit 4s --json',
      async (child, goOn) => {
        child.kill('SIGSTOP');
        await new Promise((resolve) => setTimeout(resolve, 6_000));
        goOn();
        child.kill('SIGCONT');
      },
    );
    expect(JSON.parse(out)).toMatchObject({ verdict: 'held', seed: '42' });
    expect(status).toBe(0);
  });
});

describe('a command under way', () => {
  it.each([
    ['SIGTERM', 'run --seed 42'],
    ['SIGINT', 'run --seed 42 --check-determinism'],
    ['SIGHUP', 'shrink --seed 42 -o small.yaml'],
    ['SIGTERM', 'sweep --runs 4 --jobs 2'],
  ] as const)('ends with 130 at one %s though its run does not: %s', async (signal, line) => {
    const main = planted(`${SAY_REACHED} for (;;);`);
    const { status } = await onceReached(main, line, (child) => child.kill(signal));
    expect(status).toBe(130);
  });
});

describe('a command whose world does not come back', () => {
  it.each(['shrink --seed 42 -o small.yaml', 'new some'])('ends with 130 at one SIGTERM: %s', async (line) => {
    const copy = copyOfBuild();
    const file = join(copy, 'dist/mesh/world.js');
    // Where it is loaded, and so before anything of it is called.
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n${SAY_REACHED} for (;;);`);
    const { status } = await onceReached(join(copy, 'dist/sim/cli/main.js'), line, (child) => child.kill('SIGTERM'));
    expect(status).toBe(130);
  });
});
