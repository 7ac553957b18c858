/**
 * The owner's end of replication. A request is answered with all synced entries from its seq on, and stays open: entries
 * that are synced later follow by themselves. It is held in memory only and never taken back; a peer that restarts, or
 * lost what was sent, asks again.
 */
import type { ChainLog } from './log.ts';
import type { Network } from './ports.ts';

interface Follower {
  readonly peer: bigint;
  /** Seq of the first entry that was not sent to it since its last request. */
  nextSeq: number;
}

export class ChainFeed {
  readonly #log: ChainLog;
  readonly #network: Network;
  readonly #followers: Follower[] = [];

  constructor(log: ChainLog, network: Network) {
    this.#log = log;
    this.#network = network;
  }

  get hasFollowers(): boolean {
    return this.#followers.length > 0;
  }

  /** `peer` asks for everything from `fromSeq` on. */
  requested(peer: bigint, fromSeq: bigint): void {
    const asked = Number(fromSeq);
    const nextSeq = Math.max(1, Math.min(asked, this.#log.syncedLength + 1));
    let follower = this.#followers.find((known) => known.peer === peer);
    if (follower === undefined) {
      follower = { peer, nextSeq };
      this.#followers.push(follower);
    } else {
      follower.nextSeq = nextSeq;
    }
    this.#sendTo(follower);
  }

  /** Sends what has been synced since to all that follow. */
  push(): void {
    for (const follower of this.#followers) this.#sendTo(follower);
  }

  #sendTo(follower: Follower): void {
    const { chain } = this.#log.identity;
    for (;;) {
      const frame = this.#log.syncedFrame(follower.nextSeq);
      if (frame === undefined) return;
      follower.nextSeq += 1;
      this.#network.send(follower.peer, { kind: 'entry', chain, frame });
    }
  }
}
