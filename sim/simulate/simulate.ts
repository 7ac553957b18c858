/**
 * Makes a test function of options and a body: it replays what was kept, then runs so many seeds, and shrinks, keeps and
 * throws the first failure.
 *
 *     test('waits', simulate({ load: () => import('async-mutex'), operations: { … } }, (sim, { Mutex }) => { … }));
 */
import { AssertionState } from './assertion-state.ts';
import { callerSite, type Site } from './author-mistake.ts';
import { remember } from './declared.ts';
import type { AnyBody, AnyOptions, Body, OperationDeclarations, SimulatedTest, SimulateOptions } from './options.ts';
import { refuseInRuns } from './refused-in-runs.ts';
import { identityOf, type TestIdentity } from './runner-context.ts';
import { TestRunner } from './test-runner.ts';
import { worldAt } from './world.ts';

export function simulate<const Ops extends OperationDeclarations = Record<never, never>, M = undefined>(
  options: SimulateOptions<Ops, M>,
  body: Body<NoInfer<Ops>, NoInfer<M>>,
): SimulatedTest;
export function simulate(options: AnyOptions, body: AnyBody): SimulatedTest {
  return testAt(callerSite(), options, body);
}

/** The same for a test that is declared there. */
export function testAt(site: Site, options: AnyOptions, body: AnyBody): SimulatedTest {
  const test: SimulatedTest = async (...given) => {
    const [context] = given;
    const identity = identityOf(context, site);
    await (await runnerAt(site, identity, options, body, context)).run();
  };
  remember(test, (name) => worldAt(site, name, options, body));
  return test;
}

/** Replays one file in the world of a test that is declared there, under the name that the file has for it. */
export async function replayAt(
  site: Site,
  name: string,
  path: string,
  options: AnyOptions,
  body: AnyBody,
  context: unknown,
): Promise<void> {
  const identity = { ...identityOf(context, site), name };
  await (await runnerAt(site, identity, options, body, context)).replay(path);
}

async function runnerAt(
  site: Site,
  identity: TestIdentity,
  options: AnyOptions,
  body: AnyBody,
  context: unknown,
): Promise<TestRunner> {
  if (identity.isVitest) await refuseInRuns();
  const assertions = new AssertionState(identity.task, context);
  const world = await worldAt(site, identity.name, options, body, assertions);
  return new TestRunner({ site, world, options, identity, assertions, context });
}
