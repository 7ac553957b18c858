/** A scenario file that a command is given: read, or the command refused. */
import { dirname, join, relative, resolve, sep } from 'node:path';
import { mistakeLine } from '../scenario/mistake.ts';
import type { AnyScenario } from '../scenario/read.ts';
import { readScenario } from '../scenario/read.ts';
import type { World } from '../world.ts';
import { UsageError } from './values.ts';
import { packageFolder } from './version.ts';

export async function scenarioFrom(world: World, path: string): Promise<AnyScenario> {
  const read = await readScenario(world, path);
  if (read.ok) return read.scenario;
  const [first, ...more] = read.mistakes.map((mistake) => mistakeLine(path, mistake));
  throw new UsageError(
    more.length === 0 ? `${first}` : `${first} (and ${more.length} more; \`sim replay\` tells them)`,
  );
}

/** Where editors find the JSON Schema, from a file that is written to this path. */
export function schemaFrom(path: string): string {
  const schema = join(packageFolder(), 'schema/scenario.schema.json');
  return relative(dirname(resolve(path)), schema)
    .split(sep)
    .join('/');
}

/** A path as it can be typed into a shell. */
export function shellWord(path: string): string {
  return /^[\w./+:@%=-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
