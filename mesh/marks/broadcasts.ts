/** Marks of lifecycle broadcasts: answers close to the deadline, and membership that changes while one is under way. */
import { type Handlers, type MarkContext, PerNode } from './observer.ts';

export const BROADCAST_MARKS = [
  'broadcast.queued-behind-another',
  'broadcast.membership-changed-while-queued',
  'broadcast.ack-at-deadline',
  'broadcast.answer-just-too-late',
  'broadcast.late-answer',
  'broadcast.late-answer-during-next',
  'broadcast.died-in-flight',
  'broadcast.revived-in-flight',
  'broadcast.replaced-in-flight',
  'broadcast.zero-backends',
  'broadcast.all-dead',
  'broadcast.every-outcome',
  'broadcast.zero-timeout-clamped',
  'broadcast.looked-late',
  'broadcast.refused',
  'crash.during-broadcast',
  'crash.with-broadcast-queued',
] as const;

type BroadcastMark = (typeof BROADCAST_MARKS)[number];

class Broadcaster {
  /** Asked for and without a result yet: the first is under way, the others wait. */
  pending = 0;
  sentAt = -1;
  /** Key of the broadcast that was sent last. */
  lastSent = '';
  /** Backends that the broadcast under way was sent to, and those of them that died since. */
  readonly inFlight = new Set<string>();
  readonly died = new Set<string>();
  /** By key of the broadcast: when the backends were sent to. */
  readonly sentAtByOp = new Map<string, number>();
}

export function broadcastMarks({ mark, now, config }: MarkContext<BroadcastMark>): Handlers {
  const nodes = new PerNode(config.nodes, () => new Broadcaster());
  const timeoutMs = Math.max(1, config.broadcastTimeoutMs);

  return {
    boot({ node }) {
      nodes.reset(node);
    },
    crash({ node }) {
      const { pending } = nodes.of(node);
      if (pending > 0) mark('crash.during-broadcast');
      if (pending > 1) mark('crash.with-broadcast-queued');
    },
    broadcast({ node }) {
      const broadcaster = nodes.of(node);
      if (broadcaster.pending > 0) mark('broadcast.queued-behind-another');
      broadcaster.pending += 1;
    },
    'broadcast-refused'({ node }) {
      nodes.of(node).pending -= 1;
      mark('broadcast.refused');
    },
    'backend-send'({ node, op, backend }) {
      const broadcaster = nodes.of(node);
      broadcaster.sentAt = now();
      broadcaster.lastSent = op;
      broadcaster.sentAtByOp.set(op, now());
      broadcaster.inFlight.add(backend);
    },
    'backend-answer'({ node, op, answer }) {
      const { sentAtByOp, inFlight, lastSent } = nodes.of(node);
      const sentAt = sentAtByOp.get(op);
      if (sentAt === undefined) return;
      const tookMs = now() - sentAt;
      if (tookMs === timeoutMs && answer === 'ack') mark('broadcast.ack-at-deadline');
      if (tookMs <= timeoutMs) return;
      mark('broadcast.late-answer');
      if (tookMs === timeoutMs + 1) mark('broadcast.answer-just-too-late');
      if (inFlight.size > 0 && lastSent !== op) mark('broadcast.late-answer-during-next');
    },
    'backend-live'({ node, backend, live, found }) {
      if (!found) return;
      const { inFlight, died, pending } = nodes.of(node);
      if (pending > 1) mark('broadcast.membership-changed-while-queued');
      if (!inFlight.has(backend)) return;
      if (!live) {
        died.add(backend);
        mark('broadcast.died-in-flight');
      } else if (died.has(backend)) mark('broadcast.revived-in-flight');
    },
    'backend-register'({ node, backend }) {
      const { inFlight, pending } = nodes.of(node);
      if (pending > 1) mark('broadcast.membership-changed-while-queued');
      if (inFlight.has(backend)) mark('broadcast.replaced-in-flight');
    },
    'broadcast-result'({ node, acks, timeouts, failures, skippedDead }) {
      const broadcaster = nodes.of(node);
      const sent = acks.length + timeouts.length + failures.length;
      if (sent === 0) mark(skippedDead.length === 0 ? 'broadcast.zero-backends' : 'broadcast.all-dead');
      else if (now() > broadcaster.sentAt + timeoutMs) mark('broadcast.looked-late');
      if (acks.length > 0 && timeouts.length > 0 && failures.length > 0 && skippedDead.length > 0) {
        mark('broadcast.every-outcome');
      }
      if (config.broadcastTimeoutMs === 0 && timeouts.length > 0) mark('broadcast.zero-timeout-clamped');
      broadcaster.pending -= 1;
      broadcaster.inFlight.clear();
      broadcaster.died.clear();
    },
  };
}
