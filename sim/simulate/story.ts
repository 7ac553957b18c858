/**
 * The story of a failure, on one screen, below the message of what failed: what it needs (operations, faults, choices), what
 * led to it, and the line that shows it again.
 */
import type { Violation } from '../invariant/invariant.ts';
import type { TraceRecord } from '../kernel/trace/trace.ts';
import { printable } from '../scenario/file/mistake.ts';
import type { AnyScenario } from '../scenario/file/read.ts';
import type { ScenarioSize } from '../shrink/size.ts';
import { sizeText } from '../shrink/size.ts';
import type { FaultBase, KeyedFault } from '../world.ts';

const ITEMS_MAX = 12;
const EVENTS_MAX = 12;
const COLUMNS_MAX = 110;
/** Told with the items, or of no use to anybody. */
const UNTOLD: readonly string[] = ['step', 'settled'];

export interface Told {
  readonly scenario: AnyScenario;
  readonly violation: Violation;
  readonly trace: readonly TraceRecord[];
  /** Absent if it was not shrunk. */
  readonly shrunk?: { readonly from: ScenarioSize; readonly to: ScenarioSize; readonly minimal: boolean };
  /** Which run of how many it was, or which file. */
  readonly found: string;
  /** Lines below: how to see it again. */
  readonly commands: readonly (readonly [name: string, text: string])[];
}

export function storyLines({ scenario, violation, trace, shrunk, found, commands }: Told): readonly string[] {
  const { workload, faults, choices = {}, seeded } = scenario;
  const operations = workload.map(({ key, at, kind, ...values }) => `${at} ms  ${key}  ${callText(kind, values)}`);
  const needs = [
    ...operations,
    ...faults.map(faultText),
    ...Object.entries(choices).map(([name, value]) => `choice  ${name} = ${value}`),
  ];
  const bySeed = seeded === undefined ? [`all choices by the seed ${scenario.seed}`] : [];
  return [
    `simulated: ${found}`,
    ...(shrunk === undefined
      ? []
      : [`shrunk from ${sizeText(shrunk.from)} to ${sizeText(shrunk.to)}${sureText(shrunk.minimal)}`]),
    ...section('it needs', capped([...needs, ...bySeed])),
    ...section('what led to it', eventLines(trace, violation)),
    ...commands.map(([name, text]) => `${name.padEnd(7)} ${text}`),
  ].map((line) => cut(line, commands));
}

function cut(line: string, commands: Told['commands']): string {
  const isCommand = commands.some(([, text]) => line.endsWith(text));
  return line.length > COLUMNS_MAX && !isCommand ? `${line.slice(0, COLUMNS_MAX - 1)}…` : line;
}

function sureText(minimal: boolean): string {
  return minimal ? '' : ' (time was up: maybe not the smallest)';
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

function capped(lines: readonly string[]): readonly string[] {
  if (lines.length <= ITEMS_MAX) return lines;
  return [...lines.slice(0, ITEMS_MAX), `and ${lines.length - ITEMS_MAX} more`];
}

function callText(kind: string, values: object): string {
  const entries = Object.entries(values).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return printable(entries.length === 0 ? kind : `${kind} { ${entries.join(', ')} }`);
}

function faultText({ key: _key, at, kind, ...values }: KeyedFault & FaultBase): string {
  const when = typeof at === 'number' ? `${at} ms` : `step ${at.nth} of ${Object.values(at.where ?? {}).join(', ')}`;
  return `${when}  ${callText(kind, values)}`;
}

function eventLines(trace: readonly TraceRecord[], { event }: Violation): readonly string[] {
  const until = trace.slice(0, Math.max(event, 1)).filter(({ kind }) => !UNTOLD.includes(kind));
  const shown = until.slice(-EVENTS_MAX);
  const width = Math.max(0, ...shown.map(({ atMs }) => String(atMs).length));
  const lines = shown.map(({ atMs, kind, fields }) => {
    const { op, node, ...rest } = fields;
    const who = op ?? node ?? '';
    const more = Object.values(rest).map(String).join(' ');
    return printable(
      `${String(atMs).padStart(width)} ms  ${[who, kind === 'log' ? '' : kind, more].filter((text) => text !== '').join(' ')}`,
    );
  });
  return until.length > shown.length ? [`${until.length - shown.length} events before`, ...lines] : lines;
}
