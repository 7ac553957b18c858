/** What is said of an interrupted search, where otherwise its time had run out. */
import { type AnyShrunk, partsText } from '../../shrink/named.ts';

export const INTERRUPTED = 'Interrupted before it was certain that nothing more can be removed.';

/** The same shrunk scenario; the text in it says so too. */
export function asInterrupted(shrunk: AnyShrunk): AnyShrunk {
  const { scenario } = shrunk;
  if (scenario.why === undefined) return shrunk;
  return { ...shrunk, scenario: { ...scenario, why: scenario.why.replace(partsText(shrunk).join(' '), INTERRUPTED) } };
}
