/** The result of an empty sweep, for tests to change what they are about. */
import type { SweepResult } from './result.ts';

const NOTHING_NEW = { distinct: 0, once: 0, rate: { estimate: 1, low: 0, high: 1 } };

export const NOTHING_SEEN: SweepResult = {
  source: { world: { module: 'm', name: 'n' }, profile: 'swarm', semantics: 'strict' },
  from: 1n,
  end: 'complete',
  runs: 10,
  cutShort: 0,
  failed: 0,
  failures: [],
  troubles: new Map(),
  problems: [],
  truncated: false,
  digest: '',
  events: 0,
  operations: 0,
  virtualMs: 0,
  seconds: 1,
  marks: {},
  unmetMarks: [],
  faults: {},
  markRuns: {},
  violation: { runs: 0, failed: 0, estimate: 0, low: 0, high: 1 },
  behaviours: { runs: 0, fingerprints: NOTHING_NEW, pairs: NOTHING_NEW },
  floors: [],
};
