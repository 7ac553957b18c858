/** The figures of a benchmark, and how they are printed. */
import { columns } from '../sim/report/text/table.ts';

/** One measured figure. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** By peer: how many times as fast this project is (for memory: as small). */
  readonly against: Readonly<Record<string, number>>;
  /** The target: for the value, and for the ratio to each peer. */
  readonly target?: {
    readonly atLeast?: number;
    readonly atMost?: number;
    readonly against?: Readonly<Record<string, number>>;
  };
}

/** The figures as `--json` prints them. */
export function figuresJson(figures: readonly Figure[]): string {
  return JSON.stringify(figures.map(({ name, value, unit, against }) => ({ name, value, unit, against })));
}

/** The figures as a table: one line per figure and one per peer, each with its target and whether that is met. */
export function figuresTable(figures: readonly Figure[]): string {
  const rows = figures.flatMap(({ name, value, unit, against, target }) => [
    [name, numberText(value), unit, ...targetCells(value, target?.atLeast, target?.atMost)],
    ...Object.entries(against).map(([peer, times]) => [
      `  against ${peer}`,
      numberText(times),
      '×',
      ...targetCells(times, target?.against?.[peer], undefined),
    ]),
  ]);
  return columns([['', 'measured', '', 'target', ''], ...rows], [1]).join('\n');
}

function targetCells(value: number, atLeast: number | undefined, atMost: number | undefined): string[] {
  if (atLeast !== undefined) return [`≥ ${numberText(atLeast)}`, value >= atLeast ? 'met' : 'missed'];
  if (atMost !== undefined) return [`≤ ${numberText(atMost)}`, value <= atMost ? 'met' : 'missed'];
  return ['', ''];
}

/** Written the same wherever it is printed. */
function numberText(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value >= 100 ? 0 : 2 });
}
