/** `sim conform`: this build against recorded vectors. */
import type { Argv } from 'yargs';
import { checkArguments } from './arguments.ts';
import { jsonFlag } from './options.ts';
import { EXIT } from './status.ts';
import { UsageError } from './values.ts';

const options = { json: jsonFlag } as const;

export function addConformCommand(cli: Argv): Argv {
  return cli.command(
    'conform <dir>',
    'check this build against a folder of recorded vectors',
    (command) => {
      checkArguments({ flags: options, operands: { what: 'a folder of recorded vectors', many: false } });
      return command
        .positional('dir', { type: 'string', demandOption: true, describe: 'folder of *.jsonl files' })
        .options(options);
    },
    async ({ dir, json }) => {
      if (await (await import('./host.ts')).leftToHost({ options: [], watched: true })) return;
      const [{ checkFolder }, { conform, ConformError }, { conformJson }, { conformText }, { print }] =
        await Promise.all([
          import('./folder.ts'),
          import('../mesh/conform/conform.ts'),
          import('../report/json.ts'),
          import('../report/terminal.ts'),
          import('./output.ts'),
        ]);
      checkFolder(dir);
      const report = await conform(dir).catch((error: unknown) => {
        throw error instanceof ConformError ? new UsageError(error.message) : error;
      });
      print(json ? conformJson(report) : undefined, (colors) => conformText(report, colors));
      process.exitCode = report.failed === 0 ? EXIT.held : EXIT.violated;
    },
  );
}
