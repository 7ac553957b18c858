/**
 * Turns the first few failing seeds of a sweep into small scenarios, a file each. They are shrunk in this thread, one after
 * another, each for a bounded time.
 */
import { join } from 'node:path';
import type { AnyScenario } from '../scenario/file/read.ts';
import type { MakeRun } from '../shrink/attempts.ts';
import { shrinkNamed } from '../shrink/named.ts';
import type { World } from '../world.ts';
import type { Failure } from './counts/tally.ts';
import type { ShrunkFailure, SweepResult } from './result.ts';
import { timeLimit } from './time-limit.ts';

export interface ShrinkFailuresOptions {
  readonly world: World;
  /** Makes the folder for them. Called when there is something to put into it. */
  readonly folder: () => string;
  /** Writes a scenario to a file that must not exist yet, whole or not at all. */
  readonly write: (scenario: AnyScenario, path: string) => Promise<void>;
  readonly commit?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Makes the runs of a failure, which may take this many milliseconds. Absent: they are made in this thread. */
  readonly makeRuns?: ((withinMs: number) => MakeRun) | undefined;
  /** Called for each failure before it is shrunk. */
  readonly onBegin?: ((failure: Failure) => void) | undefined;
  /**
   * Called with what was thrown where a scenario could not be written, and the number written before. The others are then
   * not tried. It rethrows what is a defect. Absent: everything is rethrown.
   */
  readonly onUnwritten?: ((error: unknown, written: number) => void) | undefined;
  readonly failuresMax?: number | undefined;
  /** Milliseconds of host time that each may take. */
  readonly eachMs?: number | undefined;
}

const FAILURES_MAX = 5;
const EACH_MS = 10_000;

/** Shrinks and writes the first failures of a sweep. */
export async function shrinkFailures(
  sweep: SweepResult,
  options: ShrinkFailuresOptions,
): Promise<readonly ShrunkFailure[]> {
  const { world, signal, commit, onBegin, failuresMax = FAILURES_MAX, eachMs = EACH_MS } = options;
  const { profile, semantics, maxEvents } = sweep.source;
  const shrunk: ShrunkFailure[] = [];
  let folder: string | undefined;
  for (const failure of distinctFirst(sweep.failures).slice(0, failuresMax)) {
    if (signal?.aborted === true) break;
    onBegin?.(failure);
    const { seed, invariant } = failure;
    const small = await shrinkNamed(world, world.generate(seed, profile, semantics), {
      invariant,
      maxEvents,
      outOfTime: timeLimit(eachMs, signal),
      makeRun: options.makeRuns?.(eachMs),
      origin: `${profile}, ${semantics}`,
      commit,
    });
    if (small === null) continue;
    try {
      folder ??= options.folder();
      const path = join(folder, `${small.scenario.name}.yaml`);
      await options.write(small.scenario, path);
      shrunk.push({ seed, invariant, path, shrunk: small });
    } catch (error) {
      // The result of a long sweep must not depend on a folder that can be written.
      if (options.onUnwritten === undefined) throw error;
      options.onUnwritten(error, shrunk.length);
      break;
    }
  }
  return shrunk;
}

/** The first of each invariant, then the others. */
function distinctFirst(failures: readonly Failure[]): readonly Failure[] {
  const seen = new Set<string>();
  const first = failures.filter(({ invariant }) => !seen.has(invariant) && seen.add(invariant));
  return [...first, ...failures.filter((failure) => !first.includes(failure))];
}
