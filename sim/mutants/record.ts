/**
 * The record of the last measurement of planted bugs: a committed file, so that every sweep can say how much its silence is
 * worth. It names the build that was measured by a digest of what is simulated and what judges it; a sweep of another build
 * says that the figures are not its own.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { median } from '../statistics/median.ts';
import type { PlantedBugs } from '../sweep/result.ts';
import type { Measurement } from './measure.ts';
import { type Summary, summaryOf } from './report.ts';

/** From the root of the checkout, or of the package. */
export const RECORD_PATH = join('mutants', 'record', 'measured.json');

export interface MutantsRecord {
  readonly format: 1;
  /** Day, as 2026-11-20. */
  readonly day: string;
  /** Commit of the checkout, where that is known. */
  readonly commit: string | null;
  /** Digest of the build; see `buildDigest`. */
  readonly build: string;
  readonly trials: number;
  readonly runsMax: number;
  readonly seconds: number;
  readonly summary: Summary;
  /** By name. */
  readonly mutants: Readonly<Record<string, MutantRecord>>;
}

interface MutantRecord {
  readonly detected: boolean;
  /** Runs to detection; absent where no sweep is its detector. */
  readonly medianRuns?: number;
  readonly worstRuns?: number;
}

/** Folders of the build on which it depends what a run does and what is seen of it. */
const MEASURED = ['src', 'sim/kernel', 'sim/faults', 'sim/invariant', 'sim/scenario', 'mesh'];

/** sha256 over paths and contents of the modules that make a run; the same in a checkout and in the package made of it. */
export function buildDigest(root: string): string {
  const hash = createHash('sha256');
  for (const folder of MEASURED) {
    const from = join(root, 'dist', folder);
    if (!existsSync(from)) continue;
    const paths = readdirSync(from, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js'));
    for (const path of paths.sort()) {
      const content = readFileSync(join(from, path));
      hash.update(`${folder}/${path.split(sep).join('/')}\n${content.length}\n`).update(content);
    }
  }
  return hash.digest('hex');
}

/** The same of the package, which does not bring the modules one by one: its build has written it down. */
function digestOfBuild(root: string): string {
  const written = join(root, 'bin/BUILD.txt');
  return existsSync(join(root, 'dist/sim/world.js')) || !existsSync(written)
    ? buildDigest(root)
    : readFileSync(written, 'utf8').trim();
}

export function recordOf(
  measurement: Measurement,
  { day, commit, build }: Pick<MutantsRecord, 'day' | 'commit' | 'build'>,
): MutantsRecord {
  const { trials, runsMax, seconds, mutants } = measurement;
  const entries = mutants.map(({ mutant, detected, sweep }): [string, MutantRecord] => {
    if (sweep === undefined) return [mutant.id, { detected }];
    const runs = sweep.trials.map((trial) => trial.runs);
    return [mutant.id, { detected, medianRuns: median(runs), worstRuns: Math.max(...runs) }];
  });
  return {
    format: 1,
    day,
    commit,
    build,
    trials,
    runsMax,
    seconds: Math.round(seconds),
    summary: summaryOf(measurement),
    mutants: Object.fromEntries(entries),
  };
}

export function recordText(record: MutantsRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** What the record below a root says of the build there; undefined where there is none. */
export function readRecord(root: string): PlantedBugs | undefined {
  const path = join(root, RECORD_PATH);
  if (!existsSync(path)) return undefined;
  const record: MutantsRecord = JSON.parse(readFileSync(path, 'utf8'));
  const { day, commit, build, trials, runsMax, summary, mutants } = record;
  return {
    mutants: summary.mutants,
    detected: summary.detected,
    missed: Object.keys(mutants).filter((id) => mutants[id]?.detected !== true),
    trials,
    runsMax,
    medianRuns: summary.medianRuns,
    worstRuns: summary.worstRuns,
    on: commit === null ? day : `${day} (commit ${commit.slice(0, COMMIT_CHARS)})`,
    sameBuild: build === digestOfBuild(root),
  };
}

const COMMIT_CHARS = 7;
