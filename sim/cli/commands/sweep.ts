/** `sim sweep`: many seeds on all cores, one result. */
import type { Argv } from 'yargs';
import { RUN_LIMITS } from '../../sweep/workers/limits.ts';
import { checkArguments } from '../arguments/arguments.ts';
import {
  jsonFlag,
  junitFlag,
  maxEventsFlag,
  profileFlag,
  seedFlag,
  semanticsFlag,
  switchFlag,
  textFlag,
  valueFlag,
  worldFlag,
} from '../arguments/options.ts';
import { checkRange, parseCount, parseDuration, parseNames, parseShare, UsageError } from '../arguments/values.ts';
import type { HostLost } from '../process/host.ts';
import { packageFolder } from '../process/version.ts';
import { EXIT, statusOfSweep } from '../status.ts';

const RUNS_DEFAULT = 1000;
/** Where a sweep goes on until something is reached, this is far enough. */
const RUNS_UNTIL_DEFAULT = 100_000;
const STABLE_DEFAULT = '2%';
const JOBS_MAX = 256;

const options = {
  runs: valueFlag('runs', `seeds to run (${RUNS_DEFAULT}, or as many as --time allows)`, parseCount),
  time: valueFlag('time', 'begin no run after so long, as 60s', parseDuration),
  from: seedFlag('from', 'the first seed (1)'),
  profile: profileFlag,
  semantics: semanticsFlag,
  world: worldFlag,
  jobs: valueFlag('jobs', 'worker threads (one a core)', (flag, text) => parseCount(flag, text, JOBS_MAX)),
  'require-marks': textFlag('require-marks', 'marks that must be reached: all, or names with commas between'),
  'until-stable': {
    type: 'string',
    describe: `go on until fewer than so many runs show anything new (${STABLE_DEFAULT}), for at most --runs (${RUNS_UNTIL_DEFAULT}) or --time`,
    coerce: (given: unknown): number | undefined => {
      if (given === undefined) return undefined;
      if (typeof given !== 'string') throw new UsageError('--until-stable: given more than once');
      return parseShare('--until-stable', given === '' ? STABLE_DEFAULT : given);
    },
  },
  'check-coverage': switchFlag(
    `go on until it is decided which floors of marks are met, for at most --runs (${RUNS_UNTIL_DEFAULT}) or --time`,
  ),
  'max-events': maxEventsFlag,
  'max-failures': valueFlag('max-failures', 'stop after so many failing seeds', parseCount),
  out: textFlag('out', 'folder for the small scenarios of failing seeds (reports/sweep-N)'),
  junit: junitFlag,
  json: jsonFlag,
} as const;

