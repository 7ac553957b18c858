/**
 * Settings of the properties: how many cases each is tried on, the seed of chance, and whether one case that failed before is
 * replayed. All of it comes from the environment, so that no source file has to be edited.
 *
 *     SIM_RUNS=100000 npx vitest run properties
 *
 * On a developer's machine the seed is the same every time. In CI it changes with every commit.
 */
import { execFileSync } from 'node:child_process';

export interface Settings {
  /** How many cases a property is tried on. */
  readonly runs: number;
  /** fast-check's seed, which has 32 bits. */
  readonly seed: number;
  /** Where the seed comes from, in words. */
  readonly seedOrigin: string;
  /** The case to begin with, as fast-check names it: its number, then the steps of its shrinking. */
  readonly path?: string;
  /** Which commands of that case were run, as fast-check writes it. Only properties made of commands have it. */
  readonly commands?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_RUNS = 2000;
const DEFAULT_SEED = 1;
const SEED_MAX = 0xffff_ffff;
const PATH = /^\d+(?::\d+)*$/;

/** Reads the settings, and refuses bad ones. `commit` returns the hash of the current commit, or null if there is none. */
export function readSettings(environment: Environment, commit: () => string | null): Settings {
  const { SIM_RUNS, SIM_SEED, SIM_PATH, SIM_COMMANDS, CI } = environment;
  const runs = SIM_RUNS === undefined ? DEFAULT_RUNS : wholeNumber('SIM_RUNS', SIM_RUNS, 1, Number.MAX_SAFE_INTEGER);
  if (SIM_PATH !== undefined && !PATH.test(SIM_PATH)) {
    throw new RangeError(
      `SIM_PATH: expected whole numbers with colons between them, found ${JSON.stringify(SIM_PATH)}`,
    );
  }
  if (SIM_PATH !== undefined && SIM_SEED === undefined)
    throw new RangeError('SIM_PATH: means nothing without SIM_SEED');
  return {
    runs,
    ...(SIM_SEED === undefined ? seedOf(CI, commit) : { seed: seedIn(SIM_SEED), seedOrigin: 'SIM_SEED' }),
    ...(SIM_PATH === undefined ? {} : { path: SIM_PATH }),
    ...(SIM_COMMANDS === undefined ? {} : { commands: SIM_COMMANDS }),
  };
}

function seedOf(ci: string | undefined, commit: () => string | null): Pick<Settings, 'seed' | 'seedOrigin'> {
  if (ci === undefined || ci === '' || ci === 'false') return { seed: DEFAULT_SEED, seedOrigin: 'default' };
  const hash = commit();
  if (hash === null) return { seed: DEFAULT_SEED, seedOrigin: 'default, for there is no commit' };
  return { seed: Number.parseInt(hash.slice(0, 8), 16), seedOrigin: `commit ${hash.slice(0, 12)}` };
}

function seedIn(text: string): number {
  return wholeNumber('SIM_SEED', text, 0, SEED_MAX);
}

function wholeNumber(variable: string, text: string, least: number, most: number): number {
  const value = /^(?:0x[\da-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${variable}: expected a whole number from ${least} to ${most}, found ${JSON.stringify(text)}`);
}

/** The hash of the commit that is checked out, or null outside of a repository. */
export function currentCommit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}
