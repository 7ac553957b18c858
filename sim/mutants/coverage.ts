/** Tells whether a place in a file has run, from V8's precise coverage since it was last read. */
import type { Profiler } from 'node:inspector/promises';

/** The innermost block around the place decides. Code outside of functions runs when its module is loaded. */
export function reachedOffset(scripts: readonly Profiler.ScriptCoverage[], url: string, offset: number): boolean {
  const script = scripts.find((candidate) => candidate.url === url);
  if (script === undefined) return false;
  let innermost = { startOffset: 0, endOffset: Number.POSITIVE_INFINITY, count: 1 };
  for (const { ranges } of script.functions) {
    for (const range of ranges) {
      if (offset < range.startOffset || offset >= range.endOffset) continue;
      if (range.endOffset - range.startOffset <= innermost.endOffset - innermost.startOffset) innermost = range;
    }
  }
  return innermost.count > 0;
}
