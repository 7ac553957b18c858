/** `sim export --plain`: a kept failure of a simulated test as a script for Node alone, for somebody else's bug tracker. */
import type { Argv } from 'yargs';
import { checkArguments } from '../arguments/arguments.ts';
import { switchFlag, textFlag, worldFlag } from '../arguments/options.ts';
import { UsageError } from '../arguments/values.ts';
import { EXIT } from '../status.ts';

const options = {
  plain: switchFlag('write a script that needs Node and the library under test, and nothing else'),
  output: { ...textFlag('output', 'write it to this file, which must not be there yet (NAME.mjs)'), alias: 'o' },
  world: worldFlag,
} as const;

export function addExportCommand(cli: Argv): Argv {
  return cli.command(
    'export <file>',
    'write a failure that was kept as a script without this package',
    (command) => {
      checkArguments({ flags: options, operands: { what: 'a scenario file', many: false } });
      return command
        .positional('file', { type: 'string', demandOption: true, describe: 'a scenario file of a simulated test' })
        .options(options);
    },
    async ({ plain, file, output, world: worldGiven }) => {
      if (!plain) throw new UsageError('export: which form? --plain is the only one');
      const [{ choose }, { commandRuns, leave }, { scenarioFrom }, { exportPlain }, { print }] = await Promise.all([
        import('../world.ts'),
        import('../runs/command-runs.ts'),
        import('../files/scenario-file.ts'),
        import('../files/plain-file.ts'),
        import('../files/output.ts'),
      ]);
      const { world, source } = await choose({ world: worldGiven });
      const scenario = await scenarioFrom(world, file);
      const runs = commandRuns();
      const outcome = await runs.ask({ kind: 'scenario', scenario, options: {}, world: worldGiven });
      if (outcome.kind === 'interrupted') return leave(EXIT.interrupted, runs);
      const run = outcome.kind === 'answer' && outcome.answer.kind === 'result' ? outcome.answer.result : undefined;
      if (run?.verdict !== 'violated') {
        await runs.end();
        throw new UsageError(`${file}: ${run?.verdict ?? outcome.kind}: there is no failure to write a script of`);
      }
      await runs.end();
      const told = await exportPlain({ scenario, run, module: source.world.module, file, output });
      print(undefined, (colors) => `${told.path}\n\n${told.reproduced}\nrun: ${colors.cyan(told.command)}\n`);
      process.exitCode = told.isReproduced ? EXIT.held : EXIT.inconclusive;
    },
  );
}
