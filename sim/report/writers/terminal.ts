/** Results for people at a terminal, made from the same results as the JSON. */
import { printable } from '../../scenario/file/mistake.ts';
import type { ReplayVerdict } from '../../scenario/replay.ts';
import type { FaultCount } from '../../scenario/run/result.ts';
import type { JudgedRun } from '../../scenario/verdict.ts';
import { partsText } from '../../shrink/named.ts';
import type { SweepResult } from '../../sweep/result.ts';
import { failingSeedLines } from '../model/failing-seeds.ts';
import { type Failure, failureLines, isOf } from '../model/failure.ts';
import { stackLines, withOriginalPlaces } from '../model/original-place.ts';
import { type GivenFlags, replayFileCommand, runFileCommand, traceFileCommand } from '../model/replay-command.ts';
import type { ConformSummary, DescribedRun, ShrinkTold } from '../model/told.ts';
import type { Colors } from '../text/colors.ts';
import { INTERRUPTED } from '../text/interrupted.ts';
import { count, runsPerSecond } from '../text/numbers.ts';
import { columns, sideBySide } from '../text/table.ts';
import { wrapped } from '../text/wrap.ts';
import { worthTable } from './worth-table.ts';

const COLUMNS_MAX = 100;
const PART_LINES_MAX = 6;
/** More kinds of fault than these stand in two columns. */
const FAULT_LINES_MAX = 12;
/** Timers that are left are told one by one up to these. */
const TIMERS_MAX = 5;
/** A message of a failure is a screenful. */
const TOLD_MAX = 2;

export function runText(run: JudgedRun, { origin, replay, next, world }: DescribedRun, colors: Colors): string {
  const lines = [
    `seed ${run.seed} · ${printable(origin)}`,
    `${paintedVerdict(run.verdict, colors)}: ${run.events} events, ${run.operations} operations, ${run.virtualMs} ms of virtual time`,
    `digest ${run.digest}`,
    '',
    ...faultTable(run.faults),
    `marks reached: ${Object.keys(run.marks).length}`,
    ...(run.undrawn ?? []).map((name) => colors.yellow(`nothing was drawn by the name ${printable(name)}`)),
    ...timersLeft(run.timers ?? []),
  ];
  if (run.problem !== undefined) lines.push('', colors.red(printable(withOriginalPlaces(run.problem))));
  if (run.detail !== undefined) lines.push(...stackOfRun(run.detail, world).map((line) => colors.dim(line)));
  const [violation] = run.violations;
  const commands = { replay: replay(run.seed), next: next(run.seed) };
  if (violation !== undefined) lines.push('', ...failureLines({ run, violation, world, ...commands }, colors));
  else if (run.verdict !== 'held') lines.push('', `replay: ${colors.cyan(commands.replay)}`);
  return text(lines);
}

/** Timers that the run left. None of them is a fault, but one may be a leak. */
function timersLeft(timers: readonly string[]): readonly string[] {
  const told = timers.slice(0, TIMERS_MAX).map((timer) => `timer left: ${printable(timer)}`);
  return timers.length > TIMERS_MAX ? [...told, `and ${timers.length - TIMERS_MAX} more`] : told;
}

function stackOfRun(detail: string, world: Failure['world']): readonly string[] {
  return stackLines(detail, isOf(world)).map((line) => `  ${printable(line)}`);
}

/** What a scenario was shrunk to, and which of it matters. */
export function shrinkText(
  { path, given, seconds, shrunk, interrupted }: ShrinkTold,
  world: Failure['world'],
  colors: Colors,
): string {
  const { invariant, result, from, to, minimal } = shrunk;
  const violation = result.violations.find((one) => one.invariant === invariant);
  const lines = [
    `${shrunk.runs} runs in ${seconds.toFixed(1)} s; written to ${printable(path)}`,
    ...(interrupted ? [INTERRUPTED] : partsText(shrunk)).flatMap((part) => wrapped(part, COLUMNS_MAX, PART_LINES_MAX)),
    '',
  ];
  if (violation !== undefined) {
    const size = { from, to, minimal, interrupted };
    lines.push(...failureLines({ run: result, violation, world, shrunk: size, ...fileCommands(path, given) }, colors));
  }
  return text(lines);
}

function fileCommands(path: string, given?: GivenFlags): Pick<Failure, 'replay' | 'next'> {
  return { replay: replayFileCommand(path, given), next: traceFileCommand(path, given) };
}

