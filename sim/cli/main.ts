#!/usr/bin/env node
/** The command `sim`. What a command needs is loaded when it runs, so that one short run starts fast. */
import yargs from 'yargs';
import { addConformCommand } from './conform.ts';
import { addMutantsCommand } from './mutants.ts';
import { addNewCommand } from './new.ts';
import { addReplayCommand } from './replay.ts';
import { addRunCommand } from './run.ts';
import { addShrinkCommand } from './shrink.ts';
import { EXIT } from './status.ts';
import { addSweepCommand } from './sweep.ts';
import { UsageError } from './values.ts';
import { version } from './version.ts';

/** A reader that went away (`sim run | head -1`) is no error of anybody's. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** What nobody caught is a defect of the harness, and must not look like a violation (Node's own status is 1). */
process.on('uncaughtException', (error) => {
  reportDefect(error);
  process.exit(EXIT.defect);
});

const cli = yargs(process.argv.slice(2))
  .scriptName('sim')
  .parserConfiguration({
    'boolean-negation': false,
    'dot-notation': false,
    'parse-numbers': false,
    'parse-positional-numbers': false,
  })
  .locale('en')
  .usage('Deterministic simulation of a mesh control plane: one seed, one verdict.')
  .demandCommand(1, 'which command? `sim --help` lists them')
  .strict()
  .check(({ _: [, ...extra] }) => {
    // What stands after `--` is not looked at by `strict`.
    if (extra.length > 0) throw new UsageError(`unknown argument: ${extra[0]}`);
    return true;
  })
  .version('version', 'show the version', version())
  .help('help', 'show this help')
  .exitProcess(false)
  .showHelpOnFail(false)
  .fail((message, error) => {
    // yargs hands over its own errors and those of parsing a value by one name, and those of commands as they are.
    throw error === undefined || error === null || error.name === 'YError' ? new UsageError(message) : error;
  });

try {
  await [
    addRunCommand,
    addSweepCommand,
    addShrinkCommand,
    addReplayCommand,
    addNewCommand,
    addMutantsCommand,
    addConformCommand,
  ]
    .reduce((built, add) => add(built), cli)
    .parseAsync();
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`sim: ${error.message.replace(/\s+/g, ' ')}\n`);
    process.exitCode = EXIT.usage;
  } else {
    reportDefect(error);
    process.exitCode = EXIT.defect;
  }
}

function reportDefect(error: unknown): void {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`sim: a defect of the harness itself: ${what}\n`);
}
