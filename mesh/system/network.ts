/**
 * The network between nodes on virtual time: every message takes a drawn time of its own, so messages overtake each
 * other; link faults and partitions strike when a message is sent.
 */

import type { ActiveFault, ActiveFaults, FaultOf } from '../../sim/faults/active.ts';
import { damaged } from '../../sim/faults/damage.ts';
import { labelOf, type Name } from '../../sim/kernel/choices/name.ts';
import type { Kernel } from '../../sim/kernel/kernel.ts';
import type { Actor } from '../../sim/kernel/trace/trace.ts';
import { frameSeq } from '../../src/chain/frame.ts';
import type { ChainMessage, Delivery } from '../../src/chain/ports.ts';
import type { MeshEvent } from '../events.ts';
import type { LinkTarget, RangeMs } from '../scenario/scenario.ts';
import { checksumAtEnd } from './checksum.ts';

interface NetworkHost {
  readonly kernel: Kernel;
  readonly faults: ActiveFaults;
  readonly latency: RangeMs;
  emit(event: MeshEvent): void;
  /** Hands a message to a node; null where it took it, else why not. */
  accept(to: number, delivery: Delivery): 'down' | 'full' | null;
}

/** A message under way. */
interface Sent {
  readonly from: number;
  readonly to: number;
  readonly message: ChainMessage;
  readonly chain: number;
  readonly seq: bigint;
  readonly msg: number;
}

const LATENCY = labelOf('latency');

export class SimNetwork {
  readonly #host: NetworkHost;
  /** Stands in the trace for every message. */
  readonly #actor: Actor = { name: 'network', place: -1 };
  /** The faults that are on, asked for once as every message looks at all of them. */
  readonly #partitions: readonly FaultOf<'partition'>[];
  readonly #losses: readonly FaultOf<'link-loss'>[];
  readonly #duplicates: readonly FaultOf<'link-duplicate'>[];
  readonly #delays: readonly FaultOf<'link-delay'>[];
  readonly #reorders: readonly FaultOf<'link-reorder'>[];
  readonly #damages: readonly FaultOf<'wire-damage'>[];
  #messages = 0;

  constructor(host: NetworkHost) {
    this.#host = host;
    this.#partitions = host.faults.of('partition');
    this.#losses = host.faults.of('link-loss');
    this.#duplicates = host.faults.of('link-duplicate');
    this.#delays = host.faults.of('link-delay');
    this.#reorders = host.faults.of('link-reorder');
    this.#damages = host.faults.of('wire-damage');
  }

  /** `where` names the message's draws; no two messages share it. */
  send(from: number, to: number, message: ChainMessage, where: Name): void {
    const seq = message.kind === 'request' ? message.fromSeq : frameSeq(message.frame);
    const chain = Number(message.chain);
    const fate = this.#cut(from, to) ? 'cut' : this.#strikes(this.#losses, from, to, where) === null ? 'sent' : 'lost';
    const crc = message.kind === 'entry' ? checksumAtEnd(message.frame) : 0;
    const copies = fate !== 'sent' ? 0 : this.#strikes(this.#duplicates, from, to, where) === null ? 1 : 2;
    this.#messages += 1;
    const msg = this.#messages;
    this.#host.emit({ kind: 'send', from, to, message: message.kind, chain, seq, crc, msg, fate, copies });
    if (copies === 0) return;
    const sent = { from, to, message, chain, seq, msg };
    this.#carry(sent, 1, where);
    if (copies === 2) this.#carry(sent, 2, where.child('copy'));
  }

  #carry(sent: Sent, copy: number, where: Name): void {
    const { kernel } = this.#host;
    const { from, to, message } = sent;
    const arrives = message.kind === 'entry' ? this.#inTransit(from, to, message, where) : message;
    const frame = arrives.kind === 'entry' ? arrives.frame : null;
    kernel.schedule(
      kernel.now + this.#delay(from, to, where),
      where,
      () => {
        // Of what it needs, only this much waits for the message to arrive: there are many under way.
        const { from, to, message, chain, seq, msg } = sent;
        const refused = this.#host.accept(to, { from: BigInt(from), message: arrives });
        this.#host.emit({
          kind: 'deliver',
          from,
          to,
          message: message.kind,
          chain,
          seq,
          crc: frame === null ? 0 : checksumAtEnd(frame),
          msg,
          copy,
          damaged: arrives !== message,
          accepted: refused === null,
          refused,
          frame,
        });
      },
      this.#actor,
    );
  }

  #delay(from: number, to: number, where: Name): number {
    const { kernel, latency } = this.#host;
    let delay = latency.minMs;
    if (latency.maxMs > latency.minMs) delay += kernel.draw(where.child(LATENCY), latency.maxMs - latency.minMs + 1);
    const late = this.#strikes(this.#delays, from, to, where);
    if (late !== null) delay += late.extraMs;
    const overtaken = this.#strikes(this.#reorders, from, to, where);
    if (overtaken !== null) delay += kernel.draw(where.child('reorder'), overtaken.extraMs + 1);
    return delay;
  }

  #inTransit(from: number, to: number, message: ChainMessage & { kind: 'entry' }, where: Name): ChainMessage {
    for (const fault of this.#damages) {
      if (fault.where !== 'transit' || fault.from !== from || fault.to !== to) continue;
      if (!this.#fires(fault, fault.percent, where)) continue;
      const frame = damaged(message.frame, fault.damage, (what, bound) =>
        this.#host.kernel.draw(where.child('damage', fault.key).child(what).child('of', bound), bound),
      );
      return { kind: 'entry', chain: message.chain, frame };
    }
    return message;
  }

  #cut(from: number, to: number): boolean {
    for (const fault of this.#partitions) {
      const inside = fault.nodes.includes(from);
      if (inside === fault.nodes.includes(to)) continue;
      // One way: what the cut-off nodes send gets out.
      if (fault.oneWay && inside) continue;
      this.#host.faults.struck(fault);
      return true;
    }
    return false;
  }

  /** The first of the active faults that strikes this message. */
  #strikes<F extends ActiveFault & LinkTarget>(active: readonly F[], from: number, to: number, where: Name): F | null {
    for (const fault of active) {
      if (fault.from === from && fault.to === to && this.#fires(fault, fault.percent, where)) return fault;
    }
    return null;
  }

  #fires(fault: ActiveFault, percent: number, where: Name): boolean {
    if (percent < 100 && this.#host.kernel.draw(where.child('fault', fault.key), 100) >= percent) return false;
    this.#host.faults.struck(fault);
    return true;
  }
}
