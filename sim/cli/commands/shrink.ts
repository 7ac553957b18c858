/** `sim shrink`: the smallest scenario that still breaks the same invariant. */
import type { Argv } from 'yargs';
import { printable } from '../../scenario/file/mistake.ts';
import type { RunResult, RunVerdict } from '../../scenario/run/result.ts';
import { RUN_LIMITS } from '../../sweep/workers/limits.ts';
import { checkArguments } from '../arguments/arguments.ts';
import {
  jsonFlag,
  maxEventsFlag,
  profileFlag,
  runLimitFlag,
  seedFlag,
  semanticsFlag,
  textFlag,
  valueFlag,
  worldFlag,
} from '../arguments/options.ts';
import { parseDuration, UsageError } from '../arguments/values.ts';
import type { HostLost } from '../process/host.ts';
import { EXIT, statusOfVerdict } from '../status.ts';

const TIME_MS_DEFAULT = 60_000;

const options = {
  seed: seedFlag('seed', 'the seed to shrink: u64, decimal or 0x hex'),
  scenario: textFlag('scenario', 'shrink this scenario file instead of a seed'),
  output: {
    ...textFlag('output', 'write the small scenario to this file, which must not be there yet'),
    alias: 'o',
    demandOption: true,
  },
  profile: profileFlag,
  semantics: semanticsFlag,
  world: worldFlag,
  time: valueFlag('time', 'end the search after so long (60s); what it has found by then is written', parseDuration),
  'max-events': maxEventsFlag,
  'run-limit': runLimitFlag,
  json: jsonFlag,
} as const;

export function addShrinkCommand(cli: Argv): Argv {
  return cli.command(
    'shrink',
    'make a small scenario file of a seed or a scenario that fails',
    (command) => {
      checkArguments({ flags: options });
      return command.options(options);
    },
    async (args) => {
      const { leftToHost, lossText } = await import('../process/host.ts');
      const what = args.scenario ?? `seed ${args.seed}`;
      const onLost = (how: HostLost): void => {
        const { verdict, problem } = { verdict: 'inconclusive', problem: lossText(how) } as const;
        process.exitCode = statusOfVerdict(verdict);
        process.stderr.write(nothingLine(what, verdict, problem));
      };
      if (await leftToHost({ options: [], watched: true, onLost })) return;
      const { output: path, scenario: from, time = TIME_MS_DEFAULT } = args;
      const [
        { choose },
        { currentCommit },
        { commandRuns, commandSignal, leave },
        { schemaFrom, scenarioGiven },
        { writeScenario },
        { shrinkNamed },
        { runsWithin },
        { timeLimit },
      ] = await Promise.all([
        import('../world.ts'),
        import('../process/commit.ts'),
        import('../runs/command-runs.ts'),
        import('../files/scenario-file.ts'),
        import('../../scenario/file/write.ts'),
        import('../../shrink/named.ts'),
        import('../runs/shrink-runs.ts'),
        import('../../sweep/time-limit.ts'),
      ]);
      const [
        { sizeText },
        { asInterrupted },
        { shrinkJson },
        { shrinkText },
        { noteLine },
        { print },
        { checkNewFile, writeNewFile },
      ] = await Promise.all([
        import('../../shrink/size.ts'),
        import('../../report/text/interrupted.ts'),
        import('../../report/writers/json.ts'),
        import('../../report/writers/terminal.ts'),
        import('../../report/writers/progress.ts'),
        import('../files/output.ts'),
        import('../files/output-file.ts'),
      ]);
      const { world, source, isOurs } = await choose(args);
      const scenario = await scenarioGiven(world, source, args);
      checkNewFile('--output', path);
      const signal = commandSignal();
      const runs = commandRuns(args['max-events']);
      const limitMs = args['run-limit'] ?? RUN_LIMITS.wallMs;
      const makeRun = runsWithin({ runs, world, worldFlag: args.world, limitMs, withinMs: time });
      let first: RunResult | null | undefined;
      const progress = noteLine(process.stderr);
      const beganMs = performance.now();
      const found = await shrinkNamed(world, scenario, {
        origin: from === undefined ? `${source.profile}, ${source.semantics}` : undefined,
        commit: currentCommit(),
        outOfTime: timeLimit(time, signal),
        makeRun: async (candidate, how) => {
          const result = await makeRun(candidate, how);
          if (first === undefined) first = result;
          return result;
        },
        maxEvents: args['max-events'],
        onSmaller: (size) => progress.show(`shrinking: ${sizeText(size)}`),
      });
      progress.clear();
      if (found === null) {
        if (signal.aborted) return leave(EXIT.interrupted, runs);
        const { verdict, problem = '' } = first ?? {
          verdict: 'inconclusive',
          problem: 'its run had not ended by then',
        };
        if (verdict === 'held') {
          await runs.end();
          throw new UsageError(`${what} breaks nothing, so there is nothing to shrink`);
        }
        process.stderr.write(nothingLine(what, verdict, problem));
        return leave(statusOfVerdict(verdict), runs);
      }
      const interrupted = signal.aborted && !found.minimal;
      const shrunk = interrupted ? asInterrupted(found) : found;
      writeNewFile(path, await writeScenario(world, shrunk.scenario, isOurs ? { schema: schemaFrom(path) } : {}));
      const told = {
        seed: scenario.seed,
        path,
        given: { world: args.world, maxEvents: args['max-events'] },
        seconds: (performance.now() - beganMs) / 1000,
        shrunk,
        interrupted,
      };
      print(args.json ? shrinkJson(told) : undefined, (colors) => shrinkText(told, world, colors));
      await leave(signal.aborted ? EXIT.interrupted : EXIT.held, runs);
    },
  );
}

/** That a run gives nothing to shrink, in one line. */
function nothingLine(what: string, verdict: RunVerdict, problem: string): string {
  return `sim: ${printable(`${what}: ${verdict}: ${problem}`)}; so there is nothing to shrink\n`;
}
