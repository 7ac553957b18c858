/** Wraps lines to a width. Widths are counted in UTF-16 units, which is exact for nearly everything that is printed. */

/** At most `linesMax` lines, broken at spaces where there are some. What does not fit is cut off visibly. */
export function wrapped(text: string, width: number, linesMax: number): readonly string[] {
  const lines: string[] = [];
  let rest = text.trim();
  while (rest.length > width && lines.length < linesMax - 1) {
    const space = rest.lastIndexOf(' ', width);
    const at = space > width / 2 ? space : width;
    lines.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return [...lines, cut(rest, width)];
}

export function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
