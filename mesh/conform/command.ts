/** `sim conform`: this build against recorded vectors. */

import process from 'node:process';
import type { Argv } from 'yargs';
import { checkArguments } from '../../sim/cli/arguments/arguments.ts';
import { jsonFlag } from '../../sim/cli/arguments/options.ts';
import { UsageError } from '../../sim/cli/arguments/values.ts';
import { EXIT } from '../../sim/cli/status.ts';

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
      if (await (await import('../../sim/cli/process/host.ts')).leftToHost({ options: [], watched: true })) return;
      const [{ checkFolder }, { conform, ConformError }, { conformJson }, { conformText }, { print }] =
        await Promise.all([
          import('../../sim/cli/files/folder.ts'),
          import('./conform.ts'),
          import('../../sim/report/writers/json.ts'),
          import('../../sim/report/writers/terminal.ts'),
          import('../../sim/cli/files/output.ts'),
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
