/**
 * Delta debugging: finds a smallest part of a list that still shows what the whole showed. It is Zeller's ddmin, with a
 * last pass that makes the result 1-minimal: nothing more can be taken out alone.
 */

/** Asks whether a part of the list still shows it. Null when there is no time to ask. */
export type StillShows<T> = (part: readonly T[]) => Promise<boolean | null>;

/** A part of `all` that still shows it. It is 1-minimal unless time ran out. Order is kept. */
export async function minimize<T>(all: readonly T[], stillShows: StillShows<T>): Promise<readonly T[]> {
  if (all.length === 0 || (await stillShows([])) === true) return [];
  let kept = all;
  let size = Math.ceil(kept.length / 2);
  while (size >= 1) {
    const before = kept.length;
    for (let start = 0; start < kept.length; ) {
      const part = [...kept.slice(0, start), ...kept.slice(start + size)];
      const shows = part.length === 0 ? false : await stillShows(part);
      if (shows === null) return kept;
      if (shows) kept = part;
      else start += size;
    }
    if (size === 1 && kept.length === before) break;
    size = size === 1 ? 1 : Math.min(Math.ceil(size / 2), kept.length);
  }
  return kept;
}
