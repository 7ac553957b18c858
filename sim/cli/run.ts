/** `sim run`: one seed, one verdict. */
import { randomBytes } from 'node:crypto';
import type { Argv } from 'yargs';
import { jsonFlag, profileFlag, seedFlag, semanticsFlag, switchFlag, textFlag, valueFlag } from './options.ts';
import { statusOfVerdict } from './status.ts';
import { parseDuration } from './values.ts';

const options = {
  seed: seedFlag('seed', 'u64, decimal or 0x hex; without, one is drawn and printed'),
  profile: profileFlag,
  semantics: semanticsFlag,
  trace: textFlag('trace', 'write every event to this file, as JSON lines'),
  'check-determinism': switchFlag(
    'run it twice here and once in a fresh process, and name the first event that differs',
  ),
  until: valueFlag('until', 'stop at this virtual time (ms, or with a unit)', (flag, text) =>
    parseDuration(flag, text, 'ms'),
  ),
  json: jsonFlag,
} as const;

export function addRunCommand(cli: Argv): Argv {
  return cli.command(
    'run',
    'simulate one seed and say what happened',
    (command) => command.options(options),
    async (args) => {
      const [{ choose }, { runSeed }, { recordLine }, { runJson }, { runText }, { openFile, print }] =
        await Promise.all([
          import('./world.ts'),
          import('../sweep/source.ts'),
          import('../kernel/trace-text.ts'),
          import('../report/json.ts'),
          import('../report/terminal.ts'),
          import('./output.ts'),
        ]);
      const { world, source, described } = await choose(args);
      const seed = args.seed ?? randomBytes(8).readBigUInt64BE();
      const file = args.trace === undefined ? undefined : openFile('--trace', args.trace);
      const runOptions = { keepTrace: true, ...(args.until === undefined ? {} : { untilMs: args.until }) };
      const run = args['check-determinism']
        ? await (await import('../sweep/determinism.ts')).runChecked(world, source, seed, runOptions)
        : await runSeed(world, source, seed, runOptions);
      file?.writeLines(run.trace ?? [], recordLine);
      print(args.json ? runJson(run) : undefined, (colors) => runText(run, described, colors));
      process.exitCode = statusOfVerdict(run.verdict);
    },
  );
}
