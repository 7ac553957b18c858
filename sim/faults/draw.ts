/** Draws that several kinds of faults share. */
import type { Stream } from '../kernel/choices/streams.ts';
import type { FaultContext } from './kind.ts';
import { drawLengthMs } from './swarm.ts';

export function drawNode(stream: Stream, { nodes }: FaultContext): number {
  return stream.int(1, nodes);
}

export function drawDuration(stream: Stream, { windowMaxMs }: Pick<FaultContext, 'windowMaxMs'>): number {
  return drawLengthMs(stream, windowMaxMs);
}

/** Nodes stay down for less long than other faults last, because a node that is down tests nothing. */
export function drawDownMs(stream: Stream, { windowMaxMs }: Pick<FaultContext, 'windowMaxMs'>): number {
  return drawLengthMs(stream, Math.min(windowMaxMs, stream.pick([60, 400, 2000])));
}
