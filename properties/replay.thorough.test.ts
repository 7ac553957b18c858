/** The command that a failing property prints, executed as printed where the property really fails: beside planted bugs. */
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Checkout, ownRoot } from '../sim/mutants/checkout.ts';
import { readMutant } from '../sim/mutants/read.ts';

/** Runs of tests in processes of their own, on a machine with much else to do. */
const timeout = 180_000;

interface Ran {
  readonly status: number | null;
  readonly output: string;
}

function shell(command: string, folder: string, environment: Readonly<Record<string, string>> = {}): Ran {
  const { SIM_RUNS, SIM_SEED, SIM_PATH, SIM_COMMANDS, ...inherited } = process.env;
  const env = { ...inherited, NO_COLOR: '1', ...environment };
  const { status, stdout, stderr } = spawnSync(command, { cwd: folder, env, shell: true, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

interface Printed {
  readonly cases: string;
  readonly counterexample: string;
  readonly command: string;
}

function printed({ output }: Ran): Printed {
  const [, cases = '', counterexample = '', command = ''] =
    /^Case (\d+, shrunk \d+ times): ([\s\S]*?)\n\nReplay: (.*)$/m.exec(output) ?? [];
  if (command === '') throw new Error(`no replay command in: ${output}`);
  return { cases, counterexample, command };
}

/** Puts a bug in a copy of the sources for as long as `use` takes. */
function beside(id: string, use: (folder: string, repair: () => void) => void): void {
  const checkout = new Checkout(ownRoot());
  const mutant = readMutant(join(checkout.root, 'mutants', `${id}.yaml`));
  const { folder, remove } = checkout.plantInSources(mutant);
  try {
    use(folder, () => cpSync(join(checkout.root, mutant.file), join(folder, mutant.file)));
  } finally {
    remove();
  }
}

/** The command that is printed beside a bug, which has to find the same again. */
function foundTwice(folder: string, test: string): string {
  const first = shell(`npx vitest run ${test}`, folder, { SIM_RUNS: '200', SIM_SEED: '7' });
  expect(first.status, first.output).toBe(1);
  const { counterexample, command } = printed(first);
  const again = shell(command, folder);
  expect(again.status, again.output).toBe(1);
  expect(printed(again)).toEqual({ cases: '1, shrunk 0 times', counterexample, command });
  return command;
}

describe('the command that a failing property prints', () => {
  it('finds the same smallest sequence of commands again, and nothing once the bug is gone', { timeout }, () => {
    beside('executor-defer-one-more', (folder, repair) => {
      const command = foundTwice(folder, 'properties/executor.test.ts');
      expect(command).toMatch(
        /^SIM_SEED=7 SIM_PATH=[\d:]+ SIM_COMMANDS=\S+ npx vitest run properties\/executor.test.ts -t '/,
      );
      repair();
      const repaired = shell(command, folder);
      expect(repaired.status, repaired.output).toBe(0);
      expect(repaired.output).toMatch(/Tests +1 passed/);
    });
  });

  it('finds the same shrunk scenario again', { timeout }, () => {
    beside('canary', (folder) => {
      const command = foundTwice(folder, 'properties/runs.test.ts');
      expect(command).toMatch(/^SIM_SEED=7 SIM_PATH=0:0 npx vitest run properties\/runs.test.ts -t '/);
    });
  });
});
