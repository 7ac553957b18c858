/**
 * What a sweep is worth, in a few lines: what its runs bound, what they reached and did not, how much of what they did was
 * new, and how planted bugs fared. The one wording behind terminal, JUnit and the summary of a job.
 */
import { median } from '../../statistics/median.ts';
import type { SweepResult } from '../../sweep/result.ts';
import { count, percent, percentBetween } from '../text/numbers.ts';

export interface WorthLine {
  /** A word. */
  readonly name: string;
  readonly text: string;
  /** Says that the sweep is worth less than it was meant to be. */
  readonly lacking?: true;
}

/** Marks and floors that are named, but for marks that had to be reached, which all are; the JSON has all. */
const NAMED_MAX = 10;

export function worthLines(sweep: SweepResult): readonly WorthLine[] {
  return [
    { name: 'violations', text: violationText(sweep) },
    ...markLines(sweep),
    ...floorLines(sweep),
    ...behaviourLines(sweep),
    ...mutantsLines(sweep),
  ];
}

function violationText({ violation }: SweepResult): string {
  const { runs, failed, estimate, high } = violation;
  if (runs === 0) return 'nothing is known: no run came to a verdict';
  if (failed === 0) {
    return `none in ${count(runs, 'run')}: at most ${percent(high)} of runs like these violate an invariant (95 % sure)`;
  }
  return `${failed} of ${count(runs, 'run')}: ${percent(estimate)} ${percentBetween(violation)} of runs like these violate an invariant`;
}

function markLines({ marks, unmetMarks }: SweepResult): readonly WorthLine[] {
  const all = Object.entries(marks);
  const never = all.filter(([, hits]) => hits === 0).map(([mark]) => mark);
  const text = `${all.length - never.length} of ${all.length} reached`;
  return [
    { name: 'marks', text: never.length === 0 ? text : `${text}; never: ${named(never)}` },
    ...(unmetMarks.length === 0
      ? []
      : [{ name: 'marks', text: `required and not reached: ${unmetMarks.join(', ')}`, lacking: true as const }]),
  ];
}

function floorLines({ floors, goals }: SweepResult): readonly WorthLine[] {
  if (floors.length === 0) return [];
  const missed = floors.filter(({ state }) => state === 'missed');
  const undecided = floors.filter(({ state }) => state === 'undecided');
  const met = floors.length - missed.length - undecided.length;
  // One that lies near its floor so far would need very many, which says nothing of the others.
  const more = Math.ceil(median(undecided.map(({ moreRuns = 0 }) => moreRuns)));
  const whichOf = undecided.length === 1 ? 'which' : 'half of which';
  const parts = [
    `${met} of ${floors.length} met`,
    ...(missed.length === 0 ? [] : [`${missed.length} missed`]),
    ...(undecided.length === 0
      ? []
      : [`${undecided.length} undecided, ${whichOf} ${count(more, 'more run')} would decide`]),
  ];
  return [
    { name: 'floors', text: parts.join(', ') },
    ...(goals?.floorsDecided?.reached === false
      ? [
          {
            name: 'floors',
            text: `not decided: ${count(undecided.length, 'floor')} may be met or missed`,
            lacking: true as const,
          },
        ]
      : []),
    ...missed.slice(0, NAMED_MAX).map(({ mark, atLeast, hits, runs, low, high }) => ({
      name: 'floors',
      text: `${mark} is missed: wanted in ${percent(atLeast)} of runs, seen in ${hits} of ${runs}, ${percent(hits / runs)} ${percentBetween({ low, high })}`,
      lacking: true as const,
    })),
    ...(missed.length > NAMED_MAX
      ? [{ name: 'floors', text: `and ${missed.length - NAMED_MAX} more are missed`, lacking: true as const }]
      : []),
  ];
}

function behaviourLines({ behaviours, goals, runs }: SweepResult): readonly WorthLine[] {
  const { pairs, fingerprints } = behaviours;
  const lines: WorthLine[] = [
    {
      name: 'behaviours',
      text: `${pairs.distinct} pairs of marks and states; new ones in ${percent(pairs.rate.estimate)} ${percentBetween(pairs.rate)} of further runs`,
    },
    {
      name: 'behaviours',
      text: `${fingerprints.distinct} different sets of them in ${count(behaviours.runs, 'run')}; new ones in ${percent(fingerprints.rate.estimate)} ${percentBetween(fingerprints.rate)}`,
    },
  ];
  const stable = goals?.stable;
  if (stable === undefined) return lines;
  const below = percent(stable.below);
  lines.push(
    stable.reached
      ? { name: 'behaviours', text: `stable after ${count(runs, 'run')}: new pairs in less than ${below} of runs` }
      : { name: 'behaviours', text: `not stable: new pairs may be in ${below} of runs or more`, lacking: true },
  );
  return lines;
}

/** Only of a world whose planted bugs somebody has measured. */
function mutantsLines({ plantedBugs }: SweepResult): readonly WorthLine[] {
  const name = 'mutants';
  if (plantedBugs === undefined) return [];
  const { mutants, detected, missed, medianRuns, worstRuns, trials, on, sameBuild } = plantedBugs;
  const parts = [
    `${detected} of ${mutants} planted bugs found${missed.length === 0 ? '' : ` (not ${named(missed)})`}`,
    ...(medianRuns === null ? [] : [`in ${medianRuns} runs in the middle and ${worstRuns} at worst`]),
    `${count(trials, 'trial')} each`,
  ];
  return [{ name, text: `${parts.join(', ')}; measured on ${sameBuild ? 'this build' : 'another build'}, ${on}` }];
}

function named(names: readonly string[]): string {
  const more = names.length - NAMED_MAX;
  return `${names.slice(0, NAMED_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
