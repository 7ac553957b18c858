/** The command that runs one seed again: what every report of a failure ends with. Executed by a test as printed. */
import { printable } from '../../scenario/file/mistake.ts';
import type { Profile } from '../../world.ts';

/** What a command was given and every command after it needs as well. */
export interface GivenFlags {
  /** The text of `--world`. */
  readonly world?: string | undefined;
  readonly maxEvents?: number | undefined;
}

/** What decides a run from a seed, with the defaults that need not be written. */
export interface RunOrigin extends GivenFlags {
  readonly seed: bigint;
  readonly profile: Profile;
  readonly semantics: string;
  readonly defaultSemantics: string;
  readonly untilMs?: number | undefined;
}

export const DEFAULT_PROFILE: Profile = 'swarm';

export function replayCommand({ seed, profile, semantics, defaultSemantics, untilMs, ...given }: RunOrigin): string {
  const parts = [`npx sim run${worldOf(given)} --seed ${seed}`];
  if (profile !== DEFAULT_PROFILE) parts.push(`--profile ${profile}`);
  if (semantics !== defaultSemantics) parts.push(`--semantics ${semantics}`);
  if (untilMs !== undefined) parts.push(`--until ${untilMs}`);
  return `${parts.join(' ')}${boundOf(given)}`;
}

function worldOf({ world }: GivenFlags): string {
  return world === undefined ? '' : ` --world ${shellWord(world)}`;
}

function boundOf({ maxEvents }: GivenFlags): string {
  return maxEvents === undefined ? '' : ` --max-events ${maxEvents}`;
}

/** Makes a small scenario file of a seed that fails. */
export function shrinkCommand({ untilMs: _, ...origin }: RunOrigin): string {
  const { seed } = origin;
  const run = replayCommand(origin);
  return `${run.replace('sim run', 'sim shrink')} -o seed-${seed}.yaml`;
}

/** Makes a smaller scenario file of one that fails. */
export function shrinkFileCommand(path: string, given: GivenFlags = {}): string {
  const output = `${path.replace(/\.[a-z]+$/, '')}.shrunk.yaml`;
  return `npx sim shrink${worldOf(given)} --scenario ${shellWord(path)} -o ${shellWord(output)}${boundOf(given)}`;
}

/** Runs a scenario file again, to its verdict. */
export function replayFileCommand(path: string, given: GivenFlags = {}): string {
  return `npx sim replay${worldOf(given)} ${shellWord(path)}${boundOf(given)}`;
}

/** Runs a scenario file again and tells its failure. */
export function runFileCommand(path: string, given: GivenFlags = {}): string {
  return `npx sim run${worldOf(given)} --scenario ${shellWord(path)}${boundOf(given)}`;
}

/** Runs a scenario file again and writes down all that happens. It stands whole in its line, however long that is. */
export function traceFileCommand(path: string, given: GivenFlags = {}): string {
  return `${runFileCommand(path, given)} --trace trace.jsonl`;
}

/** A path as it can be typed into a shell. */
export function shellWord(path: string): string {
  if (/^[\w./+:@%=-][\w./+:@%=#-]*$/.test(path)) return path;
  if (printable(path) === path) return `'${path.replaceAll("'", "'\\''")}'`;
  // What may not stand on a terminal is written as bash reads it.
  return `$'${printable(path.replace(/[\\']/g, '\\$&'))}'`;
}
