/**
 * Measures how well planted bugs are found. Each bug is planted in a copy of the build, and its detector is run on it
 * several times from different seeds. One bug that every run must see, the canary, is part of every set. If it is missed,
 * nothing else that was measured means anything.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeError } from '../scenario/blame/thrown.ts';
import { type Chance, chanceOf } from '../statistics/chance.ts';
import type { Source } from '../sweep/source.ts';
import type { Checkout, Scratch } from './checkout.ts';
import { conforms, passesTest } from './commands.ts';
import { employ } from './employ.ts';
import type { Detector, Mutant } from './mutant.ts';
import type { ProbedRun, ShrunkRun, Trial } from './trial.ts';

type SweepDetector = Extract<Detector, { kind: 'sweep' }>;

export interface MeasureOptions {
  readonly checkout: Checkout;
  /** The world's module, in the build's folder, and its name there. */
  readonly world: { readonly path: string; readonly name: string };
  /** The command in the build's folder, and the recorded vectors. */
  readonly conform: { readonly command: string; readonly vectors: string };
  readonly trials: number;
  /** Most runs of a trial. */
  readonly runsMax: number;
  /** Bounds each run, as in `RunOptions`. */
  readonly maxEvents?: number | undefined;
  /** Number of runs of a probe. */
  readonly probeRuns: number;
  /** Milliseconds of host time for shrinking a failing run of each mutant. */
  readonly shrinkMs: number;
  /** How many mutants are measured at a time. */
  readonly jobs: number;
  /** Called for the canary and then for each mutant, once measured. */
  readonly onMeasured?: (measured: Measured) => void;
}

/** Runs of a probe: how many there were, how many ran the planted text, and how many went another way because of it. */
export interface Probe {
  readonly runs: number;
  readonly reached: number;
  readonly triggered: number;
}

export interface SweepFigures {
  readonly trials: readonly Trial[];
  /** Trials that saw the bug. */
  readonly detections: number;
  /** Trials that saw it first by the invariant that it names. */
  readonly asExpected: number;
  /** Chance per run. */
  readonly chance: Chance;
  readonly probe: Probe;
  /** The failing run of the first trial that saw it, made small. */
  readonly shrunk?: ShrunkRun;
}

export interface Measured {
  readonly mutant: Mutant;
  readonly detected: boolean;
  /** Present for mutants whose detector is a sweep. */
  readonly sweep?: SweepFigures;
  /** Why it could not be measured: its worker died or hung. */
  readonly problem?: string;
}

export interface Measurement {
  readonly canary: Measured;
  /** Whether the canary was missed. The rest would then mean nothing, and was not measured. */
  readonly void: boolean;
  readonly mutants: readonly Measured[];
  readonly trials: number;
  readonly runsMax: number;
  readonly seconds: number;
}

/** Measures the canary and, if that is seen, all mutants. Rejects if a mutant cannot be planted. */
export async function measure(
  mutants: readonly Mutant[],
  canary: Mutant,
  options: MeasureOptions,
): Promise<Measurement> {
  const beganMs = performance.now();
  // Nothing is planted unless everything can be.
  for (const mutant of [canary, ...mutants]) options.checkout.check(mutant);
  const clean = new Map<string, Promise<readonly ProbedRun[]>>();
  // How often the canary is reached, or how small its runs can be, is of no interest.
  const canaryResult = await measureOne(canary, { ...options, probeRuns: 0, shrinkMs: 0 }, new Map());
  options.onMeasured?.(canaryResult);
  const missed = !seenAtOnce(canaryResult);
  const measured: Measured[] = [];
  const left = missed ? [] : mutants.map((mutant, index) => ({ mutant, index }));
  const workThrough = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const one = await measureOne(next.mutant, options, clean);
      measured[next.index] = one;
      options.onMeasured?.(one);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, workThrough));
  const seconds = (performance.now() - beganMs) / 1000;
  const { trials, runsMax } = options;
  return { canary: canaryResult, void: missed, mutants: measured, trials, runsMax, seconds };
}

/** Whether every trial saw it in its first run, by the invariant that it names. */
function seenAtOnce({ sweep }: Measured): boolean {
  return (
    sweep !== undefined && sweep.asExpected === sweep.trials.length && sweep.trials.every(({ runs }) => runs === 1)
  );
}

