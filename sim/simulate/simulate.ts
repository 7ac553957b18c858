/**
 * Makes a test function of options and a body: it replays what was kept, then runs so many seeds, and shrinks, keeps and
 * throws the first failure.
 *
 *     test('waits', simulate({ load: () => import('async-mutex'), operations: { … } }, (sim, { Mutex }) => { … }));
 */
import { AssertionState } from './assertion-state.ts';
import { callerSite, type Site } from './author-mistake.ts';
import type { Body, OperationDeclarations, SimulatedTest, SimulateOptions } from './options.ts';
import { refuseInRuns } from './refused-in-runs.ts';
import { identityOf } from './runner-context.ts';
import { TestRunner } from './test-runner.ts';
import { type AnyBody, type AnyOptions, worldAt } from './world.ts';

export function simulate<const Ops extends OperationDeclarations = Record<never, never>, M = undefined>(
  options: SimulateOptions<Ops, M>,
  body: Body<NoInfer<Ops>, NoInfer<M>>,
): SimulatedTest;
export function simulate(options: AnyOptions, body: AnyBody): SimulatedTest {
  return testAt(callerSite(), options, body);
}

/** The same for a test that is declared there. */
export function testAt(site: Site, options: AnyOptions, body: AnyBody): SimulatedTest {
  return async (...given) => {
    const [context] = given;
    const identity = identityOf(context, site);
    if (identity.isVitest) await refuseInRuns();
    const assertions = new AssertionState(identity.task, context);
    const world = await worldAt(site, identity.name, options, body, assertions);
    await new TestRunner({ site, world, options, identity, assertions, context }).run();
  };
}
