/** What a measurement of mutants came to: a table for people, and a JSON document for scripts. */
import type { Colors } from '../report/text/colors.ts';
import { count, percent } from '../report/text/numbers.ts';
import { columns } from '../report/text/table.ts';
import { printable } from '../scenario/file/mistake.ts';
import { sizeText } from '../shrink/size.ts';
import { runsToBeSure } from '../statistics/chance.ts';
import { median } from '../statistics/median.ts';
import type { Measured, Measurement, SweepFigures } from './measure.ts';
import type { Detector } from './mutant.ts';
import type { Trial } from './trial.ts';

/** Counts of all mutants whose detector is a sweep. */
export interface Summary {
  readonly mutants: number;
  readonly detected: number;
  /** Of those: all trials, the trials that saw the bug, and those that saw it first by the invariant that it names. */
  readonly trials: number;
  readonly sightings: number;
  readonly asExpected: number;
  /** Over mutants, of the median runs to detection. Null where none was seen. */
  readonly medianRuns: number | null;
  /** The most runs that any trial took. Where a trial saw nothing, that is the bound. */
  readonly worstRuns: number;
}

export function summaryOf({ mutants }: Measurement): Summary {
  const swept = mutants.flatMap(({ sweep }) => (sweep === undefined ? [] : [sweep]));
  const medians = swept.filter(({ detections }) => detections > 0).map(({ trials }) => median(trials.map(runsOf)));
  return {
    mutants: mutants.length,
    detected: mutants.filter(({ detected }) => detected).length,
    trials: swept.reduce((sum, { trials }) => sum + trials.length, 0),
    sightings: swept.reduce((sum, { detections }) => sum + detections, 0),
    asExpected: swept.reduce((sum, { asExpected }) => sum + asExpected, 0),
    medianRuns: medians.length === 0 ? null : median(medians),
    worstRuns: Math.max(0, ...swept.flatMap(({ trials }) => trials.map(runsOf))),
  };
}

/** One line for a measured mutant. */
export function oneLine({ mutant, detected, sweep, problem }: Measured): string {
  const id = printable(mutant.id);
  if (problem !== undefined) return `${id}: ${printable(problem)}`;
  if (sweep === undefined) return `${id}: ${detected ? 'detected' : 'missed'}`;
  return `${id}: seen in ${sweep.detections} of ${count(sweep.trials.length, 'trial')}; runs (worst): ${runsText(sweep)}`;
}

export function mutantsText(measurement: Measurement, colors: Colors): string {
  if (measurement.void) {
    const [trial] = measurement.canary.sweep?.trials ?? [];
    const why = measurement.canary.problem ?? trial?.trouble ?? 'a run held that must fail';
    return `${colors.red(`void: the canary, a bug that every run must see, was missed: ${printable(why)}`)}\n`;
  }
  const rows = measurement.mutants.map((measured) => row(measured));
  const lines = [...columns([HEAD, ...rows], [1, 2, 3, 4, 5, 6, 8]), ''];
  for (const { mutant, detected, problem, sweep } of measurement.mutants) {
    const id = printable(mutant.id);
    if (problem !== undefined) lines.push(colors.red(`${id}: could not be measured: ${printable(problem)}`));
    else if (!detected) lines.push(colors.red(`${id}: missed. ${whyMissed(sweep)}`));
    const trouble = sweep?.trials.find((trial) => trial.trouble !== null)?.trouble;
    if (typeof trouble === 'string') lines.push(colors.yellow(`${id}: runs without a verdict: ${printable(trouble)}`));
  }
  return `${[...lines, ...summaryLines(measurement)].join('\n')}\n`;
}

const HEAD = [
  'mutant',
  'reached',
  'triggered',
  'detected',
  'runs (worst)',
  'events (worst)',
  'chance a run [95 %]',
  'expected: seen first in',
  'seeds for 95 %',
  'shrunk to',
];

function row({ mutant, detected, sweep }: Measured): readonly string[] {
  if (sweep === undefined) {
    return [printable(mutant.id), '', '', detected ? 'yes' : 'no', '', '', '', detectorText(mutant.detector), '', ''];
  }
  const { trials, detections, probe, chance, shrunk } = sweep;
  const sure = runsToBeSure(chance.estimate);
  return [
    printable(mutant.id),
    `${probe.reached}/${probe.runs}`,
    `${probe.triggered}/${probe.runs}`,
    `${detections}/${trials.length}`,
    runsText(sweep),
    `${Math.round(median(trials.map(({ events }) => events)))} (${Math.max(...trials.map(({ events }) => events))})`,
    `${percent(chance.estimate)} [${percent(chance.low)}, ${percent(chance.high)}]`,
    `${detectorText(mutant.detector)}: ${sweep.asExpected}${othersText(sweep, mutant.detector)}`,
    sure === null ? 'none known' : `${sure}`,
    shrunk === undefined ? '' : `${shrunk.minimal ? '' : 'at most '}${sizeText(shrunk.to)}`,
  ];
}

