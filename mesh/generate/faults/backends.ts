/** Draws faults of backends, around broadcasts to them. Without broadcasts there are none. */
import { drawDuration } from '../../../sim/faults/draw.ts';
import { drawCount, type Hardness } from '../../../sim/faults/swarm.ts';
import type { Stream } from '../../../sim/kernel/choices/streams.ts';
import type { MeshFault } from '../../scenario/scenario.ts';
import type { FaultDraft, MeshFaultContext } from './draft.ts';

interface Victim {
  readonly node: number;
  readonly backend: string;
}

/** `before`: the fault is there when the broadcast is sent. Otherwise it comes while the broadcast is under way. */
function atBroadcasts(
  stream: Stream,
  hardness: Hardness,
  context: MeshFaultContext,
  before: boolean,
  make: (victim: Victim) => MeshFault,
): FaultDraft[] {
  const drafts: FaultDraft[] = [];
  const { broadcasts, config, vocabulary } = context;
  if (broadcasts.length === 0 || config.backends === 0) return drafts;
  for (let count = drawCount(stream, hardness, 2); count > 0; count -= 1) {
    const { at, node } = stream.pick(broadcasts);
    const inFlightMs = Math.min(400, Math.max(1, config.broadcastTimeoutMs));
    drafts.push({
      at: before ? Math.max(0, at - stream.int(0, 30)) : at + stream.int(0, inFlightMs),
      fault: make({ node, backend: stream.pick(vocabulary.backends) }),
    });
  }
  return drafts;
}

export function deaths(stream: Stream, hardness: Hardness, context: MeshFaultContext): FaultDraft[] {
  const before = stream.int(1, 3) === 1;
  return atBroadcasts(stream, hardness, context, before, (victim) => ({
    kind: 'backend-dead',
    ...victim,
    forMs: drawDuration(stream, context),
  }));
}

/** Answers close to the deadline, or long after it. */
export function slowAnswers(stream: Stream, hardness: Hardness, context: MeshFaultContext): FaultDraft[] {
  const deadlineMs = Math.max(1, context.config.broadcastTimeoutMs);
  return atBroadcasts(stream, hardness, context, true, (victim) => ({
    kind: 'backend-slow',
    ...victim,
    delayMs: Math.min(
      context.windowMaxMs,
      stream.pick([deadlineMs - 1, deadlineMs, deadlineMs, deadlineMs + 1, deadlineMs + 30, 2 * deadlineMs]),
    ),
    forMs: drawDuration(stream, context),
  }));
}

export function failures(stream: Stream, hardness: Hardness, context: MeshFaultContext): FaultDraft[] {
  return atBroadcasts(stream, hardness, context, true, (victim) => ({
    kind: 'backend-fail',
    ...victim,
    reason: stream.pick(['unsupported_operation', 'rejected', 'backend_error']),
    forMs: drawDuration(stream, context),
  }));
}

export function replacements(stream: Stream, hardness: Hardness, context: MeshFaultContext): FaultDraft[] {
  return atBroadcasts(stream, hardness, context, false, (victim) => ({ kind: 'backend-replace', ...victim }));
}
