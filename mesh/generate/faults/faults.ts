/** Draws what goes wrong in a run: first which kinds are on and how hard they strike, then the faults of each kind. */
import { HARDWARE_KINDS, type HardwareFault } from '../../../sim/faults/hardware.ts';
import { drawSwarm } from '../../../sim/faults/swarm.ts';
import type { Stream } from '../../../sim/kernel/choices/streams.ts';
import type { Keyed, Profile } from '../../../sim/world.ts';
import { FAULT_KINDS } from '../../scenario/fault-kinds.ts';
import type { MeshFault, MeshFaultKind } from '../../scenario/scenario.ts';
import { deaths, failures, replacements, slowAnswers } from './backends.ts';
import { appendErrors, damages, otherVersions } from './chains.ts';
import { dispatchErrors, dispatchPanics, dispatchRetries, dispatchSlow, hookThrows } from './dispatch.ts';
import {
  type DispatchFault,
  type FaultDraft,
  type FaultMotif,
  hardwareContext,
  type MeshFaultContext,
} from './draft.ts';
import { bursts, crashes, pauses, queueCloses, tornTails } from './nodes.ts';

type HardwareKind = HardwareFault['kind'];
type OwnKind = Exclude<MeshFaultKind, HardwareKind>;

/** The kinds that only MeshOS has, and hardware kinds for which there are better moments here than any random one. */
const MOTIFS: Readonly<Record<OwnKind, FaultMotif>> & Partial<Record<HardwareKind, FaultMotif>> = {
  'queue-burst': bursts,
  'dispatch-error': dispatchErrors,
  'dispatch-retry': dispatchRetries,
  'dispatch-panic': dispatchPanics,
  'dispatch-slow': dispatchSlow,
  'hook-throw': hookThrows,
  'append-error': appendErrors,
  'wire-version': otherVersions,
  'wire-damage': damages,
  'node-crash': crashes,
  'log-torn-tail': tornTails,
  'node-pause': pauses,
  'queue-close': queueCloses,
  'backend-dead': deaths,
  'backend-slow': slowAnswers,
  'backend-fail': failures,
  'backend-replace': replacements,
};

function motifOf(kind: MeshFaultKind): FaultMotif {
  const motif = MOTIFS[kind];
  if (motif !== undefined) return motif;
  const hardware = HARDWARE_KINDS.find((candidate) => candidate.kind === kind);
  if (hardware === undefined) throw new RangeError(`nobody draws faults of the kind ${kind}`);
  return (stream, hardness, context) => hardware.draw(stream, hardness, hardwareContext(context));
}

const EXTENT = { calm: 'none', swarm: 'some', storm: 'all' } as const;

export function drawFaults(
  streamOf: (name: string) => Stream,
  profile: Profile,
  context: MeshFaultContext,
): (Keyed & MeshFault)[] {
  const drafts: FaultDraft[] = [];
  for (const { kind, hardness, stream } of drawSwarm<MeshFaultKind>(streamOf, FAULT_KINDS, EXTENT[profile])) {
    for (const draft of motifOf(kind)(stream, hardness, context)) drafts.push(draft);
  }
  return inOrder(drafts);
}

/** In order of time and numbered in that order. Faults aimed at bursts get the keys of their targets. */
function inOrder(drafts: FaultDraft[]): (Keyed & MeshFault)[] {
  drafts.sort((a, b) => a.at - b.at);
  const burstKeys = new Map<FaultDraft, string>();
  for (const [index, draft] of drafts.entries()) {
    if (draft.fault.kind === 'queue-burst') burstKeys.set(draft, `f${index + 1}`);
  }
  return drafts.map((draft, index) => {
    const fault = draft.burst === undefined ? draft.fault : aim(draft.fault, draft.burst, burstKeys);
    return { key: `f${index + 1}`, at: draft.at, ...fault };
  });
}

function aim(
  fault: MeshFault,
  burst: NonNullable<FaultDraft['burst']>,
  burstKeys: ReadonlyMap<FaultDraft, string>,
): MeshFault {
  if (!isDispatchFault(fault) || !('op' in fault.target)) return fault;
  return { ...fault, target: { ...fault.target, op: `${burstKeys.get(burst.of)}/${burst.index}` } };
}

function isDispatchFault(fault: MeshFault): fault is DispatchFault {
  return 'target' in fault;
}