async function measureOne(
  mutant: Mutant,
  options: MeasureOptions,
  clean: Map<string, Promise<readonly ProbedRun[]>>,
): Promise<Measured> {
  const { checkout, conform } = options;
  const { detector } = mutant;
  if (detector.kind === 'property') {
    const copy = checkout.plantInSources(mutant);
    try {
      return { mutant, detected: !(await passesTest(copy.folder, detector.test)) };
    } finally {
      copy.remove();
    }
  }
  const scratch = checkout.plant(mutant);
  try {
    if (detector.kind === 'conform') {
      return { mutant, detected: !(await conforms(join(scratch.build, conform.command), conform.vectors)) };
    }
    const trials = await runTrials(scratch.build, detector, options);
    const probe = await probeMutant(scratch, detector, options, clean);
    const shrunk = await shrinkFirst(scratch.build, detector, trials, options);
    const sweep = { ...figuresOf(trials, probe, detector.invariant), ...(shrunk === undefined ? {} : { shrunk }) };
    return { mutant, detected: sweep.detections === trials.length, sweep };
  } catch (error) {
    return { mutant, detected: false, problem: describeError(error) };
  } finally {
    scratch.remove();
  }
}

/** The trials of one bug, each from its own seeds. */
export async function runTrials(
  build: string,
  detector: SweepDetector,
  { world, trials, runsMax, maxEvents }: Pick<MeasureOptions, 'world' | 'trials' | 'runsMax' | 'maxEvents'>,
): Promise<readonly Trial[]> {
  const starts = Array.from({ length: trials }, (_, nth) => 1n + BigInt(nth) * BigInt(runsMax));
  const answers = await employ(build, {
    kind: 'trials',
    source: sourceIn(build, detector, { world, maxEvents }),
    starts,
    runsMax,
  });
  return answers.flatMap((answer) => (answer.kind === 'trial' ? [answer.trial] : []));
}

async function probeMutant(
  { build, planted, offset }: Scratch,
  detector: SweepDetector,
  { checkout, world, probeRuns, maxEvents }: MeasureOptions,
  clean: Map<string, Promise<readonly ProbedRun[]>>,
): Promise<Probe> {
  const ask = async (folder: string, place?: { readonly url: string; readonly offset: number }) => {
    const answers = await employ(folder, {
      kind: 'probe',
      source: sourceIn(folder, detector, { world, maxEvents }),
      from: 1n,
      runs: probeRuns,
      ...(place === undefined ? {} : { planted: place }),
    });
    return answers.flatMap((answer) => (answer.kind === 'probed' ? answer.runs : []));
  };
  const kind = `${detector.profile} ${detector.semantics}`;
  const without = clean.get(kind) ?? ask(checkout.build);
  clean.set(kind, without);
  const cleanRuns = await without;
  const runs = await ask(build, { url: pathToFileURL(planted).href, offset });
  return {
    runs: runs.length,
    reached: runs.filter(({ reached }) => reached).length,
    triggered: runs.filter(({ digest }, nth) => digest !== cleanRuns[nth]?.digest).length,
  };
}

async function shrinkFirst(
  build: string,
  detector: SweepDetector,
  trials: readonly Trial[],
  { world, shrinkMs, maxEvents }: MeasureOptions,
): Promise<ShrunkRun | undefined> {
  const seen = trials.find((trial) => trial.seen !== null)?.seen;
  if (seen === undefined || seen === null || shrinkMs === 0) return undefined;
  const { invariant: expected } = detector;
  const invariant = seen.first.includes(expected) ? expected : (seen.first[0] ?? expected);
  const source = sourceIn(build, detector, { world, maxEvents });
  const answers = await employ(build, { kind: 'shrink', source, seed: seen.seed, invariant, wallMs: shrinkMs });
  return answers.flatMap((answer) => (answer.kind === 'shrunk' ? [answer.run] : []))[0];
}

function sourceIn(
  build: string,
  { profile, semantics }: SweepDetector,
  { world, maxEvents }: Pick<MeasureOptions, 'world' | 'maxEvents'>,
): Source {
  return {
    world: { module: pathToFileURL(join(build, world.path)).href, name: world.name },
    profile,
    semantics,
    maxEvents,
  };
}

function figuresOf(trials: readonly Trial[], probe: Probe, invariant: string): SweepFigures {
  const detections = trials.filter(({ seen }) => seen !== null).length;
  const runs = trials.reduce((sum, trial) => sum + trial.runs, 0);
  return {
    trials,
    detections,
    asExpected: trials.filter(({ seen }) => seen?.first.includes(invariant)).length,
    chance: chanceOf(detections, runs),
    probe,
  };
}
