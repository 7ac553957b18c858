/**
 * The network between nodes on virtual time. Every message takes a drawn time of its own, so messages overtake each other.
 * Link faults strike when a message is sent, and when a copy of it sets out. The network knows no protocol: the world says
 * what a message is and what a trace says of it.
 */
import type { Active } from '../faults/kind.ts';
import { drawMs, type Flight, type LinkFaultKind, type Passage, type RangeMs } from '../faults/link/link.ts';
import { type LinkFault, MET_BY_MESSAGES } from '../faults/link/links.ts';
import { labelOf, type Name } from '../kernel/choices/name.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Actor } from '../kernel/trace/trace.ts';

/** What a network needs from its world. Nodes are numbers. */
export interface NetworkHost<Message> {
  readonly kernel: Kernel;
  /** How long an undisturbed message takes. */
  readonly latency: RangeMs;
  /** The active faults of a kind: one list, which is updated in place. */
  faults(kind: LinkFault['kind']): readonly (Active & LinkFault)[];
  /** Draws whether a fault strikes that strikes `percent` of a hundred. Records it if it does. */
  fires(fault: Active & LinkFault, percent: number, where: Name): boolean;
  /** A message was sent. `msg` numbers messages; `copies` of it are under way. */
  sent?(from: number, to: number, message: Message, msg: number, flight: Flight): void;
  /** What arrives in place of a message; by default the message itself. */
  inTransit?(from: number, to: number, message: Message, where: Name): Message;
  /** A copy arrives, counted from 1. `sent` is the message as it set out. */
  arrived(from: number, to: number, message: Message, sent: Message, msg: number, copy: number): void;
}

/** A message under way. */
interface Sent<Message> {
  readonly from: number;
  readonly to: number;
  readonly message: Message;
  readonly msg: number;
}

const LATENCY = labelOf('latency');

/**
 * A kind of fault that messages meet, and the active faults of that kind. Asked for once, because every message looks at
 * all of them.
 */
interface Met {
  readonly kind: LinkFaultKind<LinkFault>;
  readonly on: readonly (Active & LinkFault)[];
}

export class SimNetwork<Message> {
  readonly #host: NetworkHost<Message>;
  /** Stands in the trace for every message. */
  readonly #actor: Actor = { name: 'network', place: -1 };
  readonly #whenSent: readonly Met[];
  readonly #onTheWay: readonly Met[];
  #messages = 0;

  constructor(host: NetworkHost<Message>) {
    this.#host = host;
    const met = MET_BY_MESSAGES.map((kind) => ({ kind, on: host.faults(kind.kind) }));
    this.#whenSent = met.filter(({ kind }) => kind.onSend !== undefined);
    this.#onTheWay = met.filter(({ kind }) => kind.onPassage !== undefined);
  }

  /** `where` names the message's draws; no two messages may share it. */
  send(from: number, to: number, message: Message, where: Name): void {
    const flight: Flight = { fate: 'sent', copies: 1 };
    for (const { kind, on } of this.#whenSent) {
      const fault = this.#first(kind, on, from, to, where);
      if (fault === null) continue;
      kind.onSend?.(flight, fault);
      if (flight.fate !== 'sent') break;
    }
    if (flight.fate !== 'sent') flight.copies = 0;
    this.#messages += 1;
    const msg = this.#messages;
    this.#host.sent?.(from, to, message, msg, flight);
    const sent = { from, to, message, msg };
    for (let copy = 1; copy <= flight.copies; copy += 1) {
      this.#carry(sent, copy, copy === 1 ? where : where.child('copy', copy === 2 ? undefined : copy));
    }
  }

  #carry(sent: Sent<Message>, copy: number, where: Name): void {
    const { kernel } = this.#host;
    const { from, to, message } = sent;
    const arrives = this.#host.inTransit === undefined ? message : this.#host.inTransit(from, to, message, where);
    kernel.schedule(
      kernel.now + this.#delayMs(from, to, where),
      where,
      () => {
        // Only these values wait for the message to arrive, because many messages are under way.
        const { from, to, message, msg } = sent;
        this.#host.arrived(from, to, arrives, message, msg, copy);
      },
      this.#actor,
    );
  }

  #delayMs(from: number, to: number, where: Name): number {
    const { kernel, latency } = this.#host;
    const passage: Passage = { delayMs: drawMs(latency, (bound) => kernel.draw(where.child(LATENCY), bound)) };
    for (const { kind, on } of this.#onTheWay) {
      const fault = this.#first(kind, on, from, to, where);
      if (fault !== null) kind.onPassage?.(passage, fault, this.#draw, where);
    }
    return passage.delayMs;
  }

  readonly #draw = (name: Name, bound: number): number => this.#host.kernel.draw(name, bound);

  /** The first of the faults that strikes this message. */
  #first(
    kind: LinkFaultKind<LinkFault>,
    on: readonly (Active & LinkFault)[],
    from: number,
    to: number,
    where: Name,
  ): (Active & LinkFault) | null {
    for (const fault of on) {
      if (kind.isOn(fault, from, to) && this.#host.fires(fault, kind.percentOf(fault), where)) return fault;
    }
    return null;
  }
}
