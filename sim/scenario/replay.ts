/** Replays scenario files: each comes to one verdict, whatever is wrong with it. */
import type { World } from '../world.ts';
import { describeError } from './blame/thrown.ts';
import type { Mistake } from './file/mistake.ts';
import { mistakeLine } from './file/mistake.ts';
import type { AnyScenario } from './file/read.ts';
import { readScenario } from './file/read.ts';
import type { RunOptions, RunResult } from './run/result.ts';
import { runScenario } from './run/run.ts';
import type { BisectVerdict, ScenarioVerdict } from './verdict.ts';
import { bisectVerdict, verdictOn } from './verdict.ts';

/** `invalid`: the file is not a scenario. */
export type ReplayVerdict = ScenarioVerdict | 'invalid';

export interface Replay {
  readonly path: string;
  readonly verdict: ReplayVerdict;
  /** One line each. Those of an invalid file have places. */
  readonly reasons: readonly string[];
  readonly bisect: BisectVerdict;
  /** The mistakes of an invalid file. */
  readonly mistakes: readonly Mistake[];
  /** Present for a valid file. */
  readonly scenario?: AnyScenario;
  /** Absent if the harness broke first. */
  readonly run?: RunResult;
}

/** How many mistakes of a file are listed. The rest are counted. */
const MISTAKES_MAX = 20;

/** Replays one file. Never rejects. */
export async function replayFile(
  world: World,
  path: string,
  options?: RunOptions,
  makeRun = (scenario: AnyScenario): RunResult | Promise<RunResult> => runScenario(world, scenario, options),
): Promise<Replay> {
  const read = await readScenario(world, path);
  if (!read.ok) return invalidReplay(path, read.mistakes);
  const { scenario } = read;
  try {
    const run = await makeRun(scenario);
    const told = verdictOn(scenario, run);
    return { path, ...told, bisect: bisectVerdict(scenario, told), mistakes: [], scenario, run };
  } catch (error) {
    const reasons = [describeError(error)];
    return { path, verdict: 'harness-error', reasons, bisect: 'skip', mistakes: [], scenario };
  }
}

/** The result for a path without a scenario. */
export function invalidReplay(path: string, mistakes: readonly Mistake[]): Replay {
  const reasons = mistakes.slice(0, MISTAKES_MAX).map((mistake) => mistakeLine(path, mistake));
  const more = mistakes.length - reasons.length;
  if (more > 0) reasons.push(`and ${more} more`);
  return { path, verdict: 'invalid', reasons, bisect: 'skip', mistakes };
}
