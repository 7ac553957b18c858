/** Marks of chains within a node: failing appends, overflowing rings, texts that encoders get wrong, damage. */
import type { ChainName } from '../../src/chain/records.ts';
import { type Handlers, type MarkContext, PerNode } from './observer.ts';

export const CHAIN_MARKS = [
  'chain.append-failed.action',
  'chain.append-failed.failure',
  'chain.append-failed.log',
  'chain.append-failed.admin-audit',
  'ring.failure-evicted',
  'ring.failure-at-exact-capacity',
  'ring.log-evicted',
  'ring.log-at-exact-capacity',
  'ring.audit-evicted',
  'ring.audit-at-exact-capacity',
  'ring.zero-capacity-clamped',
  'buffer.failure-evicted',
  'buffer.log-evicted',
  'buffer.audit-evicted',
  'codec.empty-reason',
  'codec.non-ascii',
  'codec.nul',
  'codec.reason-above-127',
  'codec.reason-above-65535',
  'codec.lone-surrogate-replaced',
  'wire.damaged-before-append',
  'wire.version-zero',
  'decoder.damaged-still-decodes',
  'decoder.malformed',
  'decoder.version-damaged',
  'decoder.empty',
] as const;

type ChainMark = (typeof CHAIN_MARKS)[number];
type Ring = 'failure' | 'log' | 'audit';

/** How many entries one ring and the buffer behind it were given in this incarnation. */
class Fill {
  readonly ring: Ring;
  readonly chain: ChainName;
  readonly ringCapacity: number;
  readonly bufferCapacity: number;
  pushed = 0;
  appended = 0;

  constructor(ring: Ring, chain: ChainName, ringCapacity: number, bufferCapacity: number) {
    this.ring = ring;
    this.chain = chain;
    this.ringCapacity = ringCapacity;
    this.bufferCapacity = bufferCapacity;
  }
}

export function chainMarks({ mark, config }: MarkContext<ChainMark>): Handlers {
  const nodes = new PerNode(config.nodes, () => ({
    failure: new Fill('failure', 'failure', config.recentFailures, config.failureChain),
    log: new Fill('log', 'log', config.logRing, config.logChain),
    audit: new Fill('audit', 'admin-audit', config.auditRing, config.auditChain),
  }));

  function pushed(fill: Fill, ok: boolean): void {
    fill.pushed += 1;
    if (fill.pushed > Math.max(1, fill.ringCapacity)) {
      mark(`ring.${fill.ring}-evicted`);
      if (fill.ringCapacity === 0) mark('ring.zero-capacity-clamped');
    }
    if (!ok) {
      mark(`chain.append-failed.${fill.chain}`);
      return;
    }
    fill.appended += 1;
    if (fill.appended > Math.max(1, fill.bufferCapacity)) mark(`buffer.${fill.ring}-evicted`);
  }

  /** A ring that ends exactly full: a wrong comparison makes such a ring one entry too long or too short. */
  function ended(fill: Fill): void {
    if (fill.pushed === fill.ringCapacity) mark(`ring.${fill.ring}-at-exact-capacity`);
  }

  function endedNode(node: number): void {
    const fills = nodes.of(node);
    ended(fills.failure);
    ended(fills.log);
    ended(fills.audit);
  }

  function reasoned(reason: string): void {
    if (reason.length === 0) mark('codec.empty-reason');
    else if (reason.length > 127) mark(reason.length > 65_535 ? 'codec.reason-above-65535' : 'codec.reason-above-127');
    for (let index = 0; index < reason.length; index += 1) {
      const unit = reason.charCodeAt(index);
      if (unit === 0) mark('codec.nul');
      else if (unit > 127) {
        mark('codec.non-ascii');
        if (reason.includes('\ufffd')) mark('codec.lone-surrogate-replaced');
        return;
      }
    }
  }

  return {
    boot({ node }) {
      nodes.reset(node);
    },
    crash({ node }) {
      endedNode(node);
    },
    settled() {
      nodes.forEach((_, node) => {
        endedNode(node);
      });
    },
    'append-action'({ type, reason, ok, damaged, version }) {
      if (!ok) mark('chain.append-failed.action');
      if (damaged) mark('wire.damaged-before-append');
      if (version === 0) mark('wire.version-zero');
      if (type === 'failed' && reason !== null) reasoned(reason);
    },
    'append-failure'({ node, ok }) {
      pushed(nodes.of(node).failure, ok);
    },
    'append-log'({ node, ok }) {
      pushed(nodes.of(node).log, ok);
    },
    'append-audit'({ node, ok }) {
      pushed(nodes.of(node).audit, ok);
    },
    probe({ outcome }) {
      if (outcome === 'record') mark('decoder.damaged-still-decodes');
      else if (outcome === 'malformed') mark('decoder.malformed');
      else if (outcome === 'unsupported_version') mark('decoder.version-damaged');
      else if (outcome === 'empty') mark('decoder.empty');
    },
  };
}
