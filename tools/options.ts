/**
 * Options of the project's own scripts and benchmarks. A wrong option ends a script with one line and exit status 64,
 * before anything is done. (A check that took a mistyped name for nothing to check would pass.)
 */
import { basename } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from '../sim/cli/arguments/values.ts';
import { EXIT } from '../sim/cli/status.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ readonly options: O }>>['values'];

/** What `read` makes of the values. A `UsageError` that it throws is a wrong option, too. */
export function readOptions<const O extends Options, Read>(options: O, read: (values: Values<O>) => Read): Read {
  try {
    return read(parseArgs({ options }).values);
  } catch (error) {
    if (!isWrongUse(error)) throw error;
    process.stderr.write(`${basename(process.argv[1] ?? '', '.js')}: ${error.message.replace(/\s+/g, ' ')}\n`);
    process.exit(EXIT.usage);
  }
}

/** The names, each of which must be one of `known`. */
export function knownNames(flag: string, names: readonly string[], known: readonly string[]): readonly string[] {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsageError(`${flag}: no ${unknown} among ${known.join(', ')}`);
  return names;
}

function isWrongUse(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}
