/**
 * Swarm generation (Groce et al., "Swarm Testing", ISSTA 2012). A run that does a little of everything seldom gets
 * anywhere, because one kind of fault hides what another would have shown. So each run first draws which kinds are on, and
 * how hard each strikes. Over many runs every combination comes up.
 *
 * Each kind draws from a stream of its own, so that adding or editing a kind leaves what others do in a seed as it was.
 */
import type { Stream } from '../kernel/choices/streams.ts';

/** How hard a kind strikes: 1 lightly, 2, 3 hard. */
export type Hardness = 1 | 2 | 3;

/** A kind that is on in this run, and the stream that its faults are drawn from. */
export interface SwarmMember<Kind extends string> {
  readonly kind: Kind;
  readonly hardness: Hardness;
  readonly stream: Stream;
}

/** Generated faults last no longer than this, except in one run out of `LONG_RUN_ONE_IN`. */
export const WINDOW_MAX_MS = 2000;
/** The bound in a long run. */
export const LONG_WINDOW_MAX_MS = 60_000;
export const LONG_RUN_ONE_IN = 50;

/** How many of a hundred kinds are on. Drawn once a run, so that there are quiet runs and wild ones. */
const SHARES: readonly number[] = [8, 20, 35, 35, 50, 50, 70, 90];
const HARDNESS: readonly Hardness[] = [1, 1, 2, 2, 3];

/** The kinds that are on: 'none', 'some' (drawn), or 'all', each as hard as can be. */
export function drawSwarm<Kind extends string>(
  streamOf: (name: string) => Stream,
  kinds: readonly Kind[],
  extent: 'none' | 'some' | 'all',
): SwarmMember<Kind>[] {
  const members: SwarmMember<Kind>[] = [];
  if (extent === 'none') return members;
  const share = extent === 'all' ? 100 : streamOf('swarm').pick(SHARES);
  for (const kind of kinds) {
    const stream = streamOf(`fault/${kind}`);
    if (extent === 'all') members.push({ kind, hardness: 3, stream });
    else if (stream.int(1, 100) <= share) members.push({ kind, hardness: stream.pick(HARDNESS), stream });
  }
  return members;
}

/** The longest that a fault of this run may last. */
export function drawWindowMaxMs(stream: Stream): number {
  return stream.int(1, LONG_RUN_ONE_IN) === 1 ? LONG_WINDOW_MAX_MS : WINDOW_MAX_MS;
}

/**
 * A length from 1 to `maxMs`. Each order of magnitude is about as likely as the next, because what goes wrong for 3 ms and
 * what goes wrong for a second break different things.
 */
export function drawLengthMs(stream: Stream, maxMs: number): number {
  const steps: readonly number[] = [20, 200, 800, maxMs];
  const top = Math.min(maxMs, stream.pick(steps));
  return stream.int(1, Math.max(1, top));
}

/** How many faults of a kind, by its hardness: about 1, 3 or 6 times `scale`. */
export function drawCount(stream: Stream, hardness: Hardness, scale: 1 | 2 = 1): number {
  if (hardness === 1) return stream.int(1, scale);
  if (hardness === 2) return stream.int(2, 1 + 2 * scale);
  return stream.int(2 + scale, 3 + 3 * scale);
}

/** How many of a hundred are struck, by hardness; sometimes all. */
export function drawPercent(stream: Stream, hardness: Hardness): number {
  if (stream.int(1, 4) === 1) return 100;
  return hardness === 1 ? stream.int(1, 20) : hardness === 2 ? stream.int(10, 60) : stream.int(40, 100);
}
