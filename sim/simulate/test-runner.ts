/** What a simulated test does when it runs: kept files first, then seeds; the first failure is shrunk, kept and thrown. */
import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import type { Violation } from '../invariant/invariant.ts';
import { hostTurn } from '../kernel/drain.ts';
import type { AnyScenario } from '../scenario/file/read.ts';
import { writeScenario } from '../scenario/file/write.ts';
import { replayFile } from '../scenario/replay.ts';
import type { RunOptions, RunResult } from '../scenario/run/result.ts';
import { runScenario } from '../scenario/run/run.ts';
import { type AnyShrunk, shrinkNamed } from '../shrink/named.ts';
import type { World } from '../world.ts';
import type { AssertionState } from './assertion-state.ts';
import { mistakeAt, type Site } from './author-mistake.ts';
import { seedOf } from './check-options.ts';
import { keep, keptFiles } from './kept-files.ts';
import type { AnyOptions } from './options.ts';
import { part, type TestIdentity } from './runner-context.ts';
import { simulatedError, unfinishedError } from './simulated-error.ts';
import { storyLines, type Told } from './story.ts';
import { profileOf } from './workload.ts';
import type { SimulationWorld } from './world.ts';

const RUNS = 100;
/** Default seeds are numbers that people can type. */
const SEEDS = 1_000_000n;
/** Of the time that the runner allows, what is left for the failure to be told. */
const TIME_SHARE = 0.8;
/** Where the runner sets no limit. */
const SHRINK_MS = 20_000;
/** A test that takes long says how far it is. */
const PROGRESS_MS = 5000;

export interface Asked {
  readonly site: Site;
  readonly world: SimulationWorld;
  readonly options: AnyOptions;
  readonly identity: TestIdentity;
  readonly assertions: AssertionState;
  /** What the test runner gave the test. */
  readonly context: unknown;
}

export class TestRunner {
  readonly #asked: Asked;
  readonly #world: World;
  readonly #startMs = performance.now();
  readonly #marks = new Set<string>();
  /** Whether nothing but a run has come before the next one. */
  #follows = false;
  /** What the system threw where nobody caught it, in the latest run. */
  #thrown: { readonly error: unknown } | undefined;

  constructor(asked: Asked) {
    this.#asked = asked;
    this.#world = asked.world;
  }

  async run(): Promise<void> {
    const { options, identity, site } = this.#asked;
    const { SIM_SEED, SIM_RUNS } = process.env;
    if (SIM_SEED !== undefined && SIM_SEED !== '') {
      const seed = seedOf(SIM_SEED);
      if (seed === undefined) throw mistakeAt(site, `SIM_SEED: expected a u64, found '${SIM_SEED}'`);
      await this.#seed(seed, `seed ${seed}`);
      return;
    }
    for (const path of keptFiles(identity.file, identity.name)) await this.replay(path);
    const runs = runsOf(SIM_RUNS, options.runs ?? RUNS, site);
    const first = seedOf(options.seed) ?? seedOfName(identity.name);
    let toldMs = this.#startMs;
    for (let i = 0; i < runs; i += 1) {
      const seed = BigInt.asUintN(64, first + BigInt(i));
      await this.#seed(seed, `seed ${seed}, run ${i + 1} of ${runs}`, i + 1 < runs);
      if (performance.now() - toldMs < PROGRESS_MS) continue;
      toldMs = performance.now();
      process.stderr.write(`${identity.name}: ${i + 1} of ${runs} runs\n`);
    }
    this.#expectReached(runs);
  }

