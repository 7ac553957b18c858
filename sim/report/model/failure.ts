/**
 * A failure as a person wants to read it: what was broken and where that is written, what it was shrunk from, what led to
 * it, and what to type next. It fits a screen of 25 lines of 100 columns. Nothing in it that comes from a run can move the
 * cursor or pass for a line of its own.
 */
import type { Violation } from '../../invariant/invariant.ts';
import { pathOf } from '../../scenario/blame/frames.ts';
import { codeOf } from '../../scenario/file/catalogue.ts';
import { printable } from '../../scenario/file/mistake.ts';
import type { RunResult } from '../../scenario/run/result.ts';
import type { ScenarioSize } from '../../shrink/size.ts';
import { sizeText } from '../../shrink/size.ts';
import type { World } from '../../world.ts';
import type { Colors } from '../text/colors.ts';
import { columns } from '../text/table.ts';
import { cut, wrapped } from '../text/wrap.ts';
import { type Cause, causalEvents, fieldsText, subjectsByField } from './causes.ts';
import { stackLines } from './original-place.ts';

export interface Failure {
  /** With its trace. */
  readonly run: Pick<RunResult, 'seed' | 'violations' | 'trace'>;
  /** Which of its violations this is about. */
  readonly violation: Violation;
  readonly world: Pick<World, 'subjects' | 'codeOf' | 'wiring'>;
  readonly shrunk?: {
    readonly from: ScenarioSize;
    readonly to: ScenarioSize;
    readonly minimal: boolean;
    /** False if time ran out. */
    readonly interrupted?: boolean;
  };
  /** The command that shows it again. */
  readonly replay: string;
  /** The command to continue with. */
  readonly next: string;
}

const LINES_MAX = 25;
const COLUMNS_MAX = 100;
const EVENTS_MAX = 10;
const FRAMES_MAX = 6;
const LABEL_CHARS = 12;
const WIDTH = COLUMNS_MAX - LABEL_CHARS;
/** How much of the common beginning of two texts is shown before the place where they differ. */
const COMMON_CHARS = 24;

export function failureLines(
  { run, violation, world, shrunk, replay, next }: Failure,
  colors: Colors,
): readonly string[] {
  const { invariant, atMs, event } = violation;
  const code = codeOf(world, invariant);
  const also = run.violations.filter((other) => other !== violation).map((other) => other.invariant);
  const lines = [
    colors.red(colors.bold(cut(`${invariant}: ${classOf(violation)}, ${atMs} ms, event ${event}`, COLUMNS_MAX))),
    ...whatBroke(violation),
    ...(violation.stack === undefined ? [] : labelled('stack', stackOfSystem(violation.stack, world))),
    ...(code === undefined ? [] : labelled('code', [code])),
    ...labelled('seed', [String(run.seed)]),
    ...(shrunk === undefined ? [] : labelled('shrunk', shrinkingLines(shrunk))),
    ...(also.length === 0 ? [] : labelled('also', wrapped(also.join(', '), WIDTH, 1))),
  ];
  const commands = [...commandLines('replay', replay, colors), ...commandLines('next', next, colors)];
  const room = Math.min(EVENTS_MAX, LINES_MAX - lines.length - commands.length - 1);
  const subjects = world.subjects?.() ?? subjectsByField();
  const events = causalEvents(run.trace ?? [], violation, subjects, room);
  return [...lines, ...(events.length === 0 ? [] : ['  what led to it', ...eventLines(events, colors)]), ...commands];
}

/** The frames of a crash. They do not depend on the host, except for the names that versions of Node give to functions. */
function stackOfSystem(stack: string, world: Failure['world']): readonly string[] {
  return stackLines(stack, isOf(world)).slice(0, FRAMES_MAX).map(printable);
}

/** Whether a file is one of the world's own. */
export function isOf({ wiring = [] }: Pick<World, 'wiring'>): (file: string) => boolean {
  const own = wiring.map(pathOf);
  return (file) => own.some((path) => (path.endsWith('/') ? file.startsWith(path) : file === path));
}

function classOf({ invariant, atEnd }: Violation): string {
  if (invariant === 'no-crash') return 'crash';
  if (invariant === 'no-livelock') return 'livelock';
  return atEnd === true ? 'safety, at the end' : 'safety, at an event';
}

/** Expected and found: from the difference, or else from the sentence, which says both. */
function whatBroke({ message, difference }: Violation): readonly string[] {
  if (difference !== undefined) {
    const [expected, found] = fromWhereTheyPart(printable(difference.expected), printable(difference.found), 2 * WIDTH);
    return [
      ...labelled('message', wrapped(printable(message), WIDTH, 2)),
      ...labelled('expected', wrapped(expected, WIDTH, 2)),
      ...labelled('found', wrapped(found, WIDTH, 2)),
    ];
  }
  const [, wanted, got] = /^expected (.*?),? found:? (.*)$/s.exec(message) ?? [];
  if (wanted === undefined || got === undefined) {
    return labelled('message', wrapped(printable(message), WIDTH, 4));
  }
  const [expected, found] = fromWhereTheyPart(printable(wanted), printable(got), 3 * WIDTH);
  return [...labelled('expected', wrapped(expected, WIDTH, 3)), ...labelled('found', wrapped(found, WIDTH, 3))];
}

/** Two long texts are shown from shortly before the place where they differ. */
function fromWhereTheyPart(a: string, b: string, charsMax: number): readonly [string, string] {
  let common = 0;
  while (common < a.length && a[common] === b[common]) common += 1;
  const from = Math.max(0, common - COMMON_CHARS);
  const part = (text: string): string => (text.length > charsMax && from > 0 ? `…${text.slice(from)}` : text);
  return [part(a), part(b)];
}

function shrinkingLines({ from, to, minimal, interrupted }: NonNullable<Failure['shrunk']>): readonly string[] {
  const sure = minimal ? '1-minimal' : `${interrupted === true ? 'interrupted' : 'time was up'}: maybe not minimal`;
  return [`from ${sizeText(from)}`, `to ${sizeText(to)} (${sure})`];
}

function eventLines(events: readonly Cause[], colors: Colors): readonly string[] {
  const rows = events.map(({ number, record }) => [
    `${number}`,
    `${record.atMs} ms`,
    printable(record.task),
    record.kind,
    printable(fieldsText(record)),
  ]);
  return columns(rows, [0, 1]).map((line) => colors.dim(cut(`    ${line}`, COLUMNS_MAX)));
}

/** A command stands on one line, whole; at the margin if need be. */
function commandLines(name: string, command: string, colors: Colors): readonly string[] {
  const fits = LABEL_CHARS + command.length <= COLUMNS_MAX;
  return fits ? [`${label(name)}${colors.cyan(command)}`] : [`  ${name}`, colors.cyan(command)];
}

function labelled(name: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, i) => cut(`${label(i === 0 ? name : '')}${line}`, COLUMNS_MAX));
}

function label(name: string): string {
  return `  ${name}`.padEnd(LABEL_CHARS);
}
