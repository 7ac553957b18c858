/** Kept chains in memory for tests of replication: payloads are folded by remembering them. */
import { KeptChain } from './kept-chain.ts';
import { ChainLog, type ChainLogOptions } from './log.ts';
import { MemoryStore } from './memory-store.testing.ts';
import type { ChainMessage, Network } from './ports.ts';
import { MeshOsSnapshot } from './snapshot.ts';

export interface RigChain {
  readonly kept: KeptChain;
  readonly store: MemoryStore;
  /** First bytes of what was folded, in order. */
  readonly folded: number[];
}

/** The chain of `owner` as recovered from `store`. */
export function rigChain(
  owner: bigint,
  store = new MemoryStore(),
  options: ChainLogOptions = { syncWithinAppend: true },
): RigChain {
  const folded: number[] = [];
  const opened = ChainLog.open(store, { chain: owner, codec: 'msgpack' }, options);
  if (!opened.ok) throw new Error(opened.error.message);
  const fold = {
    apply(_seq: bigint, payload: Uint8Array): null {
      folded.push(payload[0] ?? -1);
      return null;
    },
  };
  return { kept: new KeptChain(opened.value, new MeshOsSnapshot(), fold), store, folded };
}

/** Appends entries whose first bytes are `from` to `to`. */
export function appendRange(chain: RigChain, from: number, to: number): void {
  for (let value = from; value <= to; value += 1) chain.kept.append(Uint8Array.of(value, 0, 0, value));
}

/** `from`, …, `to`. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** A network that keeps what is sent for the test to deliver. */
export class MailBag implements Network {
  readonly sent: { readonly to: bigint; readonly message: ChainMessage }[] = [];

  send(to: bigint, message: ChainMessage): void {
    this.sent.push({ to, message });
  }

  /** Empties the bag and gives the frames that were in it. */
  takeFrames(): Uint8Array[] {
    return this.sent.splice(0).flatMap(({ message }) => (message.kind === 'entry' ? [message.frame] : []));
  }

  /** Empties the bag and gives the seqs that were asked for. */
  takeRequests(): bigint[] {
    return this.sent.splice(0).flatMap(({ message }) => (message.kind === 'request' ? [message.fromSeq] : []));
  }
}