export function sweepText(sweep: SweepResult, described: DescribedRun, colors: Colors): string {
  const { origin, replay, next } = described;
  const { runs, seconds, events } = sweep;
  const found = [
    ...(sweep.failed === 0 ? [] : [colors.red(`${sweep.failed} violated`)]),
    ...[...sweep.troubles].map(([verdict, seeds]) => colors.yellow(`${seeds} ${verdict}`)),
  ];
  if (found.length === 0) found.push(runs === 0 ? colors.yellow('nothing ran') : colors.green('all held'));
  const lines = [
    `${count(runs, 'run')} from seed ${sweep.from} · ${origin}: ${found.join(', ')}`,
    `${events} events, ${sweep.operations} operations, ${sweep.virtualMs} ms of virtual time in ${seconds.toFixed(1)} s` +
      ` (${perSecond(runs, seconds)} runs/s, ${perSecond(events, seconds)} events/s)`,
    `digest ${sweep.digest}`,
    ...endLines(sweep),
    '',
    ...faultTable(sweep.faults),
    '',
    ...worthTable(sweep, COLUMNS_MAX, colors),
  ];
  lines.push(
    ...failingSeedLines(sweep, replay, colors),
    ...shrunkLines(sweep, described, colors),
    ...unshrunkLines(sweep, next, colors),
  );
  return text(lines);
}

export function conformText({ files, passed, failed }: ConformSummary, colors: Colors): string {
  const lines: string[] = [];
  for (const { file, failures } of files) {
    for (const failure of failures)
      lines.push(`${printable(file)}: ${colors.red(printable(failure.case))}: ${printable(failure.message)}`);
  }
  lines.push(`${passed} passed, ${failed} failed`);
  return text(lines);
}

export function paintedVerdict(verdict: ReplayVerdict, colors: Colors): string {
  if (verdict === 'held' || verdict === 'violated as expected') return colors.green(verdict);
  return verdict === 'inconclusive' || verdict === 'vacuous' ? colors.yellow(verdict) : colors.red(verdict);
}

function faultTable(faults: Readonly<Record<string, FaultCount>>): readonly string[] {
  const rows = Object.entries(faults).map(([kind, { planned, injected }]) => [kind, `${planned}`, `${injected}`]);
  if (rows.length === 0) return ['no faults'];
  const head = ['fault', 'planned', 'injected'];
  return rows.length > FAULT_LINES_MAX ? sideBySide(head, rows, [1, 2]) : columns([head, ...rows], [1, 2]);
}

function endLines({ end, cutShort }: SweepResult): readonly string[] {
  switch (end) {
    case 'complete':
    case 'goals':
      return [];
    case 'time':
      return cutShort === 0 ? [] : [`time was up: ${count(cutShort, 'run')} not made`];
    case 'max-failures':
      return [`stopped at the greatest number of failing seeds: ${count(cutShort, 'run')} not made`];
    case 'interrupted':
      return ['interrupted'];
    case 'lost':
      return [`the sweep was lost on the way${cutShort === 0 ? '' : `: ${count(cutShort, 'run')} not made`}`];
  }
}

/** The small scenarios of the first failures, of which the first few are told in full. */
function shrunkLines({ shrunk = [] }: SweepResult, { world, given }: DescribedRun, colors: Colors): readonly string[] {
  const lines: string[] = [];
  for (const { path, invariant, shrunk: small } of shrunk.slice(0, TOLD_MAX)) {
    const violation = small.result.violations.find((one) => one.invariant === invariant);
    if (violation === undefined) continue;
    const commands = fileCommands(path, given);
    lines.push('', ...failureLines({ run: small.result, violation, world, shrunk: small, ...commands }, colors));
  }
  const others = shrunk.slice(TOLD_MAX);
  if (others.length === 0) return lines;
  const commands = others.map(({ path }) => `  ${colors.cyan(runFileCommand(path, given))}`);
  return [...lines, '', `${count(others.length, 'more scenario')} made small, each told by`, ...commands];
}

/** What was violated and has no scenario file; and the command that makes one, which keeps what its seed violates first. */
function unshrunkLines(
  { failures, shrunk = [] }: SweepResult,
  shrink: DescribedRun['next'],
  colors: Colors,
): readonly string[] {
  const without = new Set(failures.map(({ invariant }) => invariant));
  for (const { invariant } of shrunk) without.delete(invariant);
  if (without.size === 0) return [];
  const first = failures.find(({ seed, invariant }, at) => without.has(invariant) && failures[at - 1]?.seed !== seed);
  const told = `${count(without.size, 'violated invariant')} left without a scenario file: ${[...without].join(', ')}`;
  const command =
    first === undefined ? [] : [`for ${first.invariant} one is made by`, `  ${colors.cyan(shrink(first.seed))}`];
  return ['', ...wrapped(told, COLUMNS_MAX, PART_LINES_MAX), ...command];
}

function perSecond(amount: number, seconds: number): number {
  return Math.round(runsPerSecond({ runs: amount, seconds }));
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
