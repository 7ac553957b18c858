/** Text in columns. */

/** Rows under their head, as two tables side by side where one table would take too many lines. */
export function sideBySide(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): readonly string[] {
  const half = Math.ceil(rows.length / 2);
  const both = [head, ...rows.slice(0, half)].map((row, i) => {
    const beside = i === 0 ? head : rows[half + i - 1];
    return beside === undefined ? row : [...row, '', ...beside];
  });
  return columns(both, [...right, ...right.map((column) => head.length + 1 + column)]);
}

/**
 * Rows as lines. Each column is as wide as its widest cell; columns listed in `right` hold numbers and are aligned to the
 * right.
 */
export function columns(rows: readonly (readonly string[])[], right: readonly number[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  const padded = (cell: string, i: number): string =>
    right.includes(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0);
  return rows.map((row) => row.map(padded).join('  ').trimEnd());
}
