/** Faults of a run before they have keys, and what they are drawn from. */

import { drawDuration } from '../../../sim/faults/draw.ts';
import type { FaultContext, Strike } from '../../../sim/faults/kind.ts';
import type { Hardness } from '../../../sim/faults/swarm.ts';
import type { Stream } from '../../../sim/kernel/choices/streams.ts';
import type { Keyed } from '../../../sim/world.ts';
import type { ActionKind } from '../../../src/action/action.ts';
import type { MeshConfig, MeshFault, MeshOperation } from '../../scenario/scenario.ts';
import { handOverAfter } from '../motifs.ts';
import type { Vocabulary } from '../vocabulary.ts';

export type DispatchFault = Extract<MeshFault, { target: unknown }>;

export interface FaultDraft {
  readonly at: number;
  readonly fault: MeshFault;
  /** The burst whose `index`-th action a dispatch fault is aimed at. Its key is known only once all faults have keys. */
  readonly burst?: { readonly of: FaultDraft; readonly index: number };
}

/** What the faults of a run are drawn from. */
export interface MeshFaultContext {
  readonly config: MeshConfig;
  readonly vocabulary: Vocabulary;
  readonly leaning: readonly ActionKind[];
  readonly submits: readonly (Keyed & Extract<MeshOperation, { kind: 'submit' }>)[];
  readonly broadcasts: readonly (Keyed & Extract<MeshOperation, { kind: 'broadcast' }>)[];
  readonly spanMs: number;
  readonly windowMaxMs: number;
  /** Bursts drawn so far. */
  readonly bursts: FaultDraft[];
}

/** Draws the faults of one kind. */
export type FaultMotif = (stream: Stream, hardness: Hardness, context: MeshFaultContext) => FaultDraft[];

/** When something goes wrong: any time, or just as the node loops hand actions over and the executors are busy. */
export function drawMoment(stream: Stream, { spanMs }: MeshFaultContext): number {
  const at = stream.int(0, spanMs);
  if (stream.int(1, 3) > 1) return at;
  return (Math.floor(at / 500) + 1) * 500 + stream.int(0, 60);
}

/** Any node at any time, or a node that is about to get something to do, until it has it. */
export function drawStrike(stream: Stream, context: MeshFaultContext): Strike {
  const forMs = drawDuration(stream, context);
  if (context.submits.length === 0 || stream.int(1, 3) === 1) {
    return { node: drawNode(stream, context), at: drawMoment(stream, context), forMs };
  }
  const { node, at } = stream.pick(context.submits);
  return { node, at: handOverAfter(at) - stream.int(0, 40), forMs: Math.max(forMs, stream.int(41, 200)) };
}

export function drawNode(stream: Stream, { config }: MeshFaultContext): number {
  return stream.int(1, config.nodes);
}

/** What the faults of the hardware are drawn from. */
export function hardwareContext(context: MeshFaultContext): FaultContext {
  const { config, windowMaxMs } = context;
  return {
    nodes: config.nodes,
    windowMaxMs,
    epochMs: config.epochMs,
    messageDelaysMs: [5, 50, config.reRequestMs, config.reRequestMs + 1, 300],
    syncDelaysMs: [1, 20, 100, config.syncEveryMs + 1, 500],
    moment: (stream) => drawMoment(stream, context),
    strike: (stream) => drawStrike(stream, context),
  };
}
