/** `sim replay`: scenario files again, one line a verdict. */
import type { Argv } from 'yargs';
import type { Replay } from '../scenario/replay.ts';
import { jsonFlag, switchFlag, textFlag } from './options.ts';
import { BISECT, statusOfBisect, statusOfVerdict, worst } from './status.ts';

const options = {
  bisect: switchFlag('exit status for `git bisect run`: 0 holds, 1 violated, 125 can not be told'),
  json: jsonFlag,
  junit: textFlag('junit', 'write a JUnit report to this file'),
} as const;

export function addReplayCommand(cli: Argv): Argv {
  return cli.command(
    'replay <paths..>',
    'run scenario files again, and say whether they still do what they were kept for',
    (command) =>
      command
        .positional('paths', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'scenario files, or folders of them',
        })
        .options(options),
    async (args) => {
      if (!args.bisect) return replay(args);
      // Whatever keeps an older commit from being tested says nothing about it.
      process.exitCode = BISECT.skip;
      process.prependListener('uncaughtException', () => process.exit(BISECT.skip));
      await replay(args).catch((error: unknown) => {
        process.exitCode = BISECT.skip;
        process.stderr.write(`sim: can not be told: ${error instanceof Error ? error.message : error}\n`);
      });
    },
  );
}

interface Args {
  readonly paths: readonly string[];
  readonly bisect: boolean;
  readonly json: boolean;
  readonly junit?: string | undefined;
}

async function replay({ paths, bisect, json }: Args): Promise<void> {
  const [{ choose }, { findScenarioFiles }, { replayFile }, { replayJson, replayText }, { print }] = await Promise.all([
    import('./world.ts'),
    import('../scenario/disk.ts'),
    import('../scenario/replay.ts'),
    import('../report/replay.ts'),
    import('./output.ts'),
  ]);
  const { world } = await choose({});
  const replays: Replay[] = [];
  for (const path of findScenarioFiles(paths)) replays.push(await replayFile(world, path));
  const status = bisect
    ? statusOfBisect(replays.map((replay) => replay.bisect))
    : worst(replays.map(({ verdict }) => statusOfVerdict(verdict)));
  print(json ? replayJson(replays, status) : undefined, (colors) => replayText(replays, colors));
  process.exitCode = status;
}
