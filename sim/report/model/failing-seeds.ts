/**
 * The failing seeds of a sweep, for people: grouped by what was violated, in the order in which it was first seen. They
 * take a screen or two at most, however many seeds there are. The JSON has every one.
 */
import { printable } from '../../scenario/file/mistake.ts';
import type { SweepResult } from '../../sweep/result.ts';
import type { Colors } from '../text/colors.ts';
import { cut, wrapped } from '../text/wrap.ts';
import { withOriginalPlaces } from './original-place.ts';

type Found = Pick<SweepResult, 'failures' | 'problems' | 'truncated'>;

/** What was violated, or the verdict of runs that came to none about the system. */
interface Group {
  readonly what: string;
  readonly isViolation: boolean;
  /** The message of the first seed. */
  readonly first: string;
  readonly seeds: bigint[];
}

const GROUPS_MAX = 8;
const SEEDS_LINES_MAX = 2;
const COLUMNS_MAX = 100;
const INDENT = '  ';
const WIDTH = COLUMNS_MAX - INDENT.length;
/** More seeds than fit, so that the cut shows there are more. */
const SEEDS_MAX = 60;

/** Each group with the command of its first seed, which `replay` makes. */
export function failingSeedLines(found: Found, replay: (seed: bigint) => string, colors: Colors): readonly string[] {
  const groups = grouped(found);
  const lines = groups.slice(0, GROUPS_MAX).flatMap((group) => ['', ...groupLines(group, replay, colors)]);
  const others = groups.slice(GROUPS_MAX).map(({ what, seeds }) => `${what} (${seedCount(seeds)})`);
  if (others.length > 0) lines.push('', ...wrapped(`and ${others.join(', ')}`, COLUMNS_MAX, SEEDS_LINES_MAX));
  if (groups.some(({ seeds }) => seeds.length > 1)) {
    lines.push('', 'The JSON lists every seed with what it violates: run the same command with --json.');
  }
  if (found.truncated)
    lines.push('Only the lowest failing seeds are kept and counted, here and in the JSON, because there are so many.');
  return lines;
}

function grouped({ failures, problems }: Found): readonly Group[] {
  const groups = new Map<string, Group>();
  const add = (what: string, isViolation: boolean, seed: bigint, first: string): void => {
    const group = groups.get(what);
    if (group === undefined) groups.set(what, { what, isViolation, first, seeds: [seed] });
    else group.seeds.push(seed);
  };
  for (const { seed, invariant, atMs, message } of failures) add(invariant, true, seed, `at ${atMs} ms: ${message}`);
  for (const { seed, verdict, problem } of problems) add(verdict, false, seed, withOriginalPlaces(problem));
  return [...groups.values()];
}

function groupLines(
  { what, isViolation, first, seeds }: Group,
  replay: (seed: bigint) => string,
  colors: Colors,
): readonly string[] {
  const [seed = 0n, ...rest] = seeds;
  const lines = [
    (isViolation ? colors.red : colors.yellow)(`${what}: ${seedCount(seeds)}`),
    `${INDENT}${cut(printable(first), WIDTH)}`,
    `${INDENT}${colors.cyan(replay(seed))}`,
  ];
  if (rest.length > 0) lines.push(...seedLines(rest).map((line) => `${INDENT}${line}`));
  return lines;
}

/** As many whole seeds as fit, and how many more there are. */
function seedLines(seeds: readonly bigint[]): readonly string[] {
  for (let told = Math.min(seeds.length, SEEDS_MAX); told > 0; told -= 1) {
    const more = seeds.length - told;
    const text = `also seeds ${seeds.slice(0, told).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    const lines = wrapped(text, WIDTH, SEEDS_LINES_MAX + 1);
    if (lines.length <= SEEDS_LINES_MAX) return lines;
  }
  return [];
}

function seedCount(seeds: readonly bigint[]): string {
  return `${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'}`;
}
