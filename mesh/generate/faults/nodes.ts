/** Draws faults of whole nodes where they hurt MeshOS: crashes, pauses, bursts of submissions, closing queues. */

import { drawDownMs, drawDuration } from '../../../sim/faults/draw.ts';
import { drawCount, type Hardness } from '../../../sim/faults/swarm.ts';
import type { Stream } from '../../../sim/kernel/choices/streams.ts';
import type { MeshOsAction } from '../../../src/action/action.ts';
import { drawAction } from '../actions.ts';
import { drawFlood, handOverAfter } from '../motifs.ts';
import { drawMoment, drawNode, drawStrike, type FaultDraft, type MeshFaultContext } from './draft.ts';

/** Crashes: some of several nodes at once, some while a broadcast is under way. */
export function crashes(stream: Stream, hardness: Hardness, context: MeshFaultContext): FaultDraft[] {
  const drafts: FaultDraft[] = [];
  for (let count = drawCount(stream, hardness); count > 0; count -= 1) {
    const during =
      context.broadcasts.length > 0 && stream.int(1, 4) === 1 ? stream.pick(context.broadcasts) : undefined;
    const at = during === undefined ? drawMoment(stream, context) : during.at + stream.int(0, 10);
    const node = during?.node ?? drawNode(stream, context);
    drafts.push({ at, fault: { kind: 'node-crash', node, forMs: drawDownMs(stream, context) } });
    if (context.config.nodes > 1 && stream.int(1, 3) === 1) {
      const other = (node % context.config.nodes) + 1;
      drafts.push({ at, fault: { kind: 'node-crash', node: other, forMs: drawDownMs(stream, context) } });
    }
  }
  return drafts;
}

/** Crashes that cut an entry in two. They need an unsynced entry, so they come soon after a hand-over. */
export function tornTails(stream: Stream, hardness: Hardness, context: MeshFaultContext): FaultDraft[] {
  const drafts: FaultDraft[] = [];
  for (let count = drawCount(stream, hardness); count > 0; count -= 1) {
    const { node, at } = context.submits.length > 0 ? stream.pick(context.submits) : drawStrike(stream, context);
    const busyMs = stream.int(1, 5 + 2 * context.config.dispatch.maxMs);
    const fault = { kind: 'log-torn-tail', node, forMs: drawDownMs(stream, context) } as const;
    drafts.push({ at: handOverAfter(at) + busyMs, fault });
  }
  return drafts;
}

/** Pauses, mostly longer than some window, so that timers fire late. */
export function pauses(stream: Stream, hardness: Hardness, context: MeshFaultContext): FaultDraft[] {
  const { config, windowMaxMs } = context;
  const drafts: FaultDraft[] = [];
  for (let count = drawCount(stream, hardness); count > 0; count -= 1) {
    const forMs = stream.pick([
      drawDuration(stream, context),
      501,
      config.pullCooldownMs + stream.int(1, 20),
      Math.max(1, config.broadcastTimeoutMs) + stream.int(0, 20),
      config.stabilizationMs + 1,
      stream.int(700, 1600),
    ]);
    drafts.push({
      at: drawMoment(stream, context),
      fault: { kind: 'node-pause', node: drawNode(stream, context), forMs: Math.min(windowMaxMs, forMs) },
    });
  }
  return drafts;
}

/** Submissions in one instant, mostly more than the inbox or the queue holds. */
export function bursts(stream: Stream, hardness: Hardness, context: MeshFaultContext): FaultDraft[] {
  const { config, leaning, vocabulary } = context;
  for (let count = drawCount(stream, hardness); count > 0; count -= 1) {
    const at = drawMoment(stream, context);
    const smaller = Math.min(config.inboxCapacity, config.queueCapacity);
    const actions: MeshOsAction[] = [];
    const total = stream.int(1, 2) === 1 ? drawFlood(stream, smaller) : stream.int(2, 25);
    while (actions.length < total) actions.push(drawAction(stream, leaning, vocabulary, at));
    context.bursts.push({ at, fault: { kind: 'queue-burst', node: drawNode(stream, context), actions } });
  }
  return context.bursts;
}

/** Closes one queue, or two in a run that is to be hard. Late, because nothing is dispatched there afterwards. */
export function queueCloses(stream: Stream, hardness: Hardness, context: MeshFaultContext): FaultDraft[] {
  const drafts: FaultDraft[] = [];
  for (let count = hardness === 3 ? 2 : 1; count > 0; count -= 1) {
    const late = stream.int(Math.floor((2 * context.spanMs) / 3), context.spanMs);
    const at = stream.int(1, 2) === 1 ? late : handOverAfter(late) + stream.int(0, 99);
    drafts.push({ at, fault: { kind: 'queue-close', node: drawNode(stream, context) } });
  }
  return drafts;
}
