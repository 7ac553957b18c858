/** Runs of a library, one seed after the other. */
import type { RunResult } from '../../sim/scenario/run/result.ts';
import { runScenario } from '../../sim/scenario/run/run.ts';
import type { LibraryWorld, Style } from './world.ts';

/** What a process is to run. */
export interface Share {
  /** Of libraries. */
  readonly names: readonly string[];
  readonly seeds: readonly number[];
}

/** What a process reports of a library in a style. */
export interface Line {
  readonly library: string;
  readonly style: Style;
  readonly seen: readonly Seen[];
}

/** What a run came to. */
export interface Seen {
  readonly seed: number;
  readonly digest: string;
  readonly verdict: string;
  /** What was wrong, if anything was. */
  readonly problem?: string;
}

export async function runSeeds(world: LibraryWorld, style: Style, seeds: readonly number[]): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for (const seed of seeds) {
    const run = await runScenario(world, world.generate(BigInt(seed), 'calm', style));
    const { digest, verdict } = run;
    seen.push(verdict === 'held' ? { seed, digest, verdict } : { seed, digest, verdict, problem: problemOf(run) });
  }
  return seen;
}

function problemOf({ violations: [first], problem }: RunResult): string {
  return problem ?? (first === undefined ? '' : `${first.invariant}: ${first.message}`);
}

/** The seeds 1 to `count`, in an order in which neighbours are far apart. */
export function shuffled(count: number): readonly number[] {
  const seeds = Array.from({ length: count }, (_, i) => i + 1);
  let state = 1;
  for (let i = count - 1; i > 0; i--) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const j = state % (i + 1);
    const [a, b] = [seeds[i], seeds[j]];
    if (a !== undefined && b !== undefined) [seeds[i], seeds[j]] = [b, a];
  }
  return seeds;
}
