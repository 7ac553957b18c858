/** `sim init`: two simulated tests to start from, one that passes and one that finds a planted bug. */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { printable } from '../../scenario/file/mistake.ts';
import { checkArguments } from '../arguments/arguments.ts';

const FILE = 'sim-example.test.ts';
/** What the tests need, besides Node. */
const NEEDED = ['meshos-sim', 'vitest'] as const;

const TESTS = `import { simTest } from 'meshos-sim/vitest';
import { expect } from 'vitest';

// Each test runs its body a hundred times. Every time the seed decides when deposits are made and how much they are.
const operations = { deposit: { times: 4, at: [0, 50], amount: [1, 100] } } as const;

simTest('deposits add up', { operations }, (sim) => {
  let balance = 0;
  let deposited = 0;
  return {
    deposit: async ({ amount }) => {
      await sim.sleep(10); // As long as a database would take: in virtual time, so nobody waits for it.
      balance += amount;
      deposited += amount;
      expect(balance).toBe(deposited);
    },
  };
});

// The bug: the balance is read before the wait and written after it. Take it out and the test passes.
simTest('deposits made at once add up', { operations }, (sim) => {
  let balance = 0;
  let deposited = 0;
  return {
    deposit: async ({ amount }) => {
      const before = balance;
      await sim.sleep(10);
      balance = before + amount;
      deposited += amount;
      expect(balance).toBe(deposited);
    },
  };
});
`;

export function addInitCommand(cli: Argv): Argv {
  return cli.command(
    'init',
    'write two simulated tests to start from: one passes, one finds a planted bug',
    (command) => {
      checkArguments({ flags: {} });
      return command;
    },
    async () => {
      const [{ print }, { writeNewFile }] = await Promise.all([
        import('../files/output.ts'),
        import('../files/output-file.ts'),
      ]);
      writeNewFile(FILE, TESTS);
      const missing = NEEDED.filter((name) => !isInstalled(name));
      print(undefined, (colors) => {
        const steps = [
          ...(missing.length === 0 ? [] : [['install', `npm install --save-dev ${missing.join(' ')}`]]),
          ['run', `npx vitest run ${FILE}`],
          ['sweep', `npx sim sweep --world '${FILE}#deposits made at once add up'`],
        ];
        const width = Math.max(...steps.map(([name = '']) => name.length));
        const lines = steps.map(([name = '', command = '']) => `${name.padEnd(width)}  ${colors.cyan(command)}\n`);
        return `${printable(FILE)}: a test that passes, and one that fails\n\n${lines.join('')}`;
      });
    },
  );
}

/** Whether a file in the current folder could import it. */
function isInstalled(name: string): boolean {
  try {
    createRequire(resolve(FILE)).resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}
