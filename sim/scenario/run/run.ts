/**
 * Runs a scenario, and makes the run again where one run can't say everything: where it was stopped in a loop, where it left
 * state that can't be taken back, and where somebody waits for what does not come.
 */
import type { TraceEvent } from '../../invariant/invariant.ts';
import type { FaultBase, OperationBase, Scenario, World } from '../../world.ts';
import { LoopProfile } from '../blame/loop-profile.ts';
import { looped } from '../blame/looped.ts';
import { Run } from './one-run.ts';
import type { RunOptions, RunResult } from './result.ts';
import { checkHanded, checkWorld } from './rules.ts';
import { unbuilt } from './unbuilt.ts';

/** Runs a scenario to its end. Rejects never: what goes wrong in the harness is a result too. */
export async function runScenario<C, O extends OperationBase, F extends FaultBase, E extends TraceEvent, V>(
  world: World<C, O, F, E, V>,
  scenario: Scenario<C, O, F>,
  options: RunOptions = {},
): Promise<RunResult> {
  try {
    checkWorld(world);
    checkHanded(world, scenario);
    const idles = async (): Promise<boolean> => {
      const idle = new Run(world, { ...scenario, workload: [], faults: [] }, {});
      await idle.execute();
      return idle.hasDrained;
    };
    const make = async (look?: 'places') => {
      const run = new Run(world, scenario, options, idles, look);
      return { run, result: await run.execute() };
    };
    let made = await make();
    for (let again = 1; made.run.stopped !== undefined && again <= AGAIN_MAX; again++) {
      const profile = await LoopProfile.start();
      made = await make();
      const stack = profile?.stop();
      const { stopped } = made.run;
      if (stopped?.wasHostPaused === false) return looped(world, made.result, stack, stopped.segmentMs);
    }
    if (made.run.stopped !== undefined) return made.result;
    if (made.run.outlives.length > 0) {
      // What the run left is there before every later run. It is a finding if such a run leaves more, or ends differently.
      const first = made;
      made = await make();
      const isSame = endOf(made.result) === endOf(first.result);
      const left = [...made.run.outlives, ...(isSame ? [] : first.run.outlives)];
      if (left.length > 0) return { ...made.result, verdict: 'nondeterminism', problem: outlivesText(left) };
    }
    if (!made.run.standstill.wantsCloserLook) return made.result;
    const closer = await make('places');
    return closer.run.standstill.told ? closer.result : made.result;
  } catch (error) {
    return unbuilt(world, scenario, error);
  }
}

function endOf({ verdict, digest, virtualMs, violations, marks, problem }: RunResult): string {
  return JSON.stringify([verdict, digest, virtualMs, violations.map(({ message }) => message), marks, problem]);
}

function outlivesText(state: readonly string[]): string {
  return `${state.join(', ')} outlives the run, which differs from then on: it was set in a way that cannot be taken back`;
}

/** A run that was stopped where it did not come back is made again: to see where, or as the host was only paused. */
const AGAIN_MAX = 3;
