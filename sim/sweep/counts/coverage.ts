/** What a sweep says of the floors that the world declares for runs like its own. */
import { decideFloor, type FloorState, runsToDecide } from '../../statistics/floor.ts';
import type { World } from '../../world.ts';
import type { Source } from '../source.ts';
import type { Tally } from './tally.ts';

/** A mark that a share of the runs is to reach. */
export interface CoverageFloor {
  readonly mark: string;
  /** The share that is wanted. */
  readonly atLeast: number;
  readonly state: FloorState;
  /** How many runs reached it, of how many. */
  readonly hits: number;
  readonly runs: number;
  /** The interval that decided it. */
  readonly low: number;
  readonly high: number;
  /** Where it is undecided: how many more runs would decide it if all goes on as it went. */
  readonly moreRuns?: number;
}

export function coverageOf(
  { floors }: Pick<World, 'floors'>,
  { profile, semantics }: Pick<Source, 'profile' | 'semantics'>,
  { runs: all, troubles, markRuns }: Pick<Tally, 'runs' | 'troubles' | 'markRuns'>,
): readonly CoverageFloor[] {
  let runs = all;
  for (const seeds of troubles.values()) runs -= seeds;
  return Object.entries(floors?.(profile, semantics) ?? {}).map(([mark, atLeast]) => {
    const hits = markRuns.get(mark) ?? 0;
    const decision = decideFloor(atLeast, hits, runs);
    return {
      mark,
      atLeast,
      ...decision,
      hits,
      runs,
      ...(decision.state === 'undecided' ? { moreRuns: runsToDecide(atLeast, hits, runs) } : {}),
    };
  });
}
