/** Checks what a sweep is asked for, before a worker is started. */
import { PROFILES, type World } from '../world.ts';
import type { Wanted } from './counts/goals.ts';
import type { Source } from './source.ts';

/** More seeds than exist. */
export const ALL_SEEDS = 1n << 64n;

/** The options of a sweep that can be wrong. */
interface Demanded {
  readonly source: Source;
  readonly world: Pick<World, 'semantics'>;
  readonly from: bigint;
  readonly runs?: number | undefined;
  readonly timeMs?: number | undefined;
  readonly jobs?: number | undefined;
  readonly maxFailures?: number | undefined;
  readonly until?: Wanted | undefined;
  readonly runWallMs?: number | undefined;
}

/** Throws a `RangeError` that names an option with an impossible value. */
export function demandPossible({
  source,
  world,
  from,
  runs,
  timeMs,
  jobs,
  maxFailures,
  until,
  runWallMs,
}: Demanded): void {
  const demand = (option: string, found: unknown, expected: string, met: boolean): void => {
    if (!met) throw new RangeError(`${option}: expected ${expected}; found ${String(found)}`);
  };
  const demandCount = (option: string, found: number | undefined): void =>
    demand(
      option,
      found,
      `a whole number from 1 to ${Number.MAX_SAFE_INTEGER}`,
      found === undefined || (Number.isSafeInteger(found) && found >= 1),
    );
  const { profile, semantics } = source;
  demand('source.profile', profile, `one of ${PROFILES.join(', ')}`, PROFILES.includes(profile));
  demand('source.semantics', semantics, `one of ${world.semantics.join(', ')}`, world.semantics.includes(semantics));
  demand(
    'from',
    from,
    'a bigint from 0n to 2n ** 64n - 1n',
    typeof from === 'bigint' && from >= 0n && from < ALL_SEEDS,
  );
  demandCount('runs', runs);
  const seeds = ALL_SEEDS - from;
  demand('runs', runs, `at most ${seeds}, as there are seeds from ${from} on`, BigInt(runs ?? 1) <= seeds);
  demandCount('jobs', jobs);
  demandCount('maxFailures', maxFailures);
  const isTimer = timeMs === undefined || (timeMs > 0 && timeMs <= 2 ** 31 - 1);
  demand('timeMs', timeMs, 'milliseconds above 0, below 2^31', isTimer);
  demand('runWallMs', runWallMs, 'milliseconds above 0', runWallMs === undefined || runWallMs > 0);
  const { stableBelow } = until ?? {};
  const isShare = stableBelow === undefined || (stableBelow > 0 && stableBelow < 1);
  demand('until.stableBelow', stableBelow, 'a share between 0 and 1', isShare);
}
