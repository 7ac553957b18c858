/** Actions of every kind about few chains, daemons and blobs, so that they meet each other's windows and gates. */
import fc from 'fast-check';
import type { DaemonRef, MeshOsAction } from '../src/action/action.ts';
import type { ExecutorConfig } from '../src/executor/ports.ts';

const chain = fc.constantFrom(1n, 2n);
const small = fc.constantFrom(1n, 2n, 3n);

/** Two are the same only if both fields are. */
export const daemon: fc.Arbitrary<DaemonRef> = fc.record(
  { id: fc.constantFrom(1n, 2n), name: fc.constantFrom('a', 'b') },
  { noNullPrototype: true },
);

function ofKind<K extends MeshOsAction['kind'], Fields extends object>(kind: K, fields: fc.Arbitrary<Fields>) {
  return fields.map((made) => ({ kind, ...made }));
}

/** Actions that admission treats alike are one kind here, and those without a rule are another. */
export const replicaAction: fc.Arbitrary<MeshOsAction> = fc.oneof(
  ofKind('pull_replica', fc.record({ chain, source: small })),
  ofKind('drop_replica', fc.record({ chain })),
);
export const migration: fc.Arbitrary<MeshOsAction> = ofKind(
  'migrate_blob',
  fc.record({ blob: small, from: small, to: small }),
);
export const daemonAction: fc.Arbitrary<MeshOsAction> = fc.oneof(
  ofKind('start_daemon', fc.record({ daemon })),
  ofKind('stop_daemon', fc.record({ daemon, reason: fc.constant('moved'), deadlineMs: fc.nat() })),
  ofKind('apply_backoff', fc.record({ daemon, untilMs: fc.nat() })),
);
export const freeAction: fc.Arbitrary<MeshOsAction> = fc.oneof(
  ofKind('reduce_heat', fc.record({ blob: small, by: fc.nat() })),
  ofKind('mark_avoid', fc.record({ peer: small, reason: fc.constant('slow'), ttlMs: fc.nat() })),
  ofKind('request_eviction', fc.record({ chain, victim: small })),
  ofKind('request_placement', fc.record({ chain, exclude: fc.constant([1n]), target: fc.constantFrom(null, 2n) })),
  ofKind(
    'commit_maintenance_transition',
    fc.record({ node: small, target: fc.constant({ kind: 'maintenance' } as const) }),
  ),
);

export const action: fc.Arbitrary<MeshOsAction> = fc.oneof(
  { arbitrary: replicaAction, weight: 2 },
  migration,
  daemonAction,
  freeAction,
);

/** Limits small enough that each is reached, with marks that do not flap. */
export const executorConfig: fc.Arbitrary<ExecutorConfig> = fc
  .record({
    pullCooldownMs: fc.constantFrom(0, 1, 7, 250),
    drainRatePerSec: fc.constantFrom(0, 1, 2, 3),
    stabilizationMs: fc.constantFrom(0, 1, 20, 400),
    backpressureOff: fc.nat({ max: 4 }),
    marksApart: fc.integer({ min: 1, max: 3 }),
    maxDefers: fc.constantFrom(0, 1, 2, 5, 16),
  })
  .map(({ marksApart, ...config }) => ({ ...config, backpressureOn: config.backpressureOff + marksApart }));

/** Milliseconds between two things that happen: often none, often as long as it takes for something to fall due. */
export const pauseMs = fc.oneof(
  fc.constant(0),
  fc.constantFrom(1, 6, 7, 13, 20, 100, 250, 400, 900, 1000),
  fc.nat({ max: 1200 }),
);
