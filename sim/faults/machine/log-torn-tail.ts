/** A crash that cuts a node's own file inside a write, so that it finds a torn one (if any byte is unsynced). */
import { drawDownMs } from '../draw.ts';
import type { FaultDraft } from '../kind.ts';
import type { FaultParts } from '../parts.ts';
import { drawCount } from '../swarm.ts';
import { drawCut, type MachineFaultKind, MISSED } from './machine.ts';
import type { NodeCrash } from './node-crash.ts';

export interface LogTornTail {
  readonly kind: 'log-torn-tail';
  readonly node: number;
  readonly forMs: number;
}

export const logTornTail = {
  kind: 'log-torn-tail',
  holds: true,
  schema: ({ z, atNode }: FaultParts) => z.strictObject({ ...atNode, kind: z.literal('log-torn-tail') }),
  draw: (stream, hardness, context) => {
    const drafts: FaultDraft<LogTornTail>[] = [];
    for (let count = drawCount(stream, hardness); count > 0; count -= 1) {
      const { node, at } = context.strike(stream);
      drafts.push({ at, fault: { kind: 'log-torn-tail', node, forMs: drawDownMs(stream, context) } });
    }
    return drafts;
  },
  plainer: (fault): NodeCrash => ({ ...fault, kind: 'node-crash' }),
  strike: (machine, _fault, draw, where) => {
    let torn = false;
    const crashed = machine.crash((disk, index) => {
      const tears = index === machine.ownDisk ? disk.tornCuts() : [];
      if (tears.length === 0) return drawCut(disk, where.child('cut', index), draw);
      const tear = tears[draw(where.child('entry').child('of', tears.length), tears.length)];
      if (tear === undefined) throw new RangeError('a draw beyond its bound');
      torn = true;
      return tear.from + draw(where.child('tear').child('of', tear.to - tear.from), tear.to - tear.from + 1);
    });
    return crashed ? { struck: torn, held: true } : MISSED;
  },
  release: (machine) => machine.restart(),
} satisfies MachineFaultKind<LogTornTail, NodeCrash>;
