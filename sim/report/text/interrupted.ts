/** What is said of a search that was interrupted, in the place of that its time ran out. */
import { type AnyShrunk, partsText } from '../../shrink/named.ts';

export const INTERRUPTED = 'Interrupted before it was sure that nothing more can go.';

/** The same, whose scenario says so, too. */
export function asInterrupted(shrunk: AnyShrunk): AnyShrunk {
  const { scenario } = shrunk;
  if (scenario.why === undefined) return shrunk;
  return { ...shrunk, scenario: { ...scenario, why: scenario.why.replace(partsText(shrunk).join(' '), INTERRUPTED) } };
}
