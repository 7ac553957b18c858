/** What a sweep says that has seen nothing, for tests to change what they are about. */
import type { SweepResult } from './sweep.ts';

const NOTHING_NEW = { distinct: 0, once: 0, rate: { estimate: 1, low: 0, high: 1 } };

export const NOTHING_SEEN: Pick<SweepResult, 'markRuns' | 'violation' | 'behaviours' | 'floors'> = {
  markRuns: {},
  violation: { runs: 0, failed: 0, estimate: 0, low: 0, high: 1 },
  behaviours: { runs: 0, fingerprints: NOTHING_NEW, pairs: NOTHING_NEW },
  floors: [],
};
