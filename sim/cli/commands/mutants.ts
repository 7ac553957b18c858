/** `sim mutants`: plants each bug in a copy of the build and says what saw it, and after how much. */
import type { Argv } from 'yargs';
import type { Measured, Measurement } from '../../mutants/measure.ts';
import type { Mutant } from '../../mutants/mutant.ts';
import { checkArguments } from '../arguments/arguments.ts';
import { jsonFlag, maxEventsFlag, switchFlag, textFlag, valueFlag } from '../arguments/options.ts';
import { parseCount, UsageError } from '../arguments/values.ts';
import { EXIT, type ExitStatus } from '../status.ts';

const TRIALS_DEFAULT = 10;
const RUNS_DEFAULT = 2000;
const PROBE_RUNS = 20;
/** The searches are over in less, nearly all of them. */
const SHRINK_MS = 4_000;
const JOBS_MAX = 256;
const CANARY = 'canary';

const options = {
  dir: textFlag('dir', 'folder of mutants, a YAML file each (those of this project)'),
  only: textFlag('only', 'of these names alone, with commas between'),
  trials: valueFlag('trials', `times each is looked for, from other seeds (${TRIALS_DEFAULT})`, parseCount),
  runs: valueFlag('runs', `most runs of a trial (${RUNS_DEFAULT})`, parseCount),
  jobs: valueFlag('jobs', 'mutants at a time (one a core)', (flag, text) => parseCount(flag, text, JOBS_MAX)),
  record: switchFlag('keep what was measured of all mutants of this project, for the summaries of sweeps'),
  'max-events': maxEventsFlag,
  json: jsonFlag,
} as const;

export function addMutantsCommand(cli: Argv): Argv {
  return cli.command(
    'mutants',
    'plant known bugs and say which are found',
    (command) => {
      checkArguments({ flags: options });
      return command.options(options);
    },
    async (args) => {
      if (args.record && (args.dir !== undefined || args.only !== undefined)) {
        throw new UsageError(
          '--record: keeps what was measured of all mutants of this project, so not with --dir or --only',
        );
      }
      const [{ leftToHost }, { onInterrupt }] = await Promise.all([
        import('../process/host.ts'),
        import('../process/signals.ts'),
      ]);
      if (await leftToHost()) return;
      const [
        { availableParallelism },
        { join },
        { Checkout, ownRoot },
        { MutantError },
        { readMutant, readMutants },
        report,
      ] = await Promise.all([
        import('node:os'),
        import('node:path'),
        import('../../mutants/checkout.ts'),
        import('../../mutants/mutant.ts'),
        import('../../mutants/read.ts'),
        import('../../mutants/report.ts'),
      ]);
      const [{ checkFolder }, { measure }, { print }, { choose }] = await Promise.all([
        import('../files/folder.ts'),
        import('../../mutants/measure.ts'),
        import('../files/output.ts'),
        import('../world.ts'),
      ]);
      try {
        const root = ownRoot();
        const own = join(root, 'mutants');
        const checkout = new Checkout(root);
        const { world } = await choose({});
        checkFolder(args.dir ?? own);
        const all = readMutants(args.dir ?? own, world);
        const canary = all.find(({ id }) => id === CANARY) ?? readMutant(join(own, `${CANARY}.yaml`), world);
        const mutants = all.filter(({ id }) => id !== CANARY);
        const wanted = args.only === undefined ? mutants : chosen(mutants, args.only);
        const { trials = TRIALS_DEFAULT, runs: runsMax = RUNS_DEFAULT } = args;
        const tell = (measurement: Measurement): void =>
          print(args.json ? report.mutantsJson(measurement) : undefined, (colors) =>
            report.mutantsText(measurement, colors),
          );
        const done: Measured[] = [];
        const beganMs = performance.now();
        onInterrupt(() => {
          const [sung, ...measured] = done;
          const seconds = (performance.now() - beganMs) / 1000;
          if (sung !== undefined) tell({ canary: sung, void: false, mutants: measured, trials, runsMax, seconds });
          process.stderr.write(`sim: interrupted: ${measured.length} of ${wanted.length} mutants were measured\n`);
          process.exit(EXIT.interrupted);
        });
        const measurement = await measure(wanted, canary, {
          checkout,
          world: { path: 'mesh/world.js', name: 'meshWorld' },
          conform: { command: 'sim/cli/main.js', vectors: join(root, 'test-data/vectors') },
          trials,
          runsMax,
          maxEvents: args['max-events'],
          probeRuns: PROBE_RUNS,
          shrinkMs: SHRINK_MS,
          jobs: args.jobs ?? availableParallelism(),
          onMeasured: (measured) => {
            done.push(measured);
            if (process.stderr.isTTY) process.stderr.write(`${report.oneLine(measured)}\n`);
          },
        });
        tell(measurement);
        if (args.record && !measurement.void) await keep(measurement, root);
        process.exitCode = statusOf(measurement);
      } catch (error) {
        throw error instanceof MutantError ? new UsageError(error.message) : error;
      }
    },
  );
}

/** Writes the record, which is to be committed. */
async function keep(measurement: Measurement, root: string): Promise<void> {
  const [{ mkdirSync, writeFileSync }, { dirname, join }, { currentCommit }, record] = await Promise.all([
    import('node:fs'),
    import('node:path'),
    import('../process/commit.ts'),
    import('../../mutants/record.ts'),
  ]);
  const path = join(root, record.RECORD_PATH);
  const when = { day: new Date().toISOString().slice(0, 10), commit: currentCommit() ?? null };
  const text = record.recordText(record.recordOf(measurement, { ...when, build: record.buildDigest(root) }));
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(
      `--record: ${path} cannot be written (${error instanceof Error && 'code' in error ? error.code : error})`,
    );
  }
  process.stderr.write(`written to ${path}\n`);
}

/** Those named; there are too many to list where a name is none of theirs. */
function chosen(mutants: readonly Mutant[], names: string): readonly Mutant[] {
  const wanted = new Set(names.split(',').map((name) => name.trim()));
  if (wanted.has(CANARY)) throw new UsageError(`--only: ${CANARY} is looked for every time, and is not one to choose`);
  const found = mutants.filter(({ id }) => wanted.delete(id));
  const [unknown] = wanted;
  if (unknown !== undefined) throw new UsageError(`--only: no mutant is named ${JSON.stringify(unknown)}`);
  return found;
}

/** A missed canary, and a bug that could not be looked for, say that the harness is broken; a missed bug, that it is blind. */
function statusOf({ void: isVoid, mutants }: Measurement): ExitStatus {
  if (isVoid || mutants.some(({ problem }) => problem !== undefined)) return EXIT.defect;
  return mutants.every(({ detected }) => detected) ? EXIT.held : EXIT.violated;
}
