/** Text in columns. */

/** Rows as lines, each column as wide as its widest cell; columns named in `right`, being numbers, stand to the right. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  const padded = (cell: string, i: number): string =>
    right.includes(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0);
  return rows.map((row) => row.map(padded).join('  ').trimEnd());
}
