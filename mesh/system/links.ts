/** The links between the nodes of a mesh: the network of any world, with what the mesh's trace says of its messages. */

import { SimNetwork } from '../../sim/cluster/network.ts';
import type { ActiveFaults } from '../../sim/faults/active.ts';
import { damaged } from '../../sim/faults/damage.ts';
import type { Name } from '../../sim/kernel/choices/name.ts';
import type { Kernel } from '../../sim/kernel/kernel.ts';
import { frameSeq } from '../../src/chain/frame.ts';
import type { ChainMessage, Delivery } from '../../src/chain/ports.ts';
import type { MeshEvent } from '../events.ts';
import type { ActiveFault, MeshConfig } from '../scenario/scenario.ts';
import { checksumAtEnd } from './checksum.ts';

interface LinksHost {
  readonly kernel: Kernel;
  readonly faults: ActiveFaults<ActiveFault>;
  readonly config: MeshConfig;
  emit(event: MeshEvent): void;
  /** Hands a message to a node. Null if the node took it, else why not. */
  accept(to: number, delivery: Delivery): 'down' | 'full' | null;
}

export function meshLinks({ kernel, faults, config, emit, accept }: LinksHost): SimNetwork<ChainMessage> {
  const damages = faults.of('wire-damage');
  return new SimNetwork<ChainMessage>({
    kernel,
    latency: config.network,
    faults: (kind) => faults.of(kind),
    fires: (fault, percent, where) => faults.fires(fault, percent, where),
    sent: (from, to, message, msg, { fate, copies }) => {
      const crc = message.kind === 'entry' ? checksumAtEnd(message.frame) : 0;
      emit({ kind: 'send', from, to, message: message.kind, ...about(message), crc, msg, fate, copies });
    },
    inTransit: (from, to, message, where) => {
      if (message.kind !== 'entry') return message;
      for (const fault of damages) {
        if (fault.where !== 'transit' || fault.from !== from || fault.to !== to) continue;
        if (!faults.fires(fault, fault.percent, where)) continue;
        return { ...message, frame: damagedFrame(kernel, message.frame, fault, where) };
      }
      return message;
    },
    arrived: (from, to, message, sent, msg, copy) => {
      const frame = message.kind === 'entry' ? message.frame : null;
      const refused = accept(to, { from: BigInt(from), message });
      emit({
        kind: 'deliver',
        from,
        to,
        message: sent.kind,
        ...about(sent),
        crc: frame === null ? 0 : checksumAtEnd(frame),
        msg,
        copy,
        damaged: message !== sent,
        accepted: refused === null,
        refused,
        frame,
      });
    },
  });
}

/** What a message is about. */
function about(message: ChainMessage): { readonly chain: number; readonly seq: bigint } {
  const seq = message.kind === 'request' ? message.fromSeq : frameSeq(message.frame);
  return { chain: Number(message.chain), seq };
}

function damagedFrame(
  kernel: Kernel,
  frame: Uint8Array,
  fault: ActiveFault & { readonly kind: 'wire-damage' },
  where: Name,
): Uint8Array {
  return damaged(frame, fault.damage, (what, bound) =>
    kernel.draw(where.child('damage', fault.key).child(what).child('of', bound), bound),
  );
}
