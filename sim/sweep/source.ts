/**
 * Where runs come from: a world, with profile and semantics, and the one way from a seed to a run. The world is named by
 * the address of its module, so that other threads and processes can load it too.
 */

import { installGuards } from '../kernel/host/guards.ts';
import { keepingOutput, keepingOutputOf } from '../kernel/host/output.ts';
import { describeError, stackOf } from '../scenario/blame/thrown.ts';
import type { AnyScenario } from '../scenario/file/read.ts';
import { called } from '../scenario/run/member.ts';
import type { RunOptions, RunResult } from '../scenario/run/result.ts';
import { runScenario } from '../scenario/run/run.ts';
import { unbuilt } from '../scenario/run/unbuilt.ts';
import type { Profile, World } from '../world.ts';

/** A world, by the URL of its module and the name of its export. */
export interface WorldAddress {
  readonly module: string;
  readonly name: string;
}

/** Everything that a run from a seed depends on, besides the seed. Plain data that crosses threads. */
export interface Source {
  readonly world: WorldAddress;
  readonly profile: Profile;
  readonly semantics: string;
  /** Events after which a run is stopped, if it is another number than usual. */
  readonly maxEvents?: number | undefined;
}

export async function loadWorld({ module, name }: WorldAddress): Promise<World> {
  // Guards come before its modules take functions off the host, such as timers.
  installGuards();
  const exported: Readonly<Record<string, World | undefined>> = await keepingOutputOf(() => import(module));
  const world = exported[name];
  if (world === undefined) throw new Error(`${module} exports no ${name}`);
  return world;
}

/** Runs one seed. Never rejects: an exception of the generator or of the wiring is a result too. */
export function runSeed(world: World, source: Source, seed: bigint, options?: RunOptions): Promise<RunResult> {
  return unlessBroken(seed, async () => {
    let scenario: AnyScenario;
    try {
      scenario = called('generate', () => keepingOutput(() => world.generate(seed, source.profile, source.semantics)));
    } catch (error) {
      return unbuilt(world, { seed }, error);
    }
    return runScenario(world, scenario, bounded(source, options));
  });
}

function bounded({ maxEvents }: Source, options: RunOptions = {}): RunOptions {
  return maxEvents === undefined ? options : { maxEvents, ...options };
}

/** Runs a seed or a scenario. Never rejects. */
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

/** The result of a run that was given up: nothing is known but the reason. */
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
