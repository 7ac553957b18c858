/** Draws faults of chains: appends refused, syncs slow, records in another version or damaged. */

import type { Damage } from '../../../sim/faults/damage.ts';
import { drawLink } from '../../../sim/faults/link/link.ts';
import { drawCount, drawPercent, type Hardness } from '../../../sim/faults/swarm.ts';
import type { Stream } from '../../../sim/kernel/choices/streams.ts';
import type { ChainName } from '../../../src/chain/records.ts';
import { drawStrike, type FaultDraft, hardwareContext, type MeshFaultContext } from './draft.ts';

const CHAINS: readonly ChainName[] = ['action', 'failure', 'log', 'admin-audit'];
const DAMAGES: readonly Damage[] = ['flip', 'burst', 'truncate', 'trailing'];

export function appendErrors(stream: Stream, hardness: Hardness, context: MeshFaultContext): FaultDraft[] {
  const drafts: FaultDraft[] = [];
  for (let count = drawCount(stream, hardness, 2); count > 0; count -= 1) {
    const { node, at, forMs } = drawStrike(stream, context);
    const percent = drawPercent(stream, hardness);
    drafts.push({ at, fault: { kind: 'append-error', node, chain: stream.pick(CHAINS), percent, forMs } });
  }
  return drafts;
}

export function otherVersions(stream: Stream, hardness: Hardness, context: MeshFaultContext): FaultDraft[] {
  const drafts: FaultDraft[] = [];
  for (let count = drawCount(stream, hardness); count > 0; count -= 1) {
    const { node, at, forMs } = drawStrike(stream, context);
    const side = stream.pick(['writer', 'reader', 'both'] as const);
    const version = stream.pick([0, 2, 127, 128, 255, stream.int(2, 255)]);
    drafts.push({ at, fault: { kind: 'wire-version', node, side, version, forMs } });
  }
  return drafts;
}

export function damages(stream: Stream, hardness: Hardness, context: MeshFaultContext): FaultDraft[] {
  const drafts: FaultDraft[] = [];
  for (let count = drawCount(stream, hardness, 2); count > 0; count -= 1) {
    drafts.push(drawDamage(stream, hardness, context));
  }
  return drafts;
}

function drawDamage(stream: Stream, hardness: Hardness, context: MeshFaultContext): FaultDraft {
  const where = stream.pick(['transit', 'append', 'decoder'] as const);
  const damage = stream.pick(DAMAGES);
  const { node, at, forMs } = drawStrike(stream, context);
  if (where === 'transit' && context.config.nodes > 1) {
    const link = drawLink(stream, hardness, hardwareContext(context));
    return { at, fault: { kind: 'wire-damage', where, damage, ...link, forMs } };
  }
  const percent = drawPercent(stream, hardness);
  const inNode = where === 'append' ? 'append' : 'decoder';
  return { at, fault: { kind: 'wire-damage', where: inNode, damage, node, percent, forMs } };
}
