/**
 * `simTest` for vitest: a test whose body runs many times, each time in a simulation of its own.
 *
 *     simTest('waits', { load: () => import('async-mutex'), operations: { … } }, (sim, { Mutex }) => { … });
 */
import { test } from 'vitest';
import { callerSite, type Site } from '../simulate/author-mistake.ts';
import type { AnyBody, AnyOptions, Body, OperationDeclarations, SimulateOptions } from '../simulate/options.ts';
import { replayAt, testAt } from '../simulate/simulate.ts';
import { filesOf, replayName, worldIn } from './replay-files.ts';

/** Declares a test. */
type Declare = <const Ops extends OperationDeclarations = Record<never, never>, M = undefined>(
  name: string,
  options: SimulateOptions<Ops, M>,
  body: Body<NoInfer<Ops>, NoInfer<M>>,
) => void;

/** Declares a test for each of the cases; the body is given its case after the module. */
type DeclareEach = <T>(
  cases: readonly T[],
) => <const Ops extends OperationDeclarations = Record<never, never>, M = undefined>(
  name: string,
  options: SimulateOptions<Ops, M>,
  body: (...given: [...Parameters<Body<NoInfer<Ops>, NoInfer<M>>>, T]) => ReturnType<Body<NoInfer<Ops>, NoInfer<M>>>,
) => void;

interface SimTest extends Declare {
  /** Runs this test, and none of the others in its file. */
  readonly only: Declare;
  /** Does not run this test. */
  readonly skip: Declare;
  /** As vitest's `test.for`, placeholders in the name included. */
  readonly each: DeclareEach;
  /**
   * Declares a test for each scenario file of a pattern such as `regressions/*.yaml`, from the folder of the test file. Each
   * replays in the test that it names, which this file declares too.
   */
  readonly replay: (pattern: string) => void;
}

type Run = (name: string, test: (...context: readonly unknown[]) => Promise<void>) => void;

/** The tests of this file, for files that name them. */
const declared: { readonly name: string; readonly site: Site; readonly options: AnyOptions; readonly body: AnyBody }[] =
  [];

function replay(pattern: string): void {
  const { file } = callerSite();
  for (const path of filesOf(pattern, file)) {
    test(replayName(path, file), async (context) => {
      const world = worldIn(path);
      // A world is called as its test, with the suites that it is in.
      const found = declared.find(
        ({ name, site }) => site.file === file && (world === name || world?.endsWith(` ${name}`)),
      );
      if (world === undefined || found === undefined) {
        throw new Error(
          `${path}: ${world === undefined ? 'names no world' : `there is no simTest '${world}' in ${file}`}`,
        );
      }
      await replayAt(found.site, world, path, found.options, found.body, context);
    });
  }
}

function declaring(run: Run): Declare {
  function declare<const Ops extends OperationDeclarations, M>(
    name: string,
    options: SimulateOptions<Ops, M>,
    body: Body<NoInfer<Ops>, NoInfer<M>>,
  ): void;
  function declare(name: string, options: AnyOptions, body: AnyBody): void {
    const site = callerSite();
    declared.push({ name, site, options, body });
    run(name, testAt(site, options, body));
  }
  return declare;
}

function each<T>(cases: readonly T[]) {
  function declare<const Ops extends OperationDeclarations = Record<never, never>, M = undefined>(
    name: string,
    options: SimulateOptions<Ops, M>,
    body: (...given: [...Parameters<Body<NoInfer<Ops>, NoInfer<M>>>, T]) => ReturnType<Body<NoInfer<Ops>, NoInfer<M>>>,
  ): void;
  function declare(name: string, options: AnyOptions, body: (...given: [...Parameters<AnyBody>, T]) => unknown): void {
    const site = callerSite();
    test.for(cases)(name, (value, context) =>
      testAt(site, options, (sim, module) => body(sim, module, value))(context),
    );
  }
  return declare;
}

const { only, skip } = test;

export const simTest: SimTest = Object.assign(
  declaring((name, run) => test(name, run)),
  {
    only: declaring((name, run) => only(name, run)),
    skip: declaring((name, run) => skip(name, run)),
    each,
    replay,
  },
);
