/**
 * The task of a node that speaks about chains with other nodes: it feeds its own chain to whoever asks and keeps the
 * copies of its peers' chains going. It wakes when a message comes, when own entries have become synced and somebody
 * follows, and when a copy that stands still has to be asked for again; otherwise never.
 */
import { CLOSED, deadline, type Receiver, type Runtime, type Signal } from '../runtime/port.ts';
import { ChainFeed } from './feed.ts';
import type { KeptChain } from './kept-chain.ts';
import type { Delivery, Network } from './ports.ts';
import { Replica, type ReplicaOptions } from './replica.ts';

export interface ChainServicePorts {
  readonly own: KeptChain;
  /** Copies of the peers' chains. */
  readonly copies: readonly KeptChain[];
  readonly inbound: Receiver<Delivery>;
  readonly network: Network;
}

export class ChainService {
  readonly feed: ChainFeed;
  readonly replicas: readonly Replica[];
  readonly #runtime: Runtime;
  readonly #inbound: Receiver<Delivery>;
  readonly #ownChain: bigint;
  /** Own entries have been synced that nobody was sent yet, or the service is to stop. */
  readonly #woken: Signal;
  #stopping = false;

  constructor(runtime: Runtime, ports: ChainServicePorts, options: ReplicaOptions) {
    this.#runtime = runtime;
    this.#inbound = ports.inbound;
    this.#ownChain = ports.own.log.identity.chain;
    this.#woken = runtime.signal();
    this.feed = new ChainFeed(ports.own.log, ports.network);
    this.replicas = ports.copies.map((copy) => new Replica(copy, ports.network, options));
  }

  /** To be called whenever entries of the node's own log have become synced. */
  ownSynced(): void {
    if (this.feed.hasFollowers) this.#woken.notify();
  }

  /** Ends the task at its next turn. */
  stop(): void {
    this.#stopping = true;
    this.#woken.notify();
  }

  /** Serves until stopped, or until the inbound channel is closed and empty. */
  async run(): Promise<void> {
    const runtime = this.#runtime;
    const delivered = this.#inbound.received;
    const woken = this.#woken.notified;
    for (const replica of this.replicas) replica.request(runtime.now());
    while (!this.#stopping) {
      const next = await runtime.select({ delivered, woken, due: deadline(this.#earliestDueMs()) });
      if (next.source === 'delivered') {
        if (next.value === CLOSED) return;
        this.#handle(next.value);
        this.#handleWaiting();
      } else if (next.source === 'woken') {
        this.feed.push();
      } else {
        this.#requestDue();
      }
    }
  }

  /** Whatever else has been delivered by now costs no further turn of the scheduler. */
  #handleWaiting(): void {
    for (;;) {
      const delivery = this.#inbound.tryReceive();
      if (delivery === undefined || delivery === CLOSED) return;
      this.#handle(delivery);
    }
  }

  #handle({ from, message }: Delivery): void {
    if (message.kind === 'request') {
      if (message.chain === this.#ownChain) this.feed.requested(from, message.fromSeq);
      return;
    }
    for (const replica of this.replicas) {
      if (replica.chain === message.chain) replica.receive(message.frame, this.#runtime.now());
    }
  }

  /** Infinity for a node without peers. */
  #earliestDueMs(): number {
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const replica of this.replicas) if (replica.dueAtMs < earliestMs) earliestMs = replica.dueAtMs;
    return earliestMs;
  }

  #requestDue(): void {
    const nowMs = this.#runtime.now();
    for (const replica of this.replicas) {
      if (replica.dueAtMs <= nowMs) replica.request(nowMs);
    }
  }
}
