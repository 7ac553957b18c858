/** What a sweep is worth, as lines for a terminal: each name once, and beside it what there is to say. */
import { printable } from '../../scenario/file/mistake.ts';
import type { SweepResult } from '../../sweep/result.ts';
import { worthLines } from '../model/worth.ts';
import type { Colors } from '../text/colors.ts';
import { wrapped } from '../text/wrap.ts';

export function worthTable(sweep: SweepResult, columnsMax: number, colors: Colors): readonly string[] {
  const lines = worthLines(sweep);
  const width = Math.max(...lines.map(({ name }) => name.length)) + 2;
  return lines.flatMap(({ name, text, lacking }, at) => {
    const [first = '', ...rest] = wrapped(printable(text), columnsMax - width, Number.POSITIVE_INFINITY);
    const told = lacking === true ? colors.yellow : (line: string): string => line;
    const label = name === lines[at - 1]?.name ? '' : name;
    return [`${label.padEnd(width)}${told(first)}`, ...rest.map((line) => `${' '.repeat(width)}${told(line)}`)];
  });
}
