/** `sim shrink`: the smallest scenario that still breaks the same invariant. */
import type { Argv } from 'yargs';
import { checkArguments } from './arguments.ts';
import { jsonFlag, maxEventsFlag, profileFlag, seedFlag, semanticsFlag, textFlag, valueFlag } from './options.ts';
import { EXIT, statusOfVerdict } from './status.ts';
import { parseDuration, UsageError } from './values.ts';

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
  time: valueFlag('time', 'end the search after so long (60s); what it has found by then is written', parseDuration),
  'max-events': maxEventsFlag,
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
      const { output: path, scenario: from, time = TIME_MS_DEFAULT } = args;
      const [
        { choose },
        { currentCommit },
        { interruption },
        { schemaFrom, scenarioGiven },
        { writeScenario },
        { printable },
        { shrinkNamed },
        { runEither },
        { timeLimit },
      ] = await Promise.all([
        import('./world.ts'),
        import('./commit.ts'),
        import('./interruption.ts'),
        import('./scenario-file.ts'),
        import('../scenario/write.ts'),
        import('../scenario/mistake.ts'),
        import('../scenario/shrink/named.ts'),
        import('../sweep/source.ts'),
        import('../sweep/time-limit.ts'),
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
        import('../scenario/shrink/size.ts'),
        import('../report/interrupted.ts'),
        import('../report/json.ts'),
        import('../report/terminal.ts'),
        import('../report/progress.ts'),
        import('./output.ts'),
        import('./output-file.ts'),
      ]);
      const { world, source } = await choose(args);
      const scenario = await scenarioGiven(world, source, args);
      checkNewFile('--output', path);
      const signal = interruption();
      const progress = noteLine(process.stderr);
      const beganMs = performance.now();
      const found = await shrinkNamed(world, scenario, {
        origin: from === undefined ? `${source.profile}, ${source.semantics}` : undefined,
        commit: currentCommit(),
        outOfTime: timeLimit(time, signal),
        maxEvents: args['max-events'],
        onSmaller: (size) => progress.show(`shrinking: ${sizeText(size)}`),
      });
      progress.clear();
      if (found === null) {
        const { verdict, problem = '' } = await runEither(world, source, scenario);
        const what = from ?? `seed ${scenario.seed}`;
        if (verdict === 'held') throw new UsageError(`${what} breaks nothing, so there is nothing to shrink`);
        process.stderr.write(`sim: ${printable(`${what}: ${verdict}: ${problem}`)}; so there is nothing to shrink\n`);
        process.exitCode = statusOfVerdict(verdict);
        return;
      }
      const interrupted = signal.aborted && !found.minimal;
      const shrunk = interrupted ? asInterrupted(found) : found;
      writeNewFile(path, await writeScenario(world, shrunk.scenario, { schema: schemaFrom(path) }));
      const told = {
        seed: scenario.seed,
        path,
        maxEvents: args['max-events'],
        seconds: (performance.now() - beganMs) / 1000,
        shrunk,
        interrupted,
      };
      print(args.json ? shrinkJson(told) : undefined, (colors) => shrinkText(told, world, colors));
      process.exitCode = signal.aborted ? EXIT.interrupted : EXIT.held;
    },
  );
}
