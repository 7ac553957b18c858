/** The command that a failing property prints, executed as printed where the property really fails: beside planted bugs. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Checkout, ownRoot } from '../sim/mutants/checkout.ts';
import { readMutant } from '../sim/mutants/read.ts';

/** Runs of tests in processes of their own, on a machine with much else to do. */
const TIMEOUT_MS = 180_000;

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

it.each([
  ['ring-one-too-many', 'properties/ring.test.ts'],
  ['executor-defer-one-more', 'properties/executor.test.ts'],
  ['canary', 'properties/runs.test.ts'],
])(
  'a property that finds %s prints the command that finds it again, and passes once the bug is gone',
  (id, test) => {
    const checkout = new Checkout(ownRoot());
    const mutant = readMutant(join(checkout.root, 'mutants', `${id}.yaml`));
    const { folder, remove } = checkout.plantInSources(mutant);
    try {
      const first = shell(`npx vitest run ${test}`, folder, { SIM_RUNS: '200', SIM_SEED: '7' });
      expect(first.status, first.output).toBe(1);
      const { counterexample, command } = printed(first);
      expect(command).toMatch(/^SIM_SEED=7 SIM_PATH=[\d:]+ .*npx vitest run properties\/\w+\.test\.ts -t '.*'$/);

      const again = shell(command, folder);
      expect(again.status, again.output).toBe(1);
      expect(printed(again)).toEqual({ cases: '1, shrunk 0 times', counterexample, command });

      writeFileSync(join(folder, mutant.file), readFileSync(join(checkout.root, mutant.file)));
      const fixed = shell(command, folder);
      expect(fixed.status, fixed.output).toBe(0);
      expect(fixed.output).toMatch(/Tests +1 passed/);
    } finally {
      remove();
    }
  },
  TIMEOUT_MS,
);