export function addSweepCommand(cli: Argv): Argv {
  return cli.command(
    'sweep',
    'simulate many seeds and say which do not hold',
    (command) => {
      checkArguments({ flags: options });
      return command.options(options);
    },
    async (args) => {
      const { from = 1n, time: timeMs, 'until-stable': stableBelow, 'check-coverage': floorsDecided } = args;
      const until = stableBelow === undefined && !floorsDecided ? undefined : { stableBelow, floorsDecided };
      const enough = until === undefined ? RUNS_DEFAULT : RUNS_UNTIL_DEFAULT;
      const { runs = timeMs === undefined ? enough : undefined } = args;
      checkRange(from, runs ?? 1);
      const [{ leftToHost }, { SweepHeard, toldOnTheWay }] = await Promise.all([
        import('../process/host.ts'),
        import('../runs/lost-sweep.ts'),
      ]);
      const heard = new SweepHeard();
      let lost: HostLost | undefined;
      const onLost = (how: HostLost): void => {
        lost = how;
      };
      if ((await leftToHost({ onTold: heard.hear, onLost, watched: true })) && lost === undefined) return;
      const left = lost === undefined ? undefined : heard.result(lost);
      if (lost !== undefined && left === undefined) {
        process.stderr.write(
          `sim: the process that was to run the sweep was killed (${lost.signal}) before it began\n`,
        );
        process.exitCode = EXIT.inconclusive;
        return;
      }
      const [
        { choose },
        { invariantEntries },
        { sweep },
        { shrinkFailures },
        { writeScenario },
        { printable },
        { count },
        { noteLine, progressLine },
        { sweepJson },
        { sweepReport },
        { sweepText },
        { tellCi },
        { currentCommit },
        { commandRuns, commandSignal, idleRuns, leave },
        { runsWithin },
        { schemaFrom },
        { print },
        { outputFile, sweepFolder, writeNewFile },
        { readRecord },
      ] = await Promise.all([
        import('../world.ts'),
        import('../../scenario/file/catalogue.ts'),
        import('../../sweep/sweep.ts'),
        import('../../sweep/shrink-failures.ts'),
        import('../../scenario/file/write.ts'),
        import('../../scenario/file/mistake.ts'),
        import('../../report/text/numbers.ts'),
        import('../../report/writers/progress.ts'),
        import('../../report/writers/json.ts'),
        import('../../report/model/suite.ts'),
        import('../../report/writers/terminal.ts'),
        import('../files/ci.ts'),
        import('../process/commit.ts'),
        import('../runs/command-runs.ts'),
        import('../runs/shrink-runs.ts'),
        import('../files/scenario-file.ts'),
        import('../files/output.ts'),
        import('../files/output-file.ts'),
        import('../../mutants/record.ts'),
      ]);
      const { world, source, described, isOurs } = await choose(args);
      const marks = args['require-marks'];
      const requiredMarks = marks === undefined ? undefined : parseNames('--require-marks', marks, world.marks);
      const folder = sweepFolder(args.out);
      const junit = args.junit === undefined ? undefined : outputFile('--junit', args.junit);
      const progress = progressLine(process.stderr, {
        runs: until === undefined ? runs : args.runs,
        seconds: timeMs === undefined ? undefined : timeMs / 1000,
      });
      const plantedBugs = isOurs ? readRecord(packageFolder()) : undefined;
      const signal = commandSignal();
      const swept =
        left ??
        (await sweep({
          source,
          world,
          from,
          runs,
          timeMs,
          jobs: args.jobs,
          until,
          maxFailures: args['max-failures'],
          requiredMarks,
          signal,
          onProgress: progress.show,
          ...toldOnTheWay(),
        }));
      progress.clear();
      const note = noteLine(process.stderr);
      // Where its host was lost, this process had better not run what may have been the end of it.
      const shrunk =
        left !== undefined
          ? []
          : await shrinkFailures(swept, {
              world,
              folder,
              write: async (scenario, path) =>
                writeNewFile(path, await writeScenario(world, scenario, isOurs ? { schema: schemaFrom(path) } : {})),
              commit: currentCommit(),
              signal,
              makeRuns: (withinMs) =>
                runsWithin({
                  runs: commandRuns(args['max-events']),
                  world,
                  worldFlag: args.world,
                  limitMs: RUN_LIMITS.wallMs,
                  withinMs,
                }),
              onBegin: ({ seed, invariant }) => note.show(`shrinking seed ${seed}: ${invariant}`),
              onUnwritten: (error, written) => {
                if (!(error instanceof UsageError)) throw error;
                const told =
                  written === 0 ? 'no scenarios written' : `${count(written, 'scenario')} written, and no more`;
                process.stderr.write(`sim: ${told}: ${printable(error.message)}\n`);
              },
            });
      note.clear();
      const result = { ...swept, shrunk, ...(plantedBugs === undefined ? {} : { plantedBugs }) };
      print(args.json ? sweepJson(result) : undefined, (colors) => sweepText(result, described, colors));
      tellCi(sweepReport(result, invariantEntries(world), described), junit, args.json);
      await leave(signal.aborted ? EXIT.interrupted : statusOfSweep(result), idleRuns());
    },
  );
}
