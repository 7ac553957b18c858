/**
 * The judges of the mesh, in the order of design.md's table, to which `re-request`, `sync-interval`, `hand-over`,
 * `effect-order` and `wake-up` are added. `no-crash` and `no-livelock` are not among them: the driver of a run raises those.
 */
import type { Invariant } from '../../invariant/invariant.ts';
import type { MeshEvent } from '../events.ts';
import type { MeshView } from '../view.ts';
import { actionConservation } from './action-conservation.ts';
import { actionOrder } from './action-order.ts';
import { appendNonfatal } from './append-nonfatal.ts';
import { backpressureEdges } from './backpressure-edges.ts';
import { broadcastModel } from './broadcast-model.ts';
import { broadcastPartition } from './broadcast-partition.ts';
import { daemonGate } from './daemon-gate.ts';
import { deferBudget } from './defer-budget.ts';
import { drainRate } from './drain-rate.ts';
import { dropCount } from './drop-count.ts';
import { effectOrder } from './effect-order.ts';
import { failureSeq } from './failure-seq.ts';
import { foldReplay } from './fold-replay.ts';
import { handOver } from './hand-over.ts';
import { pullCooldown } from './pull-cooldown.ts';
import { reRequest } from './re-request.ts';
import { recordContent } from './record-content.ts';
import { replicaConvergence } from './replica-convergence.ts';
import { ringEquivalence } from './ring-equivalence.ts';
import { ringFifo } from './ring-fifo.ts';
import { settle } from './settle.ts';
import { stabilization } from './stabilization.ts';
import { statsLedger } from './stats-ledger.ts';
import { syncInterval } from './sync-interval.ts';
import { wakeUp } from './wake-up.ts';
import { wireDamage } from './wire-damage.ts';
import { wireRoundTrip } from './wire-round-trip.ts';
import { wireVersion } from './wire-version.ts';

export const MESH_INVARIANTS: readonly Invariant<MeshEvent, MeshView>[] = [
  ringFifo,
  dropCount,
  wireRoundTrip,
  wireVersion,
  wireDamage,
  recordContent,
  ringEquivalence,
  foldReplay,
  replicaConvergence,
  reRequest,
  syncInterval,
  actionConservation,
  actionOrder,
  handOver,
  statsLedger,
  failureSeq,
  appendNonfatal,
  pullCooldown,
  drainRate,
  stabilization,
  daemonGate,
  deferBudget,
  backpressureEdges,
  effectOrder,
  wakeUp,
  broadcastPartition,
  broadcastModel,
  settle,
];
