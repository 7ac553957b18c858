/**
 * What becomes of the first few failing seeds of a sweep: a small scenario each, in a file. They are shrunk in this thread,
 * one after another, each for a bounded time.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyScenario } from '../scenario/read.ts';
import { shrinkNamed } from '../scenario/shrink/named.ts';
import type { World } from '../world.ts';
import type { ShrunkFailure, SweepResult } from './sweep.ts';
import type { Failure } from './tally.ts';
import { timeLimit } from './time-limit.ts';

export interface ShrinkFailuresOptions {
  readonly world: World;
  /** Makes the folder that is to hold them; called when there is something to put into it. */
  readonly folder: () => string;
  /** The text of a file at a path. */
  readonly write: (scenario: AnyScenario, path: string) => Promise<string>;
  readonly commit?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of each failure before it is shrunk. */
  readonly onBegin?: ((failure: Failure) => void) | undefined;
  /** Told why a scenario could not be written; the others are not tried then. */
  readonly onUnwritten?: ((problem: string) => void) | undefined;
  readonly failuresMax?: number | undefined;
  /** Milliseconds of host time each may take. */
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
  const { profile, semantics } = sweep.source;
  const shrunk: ShrunkFailure[] = [];
  let folder: string | undefined;
  for (const failure of distinctFirst(sweep.failures).slice(0, failuresMax)) {
    if (signal?.aborted === true) break;
    onBegin?.(failure);
    const { seed, invariant } = failure;
    const small = await shrinkNamed(world, world.generate(seed, profile, semantics), {
      invariant,
      outOfTime: timeLimit(eachMs, signal),
      origin: `${profile}, ${semantics}`,
      commit,
    });
    if (small === null) continue;
    try {
      folder ??= newFolder(options.folder(), 'failures');
      const path = join(folder, `${small.scenario.name}.yaml`);
      writeFileSync(path, await options.write(small.scenario, path), { flag: 'wx' });
      shrunk.push({ seed, invariant, path, shrunk: small });
    } catch (error) {
      // The result of a long sweep does not hang on a folder that can be written.
      if (!(error instanceof Error && 'code' in error)) throw error;
      options.onUnwritten?.(error.message);
      break;
    }
  }
  return shrunk;
}

function newFolder(parent: string, name: string): string {
  const folder = join(parent, name);
  mkdirSync(folder);
  return folder;
}

/** The first of each invariant, then the others. */
function distinctFirst(failures: readonly Failure[]): readonly Failure[] {
  const seen = new Set<string>();
  const first = failures.filter(({ invariant }) => !seen.has(invariant) && seen.add(invariant));
  return [...first, ...failures.filter((failure) => !first.includes(failure))];
}
