/** Marks of chains between nodes: what the network does to messages, and what replicas do with what arrives. */
import { EARLY_ENTRIES_CAPACITY } from '../../src/ring/capacities.ts';
import { type Handlers, type MarkContext, PerNode } from './observer.ts';

export const REPLICA_MARKS = [
  'network.lost',
  'network.cut',
  'network.nobody-there',
  'network.inbound-full',
  'replica.out-of-order',
  'replica.too-far-ahead',
  'replica.duplicate',
  'replica.damaged-in-transit',
  'replica.rejected-version',
  'replica.rejected-damaged',
  'replica.resumed-from-copy',
  'replica.copy-tail-lost',
  'fold.own-entry-rejected',
  'fold.other-version-folded',
  'fold.rebuilt-own',
  'fold.rebuilt-copy',
] as const;

type ReplicaMark = (typeof REPLICA_MARKS)[number];

/** What one node has of one chain. Seqs start at 1, so 0 means none. */
class Copy {
  highestDelivered = 0;
  lastFolded = 0;
  /** What had been folded when the node crashed. */
  foldedBefore = 0;
  /** The node is back, and has not asked for this chain yet. */
  toAsk = false;
}

export function replicaMarks({ mark, config }: MarkContext<ReplicaMark>): Handlers {
  const nodes = new PerNode(config.nodes, () => new PerNode(config.nodes, () => new Copy()));
  const { earlyEntriesMax = EARLY_ENTRIES_CAPACITY } = config;
  const down: boolean[] = [];

  function delivered(copy: Copy, seq: number): void {
    if (seq - copy.lastFolded - 1 > earlyEntriesMax) mark('replica.too-far-ahead');
    if (seq <= copy.lastFolded || seq === copy.highestDelivered) mark('replica.duplicate');
    else if (seq < copy.highestDelivered) mark('replica.out-of-order');
    else copy.highestDelivered = seq;
  }

  function asked(copy: Copy, seq: number): void {
    copy.toAsk = false;
    if (seq <= copy.foldedBefore) mark('replica.copy-tail-lost');
    else if (seq > 1) mark('replica.resumed-from-copy');
  }

  return {
    boot({ node }) {
      down[node] = false;
    },
    crash({ node }) {
      down[node] = true;
      nodes.of(node).forEach((copy) => {
        copy.foldedBefore = Math.max(copy.foldedBefore, copy.lastFolded);
        copy.lastFolded = 0;
        copy.highestDelivered = 0;
        copy.toAsk = true;
      });
    },
    send({ from, message, chain, seq, fate }) {
      if (fate === 'lost') mark('network.lost');
      else if (fate === 'cut') mark('network.cut');
      if (message === 'request') {
        const copy = nodes.of(from).of(chain);
        if (copy.toAsk) asked(copy, Number(seq));
      }
    },
    deliver({ to, message, chain, seq, damaged, accepted }) {
      if (!accepted) mark(down[to] === false ? 'network.inbound-full' : 'network.nobody-there');
      else if (damaged) mark('replica.damaged-in-transit');
      else if (message === 'entry') delivered(nodes.of(to).of(chain), Number(seq));
    },
    fold({ node, chain, seq, reader, outcome, length, rebuild }) {
      nodes.of(node).of(chain).lastFolded = Number(seq);
      if (outcome !== 'folded') {
        if (chain === node) mark('fold.own-entry-rejected');
        else mark(outcome === 'unsupported_version' ? 'replica.rejected-version' : 'replica.rejected-damaged');
      } else if (reader !== 1) mark('fold.other-version-folded');
      if (rebuild && length > 0) mark(chain === node ? 'fold.rebuilt-own' : 'fold.rebuilt-copy');
    },
  };
}
