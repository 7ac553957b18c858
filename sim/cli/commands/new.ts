/** `sim new`: a scenario file to start from, every field explained. */

import { basename } from 'node:path';
import type { Argv } from 'yargs';
import { printable } from '../../scenario/file/mistake.ts';
import { checkArguments } from '../arguments/arguments.ts';
import { worldFlag } from '../arguments/options.ts';
import { UsageError } from '../arguments/values.ts';

const options = { world: worldFlag } as const;

export function addNewCommand(cli: Argv): Argv {
  return cli.command(
    'new <name>',
    'write a commented scenario file to start from',
    (command) => {
      checkArguments({ flags: options, operands: { what: 'a name', many: false } });
      return command
        .positional('name', {
          type: 'string',
          demandOption: true,
          describe: 'what to call it; NAME.yaml is written, folders before it have to exist',
        })
        .options(options);
    },
    async ({ name: given, world: worldGiven }) => {
      const path = /\.ya?ml$/.test(given) ? given : `${given}.yaml`;
      const name = basename(path).replace(/\.ya?ml$/, '');
      if (!/^\w[\w.-]{0,99}$/.test(name)) {
        throw new UsageError(
          `${JSON.stringify(name)}: expected a name of letters, digits, dots, dashes or underscores`,
        );
      }
      if (await (await import('../process/host.ts')).leftToHost({ options: [], watched: true })) return;
      const [
        { choose },
        { generated },
        { writeScenario },
        { schemaFrom },
        { replayFileCommand },
        { print },
        { writeNewFile },
      ] = await Promise.all([
        import('../world.ts'),
        import('../../sweep/source.ts'),
        import('../../scenario/file/write.ts'),
        import('../files/scenario-file.ts'),
        import('../../report/model/replay-command.ts'),
        import('../files/output.ts'),
        import('../files/output-file.ts'),
      ]);
      const { world, source, isOurs } = await choose({ world: worldGiven });
      const { example = generated(world, { ...source, profile: 'calm' }, 1n) } = await world.schemas();
      const replay = replayFileCommand(path, { world: worldGiven });
      const text = await writeScenario(
        world,
        { ...example, name },
        { ...(isOurs ? { schema: schemaFrom(path) } : {}), guide: guideTo(replay) },
      );
      writeNewFile(path, text);
      print(undefined, (colors) => `${printable(path)}\n\nreplay: ${colors.cyan(replay)}\n`);
    },
  );
}

function guideTo(replay: string): string {
  return `A run is a function of this file and the build. Times are virtual milliseconds from the start of the run.
Every operation and fault has a key of its own; random choices hang on keys, so taking one away leaves the others be.

    ${replay}

says whether it holds, and that it is vacuous if a witness was not reached or a fault never struck.
`;
}
