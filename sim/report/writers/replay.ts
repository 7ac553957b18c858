/** Replayed scenario files, one line a verdict, for people and as JSON. */
import { printable } from '../../scenario/file/mistake.ts';
import type { Replay, ReplayVerdict } from '../../scenario/replay.ts';
import { type Failure, failureLines } from '../model/failure.ts';
import { withOriginalPlaces } from '../model/original-place.ts';
import { type GivenFlags, replayFileCommand, traceFileCommand } from '../model/replay-command.ts';
import type { Colors } from '../text/colors.ts';
import { violationJson } from './json.ts';
import { paintedVerdict } from './terminal.ts';

/** A replay without its trace, of which what is to be told has been: traces are long, and files may be many. */
export interface ToldReplay extends Replay {
  /** Its failure at length, in lines; none where it did not fail. */
  readonly failure: readonly string[];
}

/** How the failures of a replay are told. */
export interface Telling {
  readonly world: Failure['world'];
  readonly colors: Colors;
  readonly given?: GivenFlags;
}

export function told(replay: Replay, telling: Telling): ToldReplay {
  const failure = replay.verdict === 'violated' ? failureOf(replay, telling) : [];
  const reasons = replay.reasons.map(withOriginalPlaces);
  if (replay.run === undefined) return { ...replay, reasons, failure };
  const { trace: _, ...run } = replay.run;
  return { ...replay, reasons, run, failure };
}

/** What is said of a file as soon as it is known: one line, and under an invalid one a line for each further mistake. */
export function replayLines(replay: Replay, colors: Colors): string {
  const [first, ...more] = replay.verdict === 'invalid' ? replay.reasons : [reasonLine(replay)];
  const verdict = `${paintedVerdict(replay.verdict, colors)}${' '.repeat(VERDICT_CHARS - replay.verdict.length)}`;
  return text([`${verdict}  ${first}`, ...more.map((line) => `${' '.repeat(VERDICT_CHARS)}  ${line}`)]);
}

/** What is said at the end: how many files came to what, and the first failures at length. */
export function replayEnd(replays: readonly ToldReplay[]): string {
  const lines: string[] = [];
  if (replays.length > 1) {
    const counts = new Map<ReplayVerdict, number>();
    for (const { verdict } of replays) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    lines.push(`${replays.length} files: ${[...counts].map(([verdict, files]) => `${files} ${verdict}`).join(', ')}`);
  }
  for (const { failure } of replays.filter(({ verdict }) => verdict === 'violated').slice(0, TOLD_MAX)) {
    lines.push(...failure);
  }
  return text(lines);
}

/** So many failures are told at length. */
const TOLD_MAX = 3;

function failureOf({ path, run }: Replay, { world, colors, given }: Telling): readonly string[] {
  const [violation] = run?.violations ?? [];
  if (run === undefined || violation === undefined) return [];
  const commands = { replay: replayFileCommand(path, given), next: traceFileCommand(path, given) };
  return ['', ...failureLines({ run, violation, world, ...commands }, colors)];
}

const VERDICT_CHARS = 'violated as expected'.length;

function reasonLine({ path, reasons }: Replay): string {
  const [first, ...more] = reasons.map(printable);
  return [printable(path), ...(first === undefined ? [] : [[first, ...more].join('; ')])].join(': ');
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

export function replayJson(replays: readonly Replay[], status: number): string {
  return `${JSON.stringify({
    status,
    files: replays.map(({ path, verdict, reasons, mistakes, scenario, run }) => ({
      path,
      verdict,
      reasons,
      ...(mistakes.length === 0 ? {} : { mistakes }),
      ...(scenario === undefined ? {} : { name: scenario.name, seed: String(scenario.seed) }),
      ...(run === undefined
        ? {}
        : {
            digest: run.digest,
            events: run.events,
            operations: run.operations,
            virtualMs: run.virtualMs,
            faults: run.faults,
            violations: run.violations.map(violationJson),
            marks: run.marks,
          }),
    })),
  })}\n`;
}
