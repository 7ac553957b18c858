/**
 * The invariants of the mesh, each with its component, which is the folder of its file. `no-crash` and `no-livelock` are
 * not listed: the run itself reports those.
 */
import type { Invariant } from '../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../events.ts';
import type { MeshView } from '../view.ts';
import { broadcastEnd } from './broadcast/broadcast-end.ts';
import { broadcastModel } from './broadcast/broadcast-model.ts';
import { broadcastPartition } from './broadcast/broadcast-partition.ts';
import { appendNonfatal } from './chain/append-nonfatal.ts';
import { decodeAllocation } from './chain/decode-allocation.ts';
import { decodeReason } from './chain/decode-reason.ts';
import { foldReplay } from './chain/fold-replay.ts';
import { logForm } from './chain/log-form.ts';
import { logRecovery } from './chain/log-recovery.ts';
import { reRequest } from './chain/re-request.ts';
import { recordContent } from './chain/record-content.ts';
import { recoveredTail } from './chain/recovered-tail.ts';
import { replicaConvergence } from './chain/replica-convergence.ts';
import { replication } from './chain/replication.ts';
import { ringEquivalence } from './chain/ring-equivalence.ts';
import { syncInterval } from './chain/sync-interval.ts';
import { wireDamage } from './chain/wire-damage.ts';
import { wireRoundTrip } from './chain/wire-round-trip.ts';
import { wireVersion } from './chain/wire-version.ts';
import { actionConservation } from './executor/action-conservation.ts';
import { actionOrder } from './executor/action-order.ts';
import { backpressureEdges } from './executor/backpressure-edges.ts';
import { cadence } from './executor/cadence.ts';
import { daemonGate } from './executor/daemon-gate.ts';
import { deferBudget } from './executor/defer-budget.ts';
import { drainRate } from './executor/drain-rate.ts';
import { effectOrder } from './executor/effect-order.ts';
import { failureSeq } from './executor/failure-seq.ts';
import { promptInbox } from './executor/prompt-inbox.ts';
import { pullCooldown } from './executor/pull-cooldown.ts';
import { stabilization } from './executor/stabilization.ts';
import { statsLedger } from './executor/stats-ledger.ts';
import { wakeUp } from './executor/wake-up.ts';
import { handOver } from './node/hand-over.ts';
import { settle } from './node/settle.ts';
import { dropCount } from './ring/drop-count.ts';
import { ringFifo } from './ring/ring-fifo.ts';

type MeshInvariant = Invariant<MeshEvent, MeshView>;

/** Checked in this order. */
const BY_COMPONENT: readonly (readonly [component: string, invariant: MeshInvariant])[] = [
  ['ring', ringFifo],
  ['ring', dropCount],
  ['chain', wireRoundTrip],
  ['chain', wireVersion],
  ['chain', wireDamage],
  ['chain', decodeReason],
  ['chain', decodeAllocation],
  ['chain', recordContent],
  ['chain', ringEquivalence],
  ['chain', foldReplay],
  ['chain', replicaConvergence],
  ['chain', reRequest],
  ['chain', replication],
  ['chain', recoveredTail],
  ['chain', syncInterval],
  ['chain', logForm],
  ['chain', logRecovery],
  ['executor', actionConservation],
  ['executor', actionOrder],
  ['node', handOver],
  ['executor', promptInbox],
  ['executor', cadence],
  ['executor', statsLedger],
  ['executor', failureSeq],
  ['chain', appendNonfatal],
  ['executor', pullCooldown],
  ['executor', drainRate],
  ['executor', stabilization],
  ['executor', daemonGate],
  ['executor', deferBudget],
  ['executor', backpressureEdges],
  ['executor', effectOrder],
  ['executor', wakeUp],
  ['broadcast', broadcastPartition],
  ['broadcast', broadcastModel],
  ['broadcast', broadcastEnd],
  ['node', settle],
];

export const MESH_INVARIANTS: readonly MeshInvariant[] = BY_COMPONENT.map(([, invariant]) => invariant);

/** The file of an invariant, from the project's root. */
export function codeOfInvariant(id: string): string {
  const [component] = BY_COMPONENT.find(([, invariant]) => invariant.id === id) ?? ['.'];
  return `mesh/invariants/${component}/${id}.ts`;
}
