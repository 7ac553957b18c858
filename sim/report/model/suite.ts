/**
 * What a sweep or a replay came to, as cases that passed or not. Everything that CI systems read (JUnit, annotations, the
 * summary of a job) is made from this model, so that all of it says the same.
 */
import type { InvariantEntry } from '../../scenario/file/catalogue.ts';
import type { Replay, ReplayVerdict } from '../../scenario/replay.ts';
import type { SweepResult } from '../../sweep/result.ts';
import { percent } from '../text/numbers.ts';
import { withOriginalPlaces } from './original-place.ts';
import type { Described } from './told.ts';
import { type WorthLine, worthLines } from './worth.ts';

export interface Report {
  readonly title: string;
  readonly suites: readonly Suite[];
  /** What else there is to say, one line each. */
  readonly notes?: readonly WorthLine[];
}

export interface Suite {
  readonly name: string;
  readonly seconds?: number;
  readonly cases: readonly Case[];
  /** Counts the other suites' results again, grouped differently. */
  readonly derived?: true;
}

export interface Case {
  readonly name: string;
  /** `error`: there is no verdict on the system. */
  readonly outcome: 'passed' | 'failed' | 'error';
  /** The verdict in a word or two. */
  readonly verdict: string;
  /** One line. Present unless it passed. */
  readonly message?: string;
  /** Further lines. */
  readonly detail?: readonly string[];
  /** The file that it is about, and the line in it. */
  readonly file?: string;
  readonly line?: number;
  /** The command that shows it again. */
  readonly again?: string;
}

/** How many seeds a case names. */
const SEEDS_MAX = 10;

const OUTCOMES: Readonly<Record<ReplayVerdict, Case['outcome']>> = {
  held: 'passed',
  'violated as expected': 'passed',
  violated: 'failed',
  fixed: 'failed',
  vacuous: 'failed',
  inconclusive: 'error',
  invalid: 'error',
  nondeterminism: 'error',
  'foreign-await': 'error',
  'world-error': 'error',
  'harness-error': 'error',
};

/** One case per scenario, and one per invariant over all scenarios. */
export function replayReport(
  replays: readonly Replay[],
  invariants: readonly InvariantEntry[],
  again: (path: string) => string,
  seconds: number,
): Report {
  return {
    title: 'Scenarios replayed',
    suites: [
      { name: 'scenarios', seconds, cases: replays.map((replay) => scenarioCase(replay, again(replay.path))) },
      { name: 'invariants', cases: invariants.map((entry) => invariantCase(entry, replays)), derived: true },
    ],
  };
}

function scenarioCase({ path, verdict, reasons, mistakes }: Replay, again: string): Case {
  const outcome = OUTCOMES[verdict];
  if (outcome === 'passed') return { name: path, outcome, verdict };
  const [first] = mistakes;
  const [message = verdict, ...detail] = first === undefined ? reasons : [first.message, ...reasons.slice(1)];
  return { name: path, outcome, verdict, message, detail, file: path, line: first?.line ?? 1, again };
}

function invariantCase({ id, holds }: InvariantEntry, replays: readonly Replay[]): Case {
  const broken = replays.filter(
    ({ verdict, run }) => verdict === 'violated' && run?.violations.some(({ invariant }) => invariant === id) === true,
  );
  if (broken.length === 0) return { name: id, outcome: 'passed', verdict: 'held' };
  return {
    name: id,
    outcome: 'failed',
    verdict: 'violated',
    message: `does not hold: ${holds}`,
    detail: broken.map(({ path }) => path),
  };
}

/** One case per invariant, and some about the sweep itself. */
export function sweepReport(sweep: SweepResult, invariants: readonly InvariantEntry[], described: Described): Report {
  const { runs, from, seconds } = sweep;
  return {
    title: `Sweep of ${runs} runs from seed ${from} (${described.origin})`,
    suites: [
      { name: 'invariants', seconds, cases: invariants.map((entry) => sweptInvariant(entry, sweep, described)) },
      {
        name: 'sweep',
        cases: [
          verdictsCase(sweep, described),
          marksCase(sweep),
          floorsCase(sweep),
          ...goalsCases(sweep),
          completeCase(sweep),
        ],
      },
    ],
    notes: [
      {
        name: 'runs',
        text: `${runs} from seed ${from}: ${sweep.events} events, ${sweep.virtualMs} ms of virtual time`,
      },
      ...worthLines(sweep),
    ],
  };
}

