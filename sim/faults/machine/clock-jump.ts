/** The wall clock of a node jumps by `byMs`, backwards if negative. */
import { drawNode } from '../draw.ts';
import type { FaultDraft } from '../kind.ts';
import type { FaultParts } from '../parts.ts';
import { drawCount } from '../swarm.ts';
import type { MachineFaultKind } from './machine.ts';

export interface ClockJump {
  readonly kind: 'clock-jump';
  readonly node: number;
  readonly byMs: number;
}

/** Jumps stay within this in either direction, so that unix milliseconds remain exact. */
const JUMP_MS_MAX = 4_503_599_627_370_496;
/** A larger jump forward would leave the range in which milliseconds are exact. */
const FORWARD_MS_MAX = 1_000_000_000_000;
const EPOCH_MS_MAX = 1_000_000_000_000_000;

export const clockJump = {
  kind: 'clock-jump',
  schema: ({ z, onNode, whole }: FaultParts) =>
    z.strictObject({
      ...onNode,
      kind: z.literal('clock-jump'),
      byMs: whole(-JUMP_MS_MAX, JUMP_MS_MAX, 'how far the wall clock jumps, backwards if negative'),
    }),
  /** Jumps in both directions, from a millisecond to before 1970. */
  draw: (stream, hardness, context) => {
    const drafts: FaultDraft<ClockJump>[] = [];
    const before1970Ms = Math.min(Number(context.epochMs), EPOCH_MS_MAX) + 5000;
    for (let count = drawCount(stream, hardness, 2); count > 0; count -= 1) {
      const farMs = stream.pick([1, 50, 1000, 3_600_000, 1_000_000_000_000, before1970Ms]);
      const forward = stream.int(1, 2) === 1 && farMs <= FORWARD_MS_MAX;
      const fault = { kind: 'clock-jump', node: drawNode(stream, context), byMs: forward ? farMs : -farMs } as const;
      drafts.push({ at: context.moment(stream), fault });
    }
    return drafts;
  },
  plainer: (fault) => ({ ...fault, byMs: Math.trunc(fault.byMs / 2) || fault.byMs }),
  strike: (machine, { byMs }) => {
    machine.jumpClock(byMs);
    return { struck: true, held: false };
  },
} satisfies MachineFaultKind<ClockJump>;
