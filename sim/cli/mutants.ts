/** `sim mutants`: plants each bug in a copy of the build and says what saw it, and after how much. */
import type { Argv } from 'yargs';
import type { Measurement } from '../mutants/measure.ts';
import { jsonFlag, textFlag, valueFlag } from './options.ts';
import { EXIT, type ExitStatus } from './status.ts';
import { parseCount, parseNames, UsageError } from './values.ts';

const TRIALS_DEFAULT = 10;
const RUNS_DEFAULT = 2000;
const PROBE_RUNS = 20;
const JOBS_MAX = 256;
const CANARY = 'canary';

const options = {
  dir: textFlag('dir', 'folder of mutants, a YAML file each (those of this project)'),
  only: textFlag('only', 'of these names alone, with commas between'),
  trials: valueFlag('trials', `times each is looked for, from other seeds (${TRIALS_DEFAULT})`, parseCount),
  runs: valueFlag('runs', `most runs of a trial (${RUNS_DEFAULT})`, parseCount),
  jobs: valueFlag('jobs', 'mutants at a time (one a core)', (flag, text) => parseCount(flag, text, JOBS_MAX)),
  json: jsonFlag,
} as const;

export function addMutantsCommand(cli: Argv): Argv {
  return cli.command(
    'mutants',
    'plant known bugs and say which are found',
    (command) => command.options(options),
    async (args) => {
      const [{ availableParallelism }, { join }, { Checkout, ownRoot }, { MutantError }, { readMutants }, report] =
        await Promise.all([
          import('node:os'),
          import('node:path'),
          import('../mutants/checkout.ts'),
          import('../mutants/mutant.ts'),
          import('../mutants/read.ts'),
          import('../mutants/report.ts'),
        ]);
      const [{ measure }, { print }] = await Promise.all([import('../mutants/measure.ts'), import('./output.ts')]);
      try {
        const root = ownRoot();
        const own = join(root, 'mutants');
        const checkout = new Checkout(root);
        const all = readMutants(args.dir ?? own);
        const canary = [...all, ...readMutants(own)].find(({ id }) => id === CANARY);
        if (canary === undefined) throw new UsageError(`${own} has no mutant named ${CANARY}`);
        const known = all.filter(({ id }) => id !== CANARY);
        const ids = known.map(({ id }) => id);
        const wanted = args.only === undefined ? ids : parseNames('--only', args.only, ids);
        const measurement = await measure(
          known.filter(({ id }) => wanted.includes(id)),
          canary,
          {
            checkout,
            world: { path: 'sim/mesh/world.js', name: 'meshWorld' },
            conform: { command: 'sim/cli/main.js', vectors: join(root, 'test-data/vectors') },
            trials: args.trials ?? TRIALS_DEFAULT,
            runsMax: args.runs ?? RUNS_DEFAULT,
            probeRuns: PROBE_RUNS,
            jobs: args.jobs ?? availableParallelism(),
            onMeasured: (measured) => process.stderr.isTTY && process.stderr.write(`${report.oneLine(measured)}\n`),
          },
        );
        print(args.json ? report.mutantsJson(measurement) : undefined, (colors) =>
          report.mutantsText(measurement, colors),
        );
        process.exitCode = statusOf(measurement);
      } catch (error) {
        throw error instanceof MutantError ? new UsageError(error.message) : error;
      }
    },
  );
}

/** A missed canary, and a bug that could not be looked for, say that the harness is broken; a missed bug, that it is blind. */
function statusOf({ void: isVoid, mutants }: Measurement): ExitStatus {
  if (isVoid || mutants.some(({ problem }) => problem !== undefined)) return EXIT.defect;
  return mutants.every(({ detected }) => detected) ? EXIT.held : EXIT.violated;
}
