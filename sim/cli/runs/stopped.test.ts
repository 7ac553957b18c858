/** Commands end: a run that loops is stopped at its limit, and a signal is heard from the start. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { type Ended, MAIN, program, signalled, sim } from '../testing/command.testing.ts';
import { expectLoopTold, planted } from '../testing/planted.testing.ts';

// Each runs commands of whole builds.
vi.setConfig({ testTimeout: 120_000 });

const words = (line: string): readonly string[] => line.split(' ');

describe('a run that does not end', () => {
  let main: string;
  beforeAll(() => {
    main = planted('for (;;);');
  });
  const copied = (line: string, cwd = scratchFolder()): Promise<Ended> =>
    program(process.execPath, [main, ...words(line)], { cwd });

  it.each(['run --seed 42 --run-limit 5s --json'])(
    'is stopped at its limit, and is a livelock whose place is told: %s',
    async (line) => {
      expectLoopTold(await copied(line));
    },
  );
});

describe('a command under way', () => {
  it.each([
    'run --seed 1',
    'new some',
    'shrink --seed 1 -o a.yaml',
    'replay a.yaml',
    'sweep --runs 4',
    'conform nowhere',
  ])('ends with 130 where it is told to as soon as it listens: %s', async (line) => {
    const cwd = scratchFolder();
    const env = signalled('SIGTERM');
    expect(await sim(words(line), { cwd, env })).toEqual({ status: 130, out: '', err: '' });
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('the host of a command', () => {
  it('ends by itself where the command was gone before it listened', async () => {
    const host = spawn(process.execPath, [MAIN, ...words('sweep --time 10m')], {
      env: { ...process.env, SIM_HOST_OF: '1' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    expect(await once(host, 'exit')).toEqual([130, null]);
  });
});
