/** What the faults of a run are drawn from, and what they look like before they have keys. */

import type { FaultContext, Strike } from '../../../sim/faults/kind.ts';
import { drawLengthMs, type Hardness } from '../../../sim/faults/swarm.ts';
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
  /** The burst whose `index`-th action a dispatch fault is aimed at: its key is only known once all faults have theirs. */
  readonly burst?: { readonly of: FaultDraft; readonly index: number };
}

/** What there is to go wrong. */
export interface Ground {
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
export type FaultMotif = (stream: Stream, hardness: Hardness, ground: Ground) => FaultDraft[];

/** When something goes wrong: any time, or just as the node loops hand actions over and the executors are busy. */
export function drawMoment(stream: Stream, { spanMs }: Ground): number {
  const at = stream.int(0, spanMs);
  if (stream.int(1, 3) > 1) return at;
  return (Math.floor(at / 500) + 1) * 500 + stream.int(0, 60);
}

/** Any node at any time, or one that is about to get something to do, until it has it. */
export function drawStrike(stream: Stream, ground: Ground): Strike {
  const forMs = drawDuration(stream, ground);
  if (ground.submits.length === 0 || stream.int(1, 3) === 1) {
    return { node: drawNode(stream, ground), at: drawMoment(stream, ground), forMs };
  }
  const { node, at } = stream.pick(ground.submits);
  return { node, at: handOverAfter(at) - stream.int(0, 40), forMs: Math.max(forMs, stream.int(41, 200)) };
}

export function drawNode(stream: Stream, { config }: Ground): number {
  return stream.int(1, config.nodes);
}

export function drawDuration(stream: Stream, { windowMaxMs }: Ground): number {
  return drawLengthMs(stream, windowMaxMs);
}

/** What faults of the hardware are drawn from. */
export function contextOf(ground: Ground): FaultContext {
  const { config, windowMaxMs } = ground;
  return {
    nodes: config.nodes,
    windowMaxMs,
    epochMs: config.epochMs,
    messageDelaysMs: [5, 50, config.reRequestMs, config.reRequestMs + 1, 300],
    syncDelaysMs: [1, 20, 100, config.syncEveryMs + 1, 500],
    moment: (stream) => drawMoment(stream, ground),
    strike: (stream) => drawStrike(stream, ground),
  };
}
