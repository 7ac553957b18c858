/**
 * Where runs come from: a world, by the address of its module so that other threads and processes can load it too, with
 * profile and semantics; and the one way from a seed to a run.
 */

import { WorldError } from '../invariant/world-error.ts';
import { installGuards } from '../kernel/host/guards.ts';
import { keepingOutput } from '../kernel/host/output.ts';
import { describeError, stackOf } from '../scenario/blame/thrown.ts';
import type { AnyScenario } from '../scenario/file/read.ts';
import { called } from '../scenario/run/member.ts';
import type { RunOptions, RunResult } from '../scenario/run/result.ts';
import { runScenario } from '../scenario/run/run.ts';
import { unbuilt } from '../scenario/run/unbuilt.ts';
import type { Profile, World } from '../world.ts';
import { type WorldAddress, worldAt } from './world-file/load.ts';

/** Everything a run from a seed is a function of, besides the seed. Plain data that crosses threads. */
export interface Source {
  readonly world: WorldAddress;
  readonly profile: Profile;
  readonly semantics: string;
  /** Events after which a run is stopped, if they are not those of every run. */
  readonly maxEvents?: number | undefined;
}

/** Rejects with an `AuthorError`, one line, if there is no world at the address. */
export function loadWorld(address: WorldAddress): Promise<World> {
  // Before its modules take timers, say, off the host.
  installGuards();
  return worldAt(address);
}

/** Runs one seed. Rejects never: an exception of the generator or of the wiring is a result, too. */
export function runSeed(world: World, source: Source, seed: bigint, options?: RunOptions): Promise<RunResult> {
  return unlessBroken(seed, async () => {
    let scenario: AnyScenario;
    try {
      scenario = generated(world, source, seed);
    } catch (error) {
      return unbuilt(world, { seed }, error);
    }
    return runScenario(world, scenario, bounded(source, options));
  });
}

/** The scenario of a seed. Throws what the world's `generate` threw, as a `MemberError`, or that it made no scenario. */
export function generated(world: World, { profile, semantics }: Source, seed: bigint): AnyScenario {
  const made: unknown = called('generate', () => keepingOutput(() => world.generate(seed, profile, semantics)));
  if (isScenario(made)) return made;
  throw new WorldError(`generate: expected a scenario, found ${made === null ? 'null' : typeof made}`);
}

/** As far as can be seen at once; the rest is checked before it is run. */
function isScenario(made: unknown): made is AnyScenario {
  return typeof made === 'object' && made !== null && !Array.isArray(made);
}

function bounded({ maxEvents }: Source, options: RunOptions = {}): RunOptions {
  return maxEvents === undefined ? options : { maxEvents, ...options };
}

/** Runs what it is given: a seed, or a scenario. Rejects never. */
export async function runEither(
  world: World,
  source: Source,
  what: bigint | AnyScenario,
  options?: RunOptions,
): Promise<RunResult> {
  if (typeof what === 'bigint') return runSeed(world, source, what, options);
  return unlessBroken(what.seed, () => runScenario(world, what, bounded(source, options)));
}

async function unlessBroken(seed: bigint, run: () => Promise<RunResult>): Promise<RunResult> {
  try {
    return await run();
  } catch (error) {
    return unfinished(seed, 'harness-error', describeError(error), stackOf(error));
  }
}

/** The result of a run that was given up, about which nothing is known but why. */
export function unfinished(
  seed: bigint,
  verdict: 'harness-error' | 'inconclusive',
  problem: string,
  detail?: string,
): RunResult {
  return {
    seed,
    verdict,
    digest: '',
    events: 0,
    operations: 0,
    virtualMs: 0,
    faults: {},
    violations: [],
    marks: {},
    problem,
    ...(detail === undefined ? {} : { detail }),
  };
}
