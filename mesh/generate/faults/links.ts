/** Draws faults of the network between nodes; there are none where there is but one node. */
import { drawCount, type Hardness } from '../../../sim/faults/swarm.ts';
import type { Stream } from '../../../sim/kernel/choices/streams.ts';
import type { LinkTarget, MeshFault } from '../../scenario/scenario.ts';
import { drawLink } from './chains.ts';
import { drawDuration, drawMoment, drawNode, type FaultDraft, type Ground } from './draft.ts';

function onLinks(
  stream: Stream,
  hardness: Hardness,
  ground: Ground,
  make: (link: LinkTarget, forMs: number) => MeshFault,
): FaultDraft[] {
  const drafts: FaultDraft[] = [];
  if (ground.config.nodes === 1) return drafts;
  for (let count = drawCount(stream, hardness, 2); count > 0; count -= 1) {
    const link = drawLink(stream, hardness, ground);
    drafts.push({ at: drawMoment(stream, ground), fault: make(link, drawDuration(stream, ground)) });
  }
  return drafts;
}

export function losses(stream: Stream, hardness: Hardness, ground: Ground): FaultDraft[] {
  return onLinks(stream, hardness, ground, (link, forMs) => ({ kind: 'link-loss', ...link, forMs }));
}

export function duplicates(stream: Stream, hardness: Hardness, ground: Ground): FaultDraft[] {
  return onLinks(stream, hardness, ground, (link, forMs) => ({ kind: 'link-duplicate', ...link, forMs }));
}

export function reorders(stream: Stream, hardness: Hardness, ground: Ground): FaultDraft[] {
  return onLinks(stream, hardness, ground, (link, forMs) => ({
    kind: 'link-reorder',
    ...link,
    extraMs: stream.pick([2, 20, 100]),
    forMs,
  }));
}

export function delays(stream: Stream, hardness: Hardness, ground: Ground): FaultDraft[] {
  return onLinks(stream, hardness, ground, (link, forMs) => ({
    kind: 'link-delay',
    ...link,
    extraMs: stream.pick([5, 50, ground.config.reRequestMs, ground.config.reRequestMs + 1, 300]),
    forMs,
  }));
}

export function partitions(stream: Stream, hardness: Hardness, ground: Ground): FaultDraft[] {
  const drafts: FaultDraft[] = [];
  if (ground.config.nodes === 1) return drafts;
  for (let count = drawCount(stream, hardness); count > 0; count -= 1) {
    const first = drawNode(stream, ground);
    const nodes: number[] = [];
    const size = stream.int(1, ground.config.nodes - 1);
    for (let step = 0; step < size; step += 1) nodes.push(((first + step - 1) % ground.config.nodes) + 1);
    drafts.push({
      at: drawMoment(stream, ground),
      fault: { kind: 'partition', nodes, oneWay: stream.int(1, 2) === 1, forMs: drawDuration(stream, ground) },
    });
  }
  return drafts;
}
