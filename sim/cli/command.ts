/** The command line, read and done. What a command needs is loaded when it runs, so that one short run starts fast. */

import yargs, { type Argv } from 'yargs';
import { printable } from '../scenario/file/mistake.ts';
import { beforeDashes, explanationIn } from './arguments/arguments.ts';
import { UsageError } from './arguments/values.ts';
import { addExportCommand } from './commands/export.ts';
import { addInitCommand } from './commands/init.ts';
import { addMutantsCommand } from './commands/mutants.ts';
import { addNewCommand } from './commands/new.ts';
import { addReplayCommand } from './commands/replay.ts';
import { addRunCommand } from './commands/run.ts';
import { addShrinkCommand } from './commands/shrink.ts';
import { addSweepCommand } from './commands/sweep.ts';
import { version } from './process/version.ts';
import { EXIT, statusOfFailure } from './status.ts';
import { isWorldConfigured } from './world-address.ts';

const COMMANDS = {
  run: addRunCommand,
  sweep: addSweepCommand,
  shrink: addShrinkCommand,
  replay: addReplayCommand,
  new: addNewCommand,
  init: addInitCommand,
  export: addExportCommand,
  mutants: addMutantsCommand,
  conform: async (cli: Argv) => (await import('../../mesh/conform/command.ts')).addConformCommand(cli),
} as const;
const ONLY_OURS: ReadonlySet<string> = new Set(['mutants', 'conform']);

/** Does what `args` say; wrong use is told in one line. Rejects with whatever is a defect. */
export async function runCommand(args: readonly string[]): Promise<void> {
  try {
    const explanation = explanationIn(args);
    if (explanation === undefined) checkCommand(args[0]);
    await parse(explanation ?? args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`sim: ${printable(error.message)}\n`);
    process.exitCode = statusOfFailure(EXIT.usage, args);
  }
}

function checkCommand(name = '-'): void {
  if (name.startsWith('-')) throw new UsageError('which command? `sim --help` lists them');
  if (!Object.hasOwn(COMMANDS, name)) throw new UsageError(`unknown command: ${name}; \`sim --help\` lists them`);
}

async function parse(args: readonly string[]): Promise<void> {
  const cli = yargs(withoutDashes(args))
    .scriptName('sim')
    .parserConfiguration({
      'boolean-negation': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .locale('en')
    .usage('Deterministic simulation: one seed, one verdict.')
    .version('version', 'show the version', version())
    .help('help', 'show this help')
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      // yargs hands over its own errors and those of parsing a value by one name, and those of commands as they are.
      throw error === undefined || error === null || error.name === 'YError' ? new UsageError(message) : error;
    });
  for (const add of commandsFor(args)) await add(cli);
  await cli.parseAsync();
}

/** The command that is asked for, or all to be told of: what is only about MeshOS not where commands are about another world. */
function commandsFor([name = '']: readonly string[]): readonly ((cli: Argv) => Argv | Promise<Argv>)[] {
  const all = Object.entries(COMMANDS);
  const asked = all.filter(([one]) => one === name);
  const told = asked.length > 0 ? asked : all.filter(([one]) => !(ONLY_OURS.has(one) && isWorldConfigured()));
  return told.map(([, add]) => add);
}

/** Yargs takes nothing that stands behind `--` for an operand; what stands there is a path, and remains the same one. */
function withoutDashes(args: readonly string[]): string[] {
  const before = beforeDashes(args);
  const behind = args.slice(before.length + 1);
  return [...before, ...behind.map((path) => (path.startsWith('-') ? `./${path}` : path))];
}
