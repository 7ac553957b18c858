/** `sim run`: one seed or one scenario file, one verdict. */

import { randomBytes } from 'node:crypto';
import type { Argv } from 'yargs';
import type { RunResult } from '../scenario/result.ts';
import type { World } from '../world.ts';
import { checkArguments } from './arguments.ts';
import {
  jsonFlag,
  maxEventsFlag,
  profileFlag,
  seedFlag,
  semanticsFlag,
  switchFlag,
  textFlag,
  valueFlag,
} from './options.ts';
import { statusOfVerdict } from './status.ts';
import { parseDuration } from './values.ts';

const options = {
  seed: seedFlag('seed', 'u64, decimal or 0x hex; without, one is drawn and printed'),
  scenario: textFlag('scenario', 'run this scenario file instead of a seed'),
  profile: profileFlag,
  semantics: semanticsFlag,
  trace: textFlag('trace', 'write every event to this file, as JSON lines'),
  'check-determinism': switchFlag(
    'run it twice here and once in a fresh process, and name the first event that differs',
  ),
  until: valueFlag('until', 'stop at this virtual time (ms, or with a unit)', (flag, text) =>
    parseDuration(flag, text, 'ms'),
  ),
  'max-events': maxEventsFlag,
  json: jsonFlag,
} as const;

export function addRunCommand(cli: Argv): Argv {
  return cli.command(
    'run',
    'simulate one seed or one scenario file and say what happened',
    (command) => {
      checkArguments({ flags: options });
      return command.options(options);
    },
    async (args) => {
      const { scenario: path } = args;
      if (path !== undefined) (await import('./scenario-file.ts')).refuseGenerating(args);
      const [{ choose }, { runEither }, { recordLine }, { runJson }, { runText }, { print }] = await Promise.all([
        import('./world.ts'),
        import('../sweep/source.ts'),
        import('../kernel/trace-text.ts'),
        import('../report/json.ts'),
        import('../report/terminal.ts'),
        import('./output.ts'),
      ]);
      const { world, source, described } = await choose(args);
      const file = path === undefined ? undefined : await fromFile(world, path, args);
      const what = file?.scenario ?? args.seed ?? randomBytes(8).readBigUInt64BE();
      const trace = args.trace === undefined ? undefined : await traceFile(args.trace, path);
      const runOptions = { keepTrace: true, ...(args.until === undefined ? {} : { untilMs: args.until }) };
      const run = args['check-determinism']
        ? await (await import('../sweep/determinism.ts')).runChecked(world, source, what, runOptions)
        : await runEither(world, source, what, runOptions);
      const result = file === undefined ? run : file.judge(run);
      print(args.json ? runJson(result) : undefined, (colors) => runText(result, file?.described ?? described, colors));
      trace?.writeLines(run.trace ?? [], recordLine);
      process.exitCode = statusOfVerdict(result.verdict);
    },
  );
}

async function traceFile(path: string, scenario: string | undefined) {
  const { outputFile } = await import('./output-file.ts');
  return outputFile('--trace', path, scenario === undefined ? [] : [scenario]);
}

async function fromFile(
  world: World,
  path: string,
  {
    until: untilMs,
    'max-events': maxEvents,
  }: { readonly until?: number | undefined; readonly 'max-events'?: number | undefined },
) {
  const [{ scenarioFrom }, { runFileCommand, shrinkFileCommand, traceFileCommand }, { judge, judged }] =
    await Promise.all([
      import('./scenario-file.ts'),
      import('../report/replay-command.ts'),
      import('../scenario/verdict.ts'),
    ]);
  const scenario = await scenarioFrom(world, path);
  const until = untilMs === undefined ? '' : ` --until ${untilMs}`;
  return {
    scenario,
    judge: (run: RunResult) => judged(run, judge(scenario, run)),
    described: {
      origin: `${path} · ${scenario.semantics}`,
      world,
      replay: () => `${runFileCommand(path, maxEvents)}${until}`,
      // What leaves nothing to the seed is small already.
      next: () => (scenario.seeded === undefined ? shrinkFileCommand : traceFileCommand)(path, maxEvents),
    },
  };
}