function summaryLines(measurement: Measurement): readonly string[] {
  const { mutants, detected, trials, sightings, asExpected, medianRuns, worstRuns } = summaryOf(measurement);
  return [
    `${detected} of ${count(mutants, 'mutant')} detected; the canary was seen in every run`,
    ...(trials === 0
      ? []
      : [
          `${sightings} of ${count(trials, 'trial')} saw the bug in at most ${count(measurement.runsMax, 'run')}, ` +
            `${asExpected} of them first by the invariant it names`,
          `runs to detection: median over mutants of medians ${medianRuns ?? 'unknown'}, worst trial ${worstRuns}`,
        ]),
    `${measurement.seconds.toFixed(1)} s`,
  ];
}

function whyMissed(sweep: SweepFigures | undefined): string {
  if (sweep === undefined) return '';
  const { reached, triggered, runs } = sweep.probe;
  if (reached === 0) return `None of ${runs} runs reached it.`;
  if (triggered === 0) return `${reached} of ${runs} runs reached it, and none differed because of it.`;
  return `${triggered} of ${runs} runs differed because of it, and no invariant saw that.`;
}

/** What saw it first in the trials in which the named invariant did not. */
function othersText(sweep: SweepFigures, detector: Detector): string {
  const expected = detector.kind === 'sweep' ? detector.invariant : '';
  const others = Object.entries(seenFirst(sweep)).filter(([invariant]) => invariant !== expected);
  return others.length === 0 ? '' : `; ${others.map(([invariant, trials]) => `${invariant} ${trials}`).join(', ')}`;
}

/** In how many trials each invariant was among the first. */
function seenFirst({ trials }: SweepFigures): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { seen } of trials) {
    for (const invariant of seen?.first ?? []) counts.set(invariant, (counts.get(invariant) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function detectorText(detector: Detector): string {
  return detector.kind === 'sweep' ? detector.invariant : detector.kind;
}

function runsOf({ runs }: Trial): number {
  return runs;
}

function runsText({ trials }: SweepFigures): string {
  return `${median(trials.map(runsOf))} (${Math.max(...trials.map(runsOf))})`;
}

export function mutantsJson(measurement: Measurement): string {
  const { canary, mutants, trials, runsMax, seconds } = measurement;
  const document = {
    void: measurement.void,
    trials,
    runsMax,
    seconds: Math.round(seconds * 10) / 10,
    canary: measuredJson(canary),
    summary: summaryOf(measurement),
    mutants: mutants.map(measuredJson),
  };
  return `${JSON.stringify(document)}\n`;
}

function measuredJson({ mutant, detected, sweep, problem }: Measured): object {
  const { id, title, file, origin, historic, detector } = mutant;
  return {
    id,
    title,
    file,
    origin,
    historic,
    detector,
    detected,
    ...(problem === undefined ? {} : { problem }),
    ...(sweep === undefined ? {} : sweepJson(sweep)),
  };
}

function sweepJson(sweep: SweepFigures): object {
  const { trials, detections, asExpected, chance, probe, shrunk } = sweep;
  const events = trials.map((trial) => trial.events);
  return {
    detections,
    asExpected,
    seenFirst: seenFirst(sweep),
    probe,
    runs: { median: median(trials.map(runsOf)), worst: Math.max(...trials.map(runsOf)) },
    events: { median: median(events), worst: Math.max(...events) },
    chance,
    seedsFor95: runsToBeSure(chance.estimate),
    ...(shrunk === undefined ? {} : { shrunk: { ...shrunk, seed: String(shrunk.seed) } }),
    trials: trials.map(({ from, runs, events: seen, seen: sighting, troubles, trouble }) => ({
      from: String(from),
      runs,
      events: seen,
      ...(sighting === null ? {} : { seen: { ...sighting, seed: String(sighting.seed) } }),
      ...(trouble === null ? {} : { troubles, trouble }),
    })),
  };
}
