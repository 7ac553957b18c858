/** A scenario file that a command is given: read, or the command refused. */
import { dirname, join, relative, resolve, sep } from 'node:path';
import { mistakeLine } from '../../scenario/file/mistake.ts';
import type { AnyScenario } from '../../scenario/file/read.ts';
import { readScenario } from '../../scenario/file/read.ts';
import { generated, type Source } from '../../sweep/source.ts';
import type { World } from '../../world.ts';
import { UsageError } from '../arguments/values.ts';
import { packageFolder } from '../process/version.ts';

export async function scenarioFrom(world: World, path: string): Promise<AnyScenario> {
  const read = await readScenario(world, path);
  if (read.ok) return read.scenario;
  const [first, ...more] = read.mistakes.map((mistake) => mistakeLine(path, mistake));
  throw new UsageError(
    more.length === 0 ? `${first}` : `${first} (and ${more.length} more; \`sim replay\` tells them)`,
  );
}

/** A file has its own seed and semantics, and nothing of it is generated. */
export function refuseGenerating(args: Readonly<Record<string, unknown>>): void {
  const given = ['seed', 'profile', 'semantics'].find((flag) => args[flag] !== undefined);
  if (given !== undefined) throw new UsageError(`--${given}: not together with --scenario, whose file decides it`);
}

/** The scenario of a file, or the one that a seed generates. */
export async function scenarioGiven(
  world: World,
  source: Source,
  args: { readonly seed?: bigint | undefined; readonly scenario?: string | undefined },
): Promise<AnyScenario> {
  if (args.scenario !== undefined) {
    refuseGenerating(args);
    return scenarioFrom(world, args.scenario);
  }
  if (args.seed === undefined) throw new UsageError('which run? give --seed or --scenario');
  return generated(world, source, args.seed);
}

/**
 * Where editors find the JSON Schema, from a file that is written to this path. What they read is a reference to a URL, in
 * which a space, `#`, `%` and letters beyond ASCII are percent-encoded. The package stands at no address of its own, so the
 * reference is relative: it holds wherever the project is, and a file that is moved within it gets a new one when it is
 * written again. To the commands the line is a comment.
 */
export function schemaFrom(path: string): string {
  const schema = join(packageFolder(), 'schema/scenario.schema.json');
  return relative(dirname(resolve(path)), schema)
    .split(sep)
    .map(encodeURIComponent)
    .join('/');
}
