/** Draws what goes wrong in a run: which kinds are on and how hard, then the faults of each. */
import { drawSwarm } from '../../../sim/faults/swarm.ts';
import type { Stream } from '../../../sim/kernel/choices/streams.ts';
import type { Keyed, Profile } from '../../../sim/world.ts';
import type { MeshFault, MeshFaultKind } from '../../scenario/scenario.ts';
import { deaths, failures, replacements, slowAnswers } from './backends.ts';
import { appendErrors, damages, otherVersions, slowSyncs } from './chains.ts';
import { dispatchErrors, dispatchPanics, dispatchRetries, dispatchSlow, hookThrows } from './dispatch.ts';
import type { DispatchFault, FaultDraft, FaultMotif, Ground } from './draft.ts';
import { delays, duplicates, losses, partitions, reorders } from './links.ts';
import { bursts, clockJumps, crashes, pauses, queueCloses, tornTails } from './nodes.ts';

/** Every kind of fault, in the order in which they are drawn: bursts first, for dispatch faults are aimed at their actions. */
const KINDS = [
  'queue-burst',
  'dispatch-error',
  'dispatch-retry',
  'dispatch-panic',
  'dispatch-slow',
  'hook-throw',
  'append-error',
  'sync-slow',
  'wire-version',
  'wire-damage',
  'link-loss',
  'link-duplicate',
  'link-reorder',
  'link-delay',
  'partition',
  'node-crash',
  'log-torn-tail',
  'node-pause',
  'clock-jump',
  'queue-close',
  'backend-dead',
  'backend-slow',
  'backend-fail',
  'backend-replace',
] as const satisfies readonly MeshFaultKind[];

/** A kind that is missing in the list above cannot be looked up here, which the compiler sees. */
const FAULT_MOTIFS: { readonly [K in (typeof KINDS)[number]]: FaultMotif } = {
  'queue-burst': bursts,
  'dispatch-error': dispatchErrors,
  'dispatch-retry': dispatchRetries,
  'dispatch-panic': dispatchPanics,
  'dispatch-slow': dispatchSlow,
  'hook-throw': hookThrows,
  'append-error': appendErrors,
  'sync-slow': slowSyncs,
  'wire-version': otherVersions,
  'wire-damage': damages,
  'link-loss': losses,
  'link-duplicate': duplicates,
  'link-reorder': reorders,
  'link-delay': delays,
  partition: partitions,
  'node-crash': crashes,
  'log-torn-tail': tornTails,
  'node-pause': pauses,
  'clock-jump': clockJumps,
  'queue-close': queueCloses,
  'backend-dead': deaths,
  'backend-slow': slowAnswers,
  'backend-fail': failures,
  'backend-replace': replacements,
};

const EXTENT = { calm: 'none', swarm: 'some', storm: 'all' } as const;

export function drawFaults(
  streamOf: (name: string) => Stream,
  profile: Profile,
  ground: Ground,
): (Keyed & MeshFault)[] {
  const drafts: FaultDraft[] = [];
  for (const { kind, hardness, stream } of drawSwarm<MeshFaultKind>(streamOf, KINDS, EXTENT[profile])) {
    for (const draft of FAULT_MOTIFS[kind](stream, hardness, ground)) drafts.push(draft);
  }
  return inOrder(drafts);
}

/** In order of time, numbered in that order, and those aimed at bursts given the keys of their targets. */
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
