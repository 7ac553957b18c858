/** Draws faults of chains: appends refused, syncs slow, records in another version or damaged. */
import type { ChainName } from '../../../../src/chain/records.ts';
import { drawCount, drawPercent, type Hardness } from '../../../faults/swarm.ts';
import type { Stream } from '../../../kernel/streams.ts';
import type { Damage, LinkTarget, MeshFault } from '../../scenario.ts';
import { drawDuration, drawMoment, drawNode, type FaultDraft, type Ground } from './draft.ts';

const CHAINS: readonly ChainName[] = ['action', 'failure', 'log', 'admin-audit'];
const DAMAGES: readonly Damage[] = ['flip', 'burst', 'truncate', 'trailing'];

export function appendErrors(stream: Stream, hardness: Hardness, ground: Ground): FaultDraft[] {
  const drafts: FaultDraft[] = [];
  for (let count = drawCount(stream, hardness, 2); count > 0; count -= 1) {
    drafts.push({
      at: drawMoment(stream, ground),
      fault: {
        kind: 'append-error',
        node: drawNode(stream, ground),
        chain: stream.pick(CHAINS),
        percent: drawPercent(stream, hardness),
        forMs: drawDuration(stream, ground),
      },
    });
  }
  return drafts;
}

export function slowSyncs(stream: Stream, hardness: Hardness, ground: Ground): FaultDraft[] {
  const drafts: FaultDraft[] = [];
  for (let count = drawCount(stream, hardness); count > 0; count -= 1) {
    drafts.push({
      at: drawMoment(stream, ground),
      fault: {
        kind: 'sync-slow',
        node: drawNode(stream, ground),
        extraMs: Math.min(ground.windowMaxMs, stream.pick([1, 20, 100, ground.config.syncEveryMs + 1, 500])),
        forMs: drawDuration(stream, ground),
      },
    });
  }
  return drafts;
}

export function otherVersions(stream: Stream, hardness: Hardness, ground: Ground): FaultDraft[] {
  const drafts: FaultDraft[] = [];
  for (let count = drawCount(stream, hardness); count > 0; count -= 1) {
    drafts.push({
      at: drawMoment(stream, ground),
      fault: {
        kind: 'wire-version',
        node: drawNode(stream, ground),
        side: stream.pick(['writer', 'reader', 'both']),
        version: stream.pick([0, 2, 127, 128, 255, stream.int(2, 255)]),
        forMs: drawDuration(stream, ground),
      },
    });
  }
  return drafts;
}

export function damages(stream: Stream, hardness: Hardness, ground: Ground): FaultDraft[] {
  const drafts: FaultDraft[] = [];
  for (let count = drawCount(stream, hardness, 2); count > 0; count -= 1) {
    drafts.push({ at: drawMoment(stream, ground), fault: drawDamage(stream, hardness, ground) });
  }
  return drafts;
}

function drawDamage(stream: Stream, hardness: Hardness, ground: Ground): MeshFault {
  const where = stream.pick(['transit', 'append', 'decoder'] as const);
  const damage = stream.pick(DAMAGES);
  const forMs = drawDuration(stream, ground);
  if (where === 'transit' && ground.config.nodes > 1) {
    return { kind: 'wire-damage', where, damage, ...drawLink(stream, hardness, ground), forMs };
  }
  return {
    kind: 'wire-damage',
    where: where === 'append' ? 'append' : 'decoder',
    damage,
    node: drawNode(stream, ground),
    percent: drawPercent(stream, hardness),
    forMs,
  };
}

/** A directed link between two nodes; there must be two. */
export function drawLink(stream: Stream, hardness: Hardness, ground: Ground): LinkTarget {
  const from = drawNode(stream, ground);
  const step = stream.int(1, ground.config.nodes - 1);
  return { from, to: ((from + step - 1) % ground.config.nodes) + 1, percent: drawPercent(stream, hardness) };
}
