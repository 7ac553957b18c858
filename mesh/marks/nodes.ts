/** Marks of a node's life: its inbox, its crashes and what they leave of the log, its pauses, and its wall clock. */
import { FRAME_OVERHEAD_BYTES } from '../../src/chain/frame.ts';
import { type Handlers, type MarkContext, PerNode } from './observer.ts';

export const NODE_MARKS = [
  'inbox.full',
  'inbox.at-exact-capacity',
  'inbox.node-down',
  'inbox.gate-dropped',
  'inbox.record-dropped',
  'crash.again',
  'crash.several-at-once',
  'crash.while-paused',
  'crash.with-inbox-waiting',
  'log.crash-lost-entries',
  'log.crash-kept-unsynced',
  'log.crash-with-nothing-unsynced',
  'log.torn-tail-recovered',
  'pause.past-hand-over',
  'clock.jumped-back',
  'clock.jumped-forward',
  'clock.went-back-between-records',
  'clock.went-back-before-record',
  'clock.clamped-at-zero',
] as const;

type NodeMark = (typeof NODE_MARKS)[number];

const HAND_OVER_MS = 500;

class Node {
  waiting = 0;
  pausedAt = -1;
  torn = false;
  jumped = false;
  lastWallMs = 0n;
  /** How far the wall clock has jumped in all. */
  shiftMs = 0;
  /** By action id: the wall clock, as far as jumps tell it, when the action was handed to the executor. */
  handedOverAt: number[] = [];
  /** Lengths of the frames that this incarnation appended to its own log. */
  frames: number[] = [];
}

export function nodeMarks({ mark, now, config }: MarkContext<NodeMark>): Handlers {
  const nodes = new PerNode(config.nodes, () => new Node());
  let lastCrashAt = -1;

  function stamped(number: number, wallMs: bigint): void {
    const node = nodes.of(number);
    if (wallMs < node.lastWallMs) mark('clock.went-back-between-records');
    if (node.jumped && wallMs === 0n) mark('clock.clamped-at-zero');
    node.lastWallMs = wallMs;
  }

  return {
    boot({ node: number }) {
      const node = nodes.of(number);
      if (node.torn) mark('log.torn-tail-recovered');
      node.torn = false;
      node.waiting = 0;
      node.pausedAt = -1;
      node.frames = [];
      node.handedOverAt = [];
    },
    crash({ node: number, inc, synced, written, kept }) {
      const node = nodes.of(number);
      if (inc > 0) mark('crash.again');
      if (lastCrashAt === now()) mark('crash.several-at-once');
      lastCrashAt = now();
      if (node.pausedAt >= 0) mark('crash.while-paused');
      if (node.waiting > 0) mark('crash.with-inbox-waiting');

      if (kept < written) mark('log.crash-lost-entries');
      else if (written > synced) mark('log.crash-kept-unsynced');
      else mark('log.crash-with-nothing-unsynced');
      let boundary = written;
      while (boundary > kept) boundary -= node.frames.pop() ?? boundary;
      node.torn = boundary !== kept;
    },
    'log-append'({ node, payload }) {
      nodes.of(node).frames.push(payload.length + FRAME_OVERHEAD_BYTES);
    },
    pause({ node }) {
      nodes.of(node).pausedAt = now();
    },
    resume({ node: number }) {
      const node = nodes.of(number);
      if (now() - node.pausedAt > HAND_OVER_MS) mark('pause.past-hand-over');
      node.pausedAt = -1;
    },
    offer({ node: number, input, outcome }) {
      if (outcome === 'closed') mark('inbox.node-down');
      else if (outcome === 'full') {
        mark('inbox.full');
        if (input === 'gate-daemon') mark('inbox.gate-dropped');
        else if (input !== 'submit') mark('inbox.record-dropped');
      } else {
        const node = nodes.of(number);
        node.waiting += 1;
        if (node.waiting === config.inboxCapacity) mark('inbox.at-exact-capacity');
      }
    },
    take({ node }) {
      nodes.of(node).waiting -= 1;
    },
    'clock-jump'({ node, byMs }) {
      mark(byMs < 0 ? 'clock.jumped-back' : 'clock.jumped-forward');
      nodes.of(node).jumped = true;
      nodes.of(node).shiftMs += byMs;
    },
    enqueue({ node: number, id }) {
      const node = nodes.of(number);
      node.handedOverAt[Number(id)] = now() + node.shiftMs;
    },
    'append-action'({ node: number, id, wallMs }) {
      const node = nodes.of(number);
      if (node.jumped && now() + node.shiftMs < (node.handedOverAt[Number(id)] ?? 0))
        mark('clock.went-back-before-record');
      stamped(number, wallMs);
    },
    'append-log'({ node, wallMs }) {
      stamped(node, wallMs);
    },
    'append-audit'({ node, wallMs }) {
      stamped(node, wallMs);
    },
  };
}