function sweptInvariant({ id, holds }: InvariantEntry, { failures }: SweepResult, { replay }: Described): Case {
  const broken = failures.filter(({ invariant }) => invariant === id);
  const [first] = broken;
  if (first === undefined) return { name: id, outcome: 'passed', verdict: 'held' };
  const seeds = broken.length === 1 ? '1 seed' : `${broken.length} seeds`;
  return {
    name: id,
    outcome: 'failed',
    verdict: 'violated',
    message: `${seeds}; seed ${first.seed} at ${first.atMs} ms: ${first.message}`,
    detail: [`does not hold: ${holds}`, ...listed(broken.map(({ seed, message }) => `${replay(seed)}: ${message}`))],
    again: replay(first.seed),
  };
}

function verdictsCase({ problems }: SweepResult, { replay }: Described): Case {
  const name = 'every run comes to a verdict';
  const [first] = problems;
  if (first === undefined) return { name, outcome: 'passed', verdict: 'held' };
  return {
    name,
    outcome: 'error',
    verdict: first.verdict,
    message: `${problems.length} did not; seed ${first.seed} is ${first.verdict}: ${withOriginalPlaces(first.problem)}`,
    detail: listed(
      problems.map(({ seed, verdict, problem }) => `${replay(seed)}: ${verdict}: ${withOriginalPlaces(problem)}`),
    ),
    again: replay(first.seed),
  };
}

function marksCase({ unmetMarks }: SweepResult): Case {
  const name = 'every required mark is reached';
  if (unmetMarks.length === 0) return { name, outcome: 'passed', verdict: 'held' };
  return { name, outcome: 'failed', verdict: 'inconclusive', message: `not reached: ${unmetMarks.join(', ')}` };
}

function floorsCase({ floors }: SweepResult): Case {
  const name = 'no floor is missed';
  const missed = floors.filter(({ state }) => state === 'missed');
  if (missed.length === 0) return { name, outcome: 'passed', verdict: 'held' };
  return {
    name,
    outcome: 'failed',
    verdict: 'inconclusive',
    message: `missed: ${missed.map(({ mark }) => mark).join(', ')}`,
    detail: missed.map(
      ({ mark, atLeast, hits, runs }) => `${mark}: wanted in ${percent(atLeast)} of runs, seen in ${hits} of ${runs}`,
    ),
  };
}

/** One case for each goal of the sweep. */
function goalsCases({ goals = {}, runs }: SweepResult): readonly Case[] {
  const { stable, floorsDecided } = goals;
  const cases = [
    ...(stable === undefined ? [] : [{ name: 'hardly any run shows anything new', reached: stable.reached }]),
    ...(floorsDecided === undefined ? [] : [{ name: 'every floor is decided', reached: floorsDecided.reached }]),
  ];
  return cases.map(({ name, reached }) =>
    reached
      ? { name, outcome: 'passed', verdict: 'held' }
      : { name, outcome: 'failed', verdict: 'inconclusive', message: `not yet, after ${runs} runs` },
  );
}

function completeCase({ end, runs, cutShort }: SweepResult): Case {
  const name = 'every run is made';
  if (end !== 'interrupted' && end !== 'lost' && cutShort === 0 && runs > 0)
    return { name, outcome: 'passed', verdict: 'held' };
  const message = `${end}: ${runs} runs were made${cutShort === 0 ? '' : `, ${cutShort} were not`}`;
  return { name, outcome: 'failed', verdict: 'inconclusive', message };
}

function listed(lines: readonly string[]): readonly string[] {
  const more = lines.length - SEEDS_MAX;
  return more > 0 ? [...lines.slice(0, SEEDS_MAX), `and ${more} more`] : lines;
}