  /** Runs a kept file, which has to violate nothing. */
  async replay(path: string): Promise<void> {
    const { identity } = this.#asked;
    const here = relative(process.cwd(), path);
    const replay = await replayFile(this.#world, path, {}, (scenario) => this.#make(scenario, { keepTrace: true }));
    const { verdict, run, scenario } = replay;
    const undrawn = run?.undrawn ?? [];
    if (verdict === 'held') return;
    if (verdict === 'fixed' && undrawn.length === 0) {
      await this.#note(`${identity.name}: ${here} is fixed: ${replay.reasons.join('; ')}. Keep it, or delete it.`);
      return;
    }
    if ((verdict === 'violated' || verdict === 'violated as expected') && run !== undefined && scenario !== undefined) {
      const expected = scenario.expect !== undefined && 'violates' in scenario.expect ? scenario.expect.violates : '';
      const violation = run.violations.find(({ invariant }) => invariant === expected) ?? run.violations[0];
      if (violation !== undefined) {
        throw this.#error({ scenario, run, violation, found: `${here}, which was kept`, kept: path });
      }
    }
    const isStale = verdict === 'invalid';
    const what = isStale ? 'stale' : verdict === 'fixed' ? 'vacuous' : verdict;
    const reasons =
      verdict === 'fixed' ? undrawn.map((name) => `nothing was drawn by the name ${name}`) : replay.reasons;
    throw unfinishedError(`${here} is ${what}: ${reasons.join('; ')}`, run?.detail, this.#asked.site);
  }

  async #seed(seed: bigint, found: string, isFollowed = false): Promise<void> {
    const { identity, options } = this.#asked;
    if (identity.signal?.aborted === true) {
      await hostTurn();
      identity.signal.throwIfAborted();
    }
    const scenario = this.#world.generate(seed, profileOf(options.faults), 'test');
    const run = await this.#make(scenario, { isFollowed });
    for (const mark of Object.keys(run.marks)) this.#marks.add(mark);
    if (run.verdict === 'held') return;
    // What follows is no run: it may take its time.
    if (isFollowed) await hostTurn();
    if (run.verdict !== 'violated') throw unfinishedError(problemText(run, seed), run.detail, this.#asked.site);
    await this.#fail(scenario, found);
  }

  async #make(scenario: AnyScenario, options: RunOptions = {}): Promise<RunResult> {
    this.#thrown = undefined;
    const onThrown = (error: unknown): void => {
      this.#thrown ??= { error };
    };
    const putBack = this.#asked.assertions.save();
    try {
      const follows = this.#follows;
      this.#follows = true;
      return await runScenario(this.#world, scenario, { ...options, onThrown, follows });
    } finally {
      putBack();
    }
  }

  /** Shrinks and keeps a failure, and throws it. */
  async #fail(scenario: AnyScenario, found: string): Promise<never> {
    const { identity } = this.#asked;
    const { timeoutMs, signal } = identity;
    const untilMs = timeoutMs === undefined ? performance.now() + SHRINK_MS : this.#startMs + timeoutMs * TIME_SHARE;
    const shrunk = await shrinkNamed(this.#world, scenario, {
      outOfTime: () => signal?.aborted === true || performance.now() > untilMs,
      makeRun: (candidate, options) => this.#make(candidate, options),
    });
    if (shrunk === null) {
      throw unfinishedError(
        `the run of seed ${scenario.seed} failed, and made again it did not: something outlives a run, or is not simulated`,
        undefined,
        this.#asked.site,
      );
    }
    const run = await this.#make(shrunk.scenario, { keepTrace: true });
    const violation = run.violations.find(({ invariant }) => invariant === shrunk.invariant) ?? run.violations[0];
    if (violation === undefined) throw unfinishedError(problemText(run, scenario.seed), run.detail, this.#asked.site);
    const kept = keep(identity.file, identity.name, await writeScenario(this.#world, shrunk.scenario));
    throw this.#error({ scenario: shrunk.scenario, run, violation, found, kept, shrunk });
  }

  /** What the runner is to show of the run that was made last. */
  #error({ scenario, run, violation, found, kept, shrunk }: Failed): Error {
    const { identity, world } = this.#asked;
    const file = relative(process.cwd(), identity.file);
    const failures = world.latest()?.view.failures ?? [];
    const failure = failures.find(({ op, what }) => violation.message === `${op}: ${what}`);
    const thrown = failure === undefined ? this.#thrown?.error : failure.error;
    const seed = scenario.found?.seed ?? String(scenario.seed);
    const told: Told = {
      scenario,
      violation,
      trace: run.trace ?? [],
      found,
      ...(shrunk === undefined ? {} : { shrunk }),
      commands: [
        ...(identity.isVitest
          ? [
              [
                'replay',
                `SIM_SEED=${seed} npx vitest run ${quoted(file)} -t ${quoted(patternOf(identity.name))}`,
              ] as const,
            ]
          : [['replay', `SIM_SEED=${seed} and this test of ${file}`] as const]),
        ...(kept === undefined ? [] : [['kept', relative(process.cwd(), kept)] as const]),
      ],
    };
    return simulatedError(thrown, violation, storyLines(told));
  }

  #expectReached(runs: number): void {
    const { options, site } = this.#asked;
    const missed = (options.reach ?? []).filter((mark) => !this.#marks.has(mark));
    if (missed.length === 0) return;
    throw mistakeAt(site, `vacuous: none of ${runs} runs reached ${missed.join(', ')}, which the option reach names`);
  }

  /** Says something of a test that is green. */
  async #note(text: string): Promise<void> {
    const { context } = this.#asked;
    const annotate = part(context, 'annotate');
    this.#follows = false;
    if (typeof annotate === 'function') await Reflect.apply(annotate, context, [text]);
    process.stderr.write(`${text}\n`);
  }
}

interface Failed {
  readonly scenario: AnyScenario;
  readonly run: RunResult;
  readonly violation: Violation;
  readonly found: string;
  readonly kept?: string | undefined;
  readonly shrunk?: AnyShrunk;
}

function problemText({ verdict, problem = 'no more is known' }: RunResult, seed: bigint): string {
  const what = verdict === 'world-error' ? '' : `${verdict}: `;
  return `${what}${problem} (seed ${seed})`;
}

function runsOf(asked: string | undefined, declared: number, site: Site): number {
  if (asked === undefined || asked === '') return declared;
  if (!/^[0-9]{1,9}$/.test(asked)) throw mistakeAt(site, `SIM_RUNS: expected a whole number, found '${asked}'`);
  return Number(asked);
}

/** A test has the same seeds wherever it runs, and another one has others. */
function seedOfName(name: string): bigint {
  return createHash('sha256').update(name).digest().readBigUInt64LE() % SEEDS;
}

function patternOf(name: string): string {
  return `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
