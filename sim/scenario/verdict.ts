/**
 * What a scenario's run is worth, given what the scenario is kept for. A regression that no longer reaches what it was
 * written to reach is `vacuous` and never green. A known defect that is gone is `fixed`, so that somebody changes the file.
 */
import type { FaultBase, KeyedFault, Scenario } from '../world.ts';
import type { RunResult, RunVerdict } from './run/result.ts';

/**
 * `fixed`: what was expected to break holds, and all witnesses and faults were there. `vacuous`: nothing broke, but a
 * witness was not reached or a listed fault was never injected. The rest is as for a run.
 */
export type ScenarioVerdict = RunVerdict | 'violated as expected' | 'fixed' | 'vacuous';

/** What a scenario file comes to. */
export interface FileVerdict {
  readonly verdict: ScenarioVerdict;
  /** One line each; none if there is nothing to say. */
  readonly reasons: readonly string[];
}

type Expecting = Pick<Scenario<unknown, never, KeyedFault & FaultBase>, 'expect' | 'witness' | 'faults'>;
type Came = Pick<RunResult, 'verdict' | 'violations' | 'marks' | 'notInjected' | 'undrawn' | 'problem'>;

/** Compares what a run came to with what its scenario expects. */
export function verdictOn(scenario: Expecting, run: Came): FileVerdict {
  const { expect = { holds: true } } = scenario;
  const violated = run.violations.map(({ invariant, atMs, message }) => `${invariant} at ${atMs} ms: ${message}`);
  if (run.verdict !== 'held' && run.verdict !== 'violated') {
    return { verdict: run.verdict, reasons: [...(run.problem === undefined ? [] : [run.problem]), ...violated] };
  }
  if (run.violations.length > 0) {
    const at = 'violates' in expect ? run.violations.findIndex(({ invariant }) => invariant === expect.violates) : -1;
    if (at === -1) return { verdict: 'violated', reasons: violated };
    const others = violated.length - 1;
    const reasons = [...violated.slice(at, at + 1), ...(others === 0 ? [] : [`other invariants violated: ${others}`])];
    return { verdict: 'violated as expected', reasons };
  }
  const missing = missingIn(scenario, run);
  if (missing.length > 0) return { verdict: 'vacuous', reasons: missing };
  if (!('violates' in expect)) {
    return { verdict: 'held', reasons: (run.undrawn ?? []).map((name) => `nothing was drawn by the name ${name}`) };
  }
  return { verdict: 'fixed', reasons: [`${expect.violates} was expected to be violated, but holds`] };
}

/** A run with the verdict that its scenario gives it. */
export type RunOfFile = Omit<RunResult, 'verdict'> & { readonly verdict: ScenarioVerdict };

/** The run with its verdict, and with the reasons for a verdict that no violation explains. */
export function withVerdict(run: RunResult, { verdict, reasons }: FileVerdict): RunOfFile {
  const explained = verdict === run.verdict || verdict === 'violated as expected';
  return { ...run, verdict, ...(explained ? {} : { problem: reasons.join('; ') }) };
}

/** What the scenario was to reach and did not. */
function missingIn({ witness = [], faults }: Expecting, { marks, notInjected = [] }: Came): readonly string[] {
  const kinds = new Map(faults.map(({ key, kind }) => [key, kind]));
  return [
    ...witness.filter((mark) => (marks[mark] ?? 0) === 0).map((mark) => `${mark} was never reached`),
    ...notInjected.map((key) => `fault ${key} (${kinds.get(key)}) was never injected`),
  ];
}

/**
 * What `git bisect run` is told of a commit: good, bad, or neither. Only the invariant that the file is about makes a
 * commit bad. If something else keeps the file from being tested, that says nothing about the commit.
 */
export type BisectVerdict = 'good' | 'bad' | 'skip';

export function bisectVerdict({ expect = { holds: true } }: Expecting, { verdict }: FileVerdict): BisectVerdict {
  switch (verdict) {
    case 'held':
    case 'fixed':
      return 'good';
    case 'violated as expected':
      return 'bad';
    case 'violated':
      return 'violates' in expect ? 'skip' : 'bad';
    default:
      return 'skip';
  }
}
