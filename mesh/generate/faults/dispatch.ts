/** Draws faults of the dispatcher and its hook: for attempts of one operation, or for a share of a node's dispatches. */
import { drawCount, drawPercent, type Hardness } from '../../../sim/faults/swarm.ts';
import type { Stream } from '../../../sim/kernel/choices/streams.ts';
import { FOREIGN_TEXTS, HUGE_TEXT } from '../vocabulary.ts';
import { type DispatchFault, drawStrike, type FaultDraft, type MeshFaultContext } from './draft.ts';

/**
 * One reason in this many is longer than 65,535 bytes, in faults of a single operation. In a fault that strikes a share of
 * a node's dispatches it would stand dozens of times in every copy of a chain, and show nothing more.
 */
const HUGE_ONE_IN = 60;

/** Puts a fault, given without a target, where it strikes. */
function aimed(
  stream: Stream,
  hardness: Hardness,
  context: MeshFaultContext,
  make: (target: DispatchFault['target'], forMs: number) => DispatchFault,
): FaultDraft {
  const { submits, bursts } = context;
  if (bursts.length > 0 && stream.int(1, 5) === 1) {
    const of = stream.pick(bursts);
    // The operation's key is not known yet, so its place stays empty until it is.
    const fault = make(drawAttempts(stream, context, ''), drawReach(stream, context));
    const count = of.fault.kind === 'queue-burst' ? of.fault.actions.length : 1;
    return { at: of.at, fault, burst: { of, index: stream.int(1, count) } };
  }
  if (submits.length > 0 && stream.int(1, 5) <= 3) {
    const { at, key } = stream.pick(submits);
    const fault = make(drawAttempts(stream, context, key), drawReach(stream, context));
    return { at: Math.max(0, at - stream.int(0, 20)), fault };
  }
  const { node, at, forMs } = drawStrike(stream, context);
  return { at, fault: make({ node, percent: drawPercent(stream, hardness) }, forMs) };
}

function drawAttempts(stream: Stream, { config }: MeshFaultContext, op: string): DispatchFault['target'] {
  const attempt = stream.pick([1, 1, 1, 2, 3]);
  const times = stream.pick([1, 1, 2, 3, Math.max(1, config.maxDefers), config.maxDefers + 1, config.maxDefers + 2]);
  return { op, attempt, times };
}

/** Long enough for an operation to be handed over and tried again. */
function drawReach(stream: Stream, { windowMaxMs }: MeshFaultContext): number {
  return stream.int(600, Math.min(2000, windowMaxMs));
}

function each(stream: Stream, hardness: Hardness, draw: () => FaultDraft): FaultDraft[] {
  const drafts: FaultDraft[] = [];
  for (let count = drawCount(stream, hardness, 2); count > 0; count -= 1) drafts.push(draw());
  return drafts;
}

function drawReason(stream: Stream, target: DispatchFault['target']): string {
  return stream.int(1, HUGE_ONE_IN) === 1 && 'op' in target ? HUGE_TEXT : stream.pick(FOREIGN_TEXTS);
}

export function dispatchErrors(stream: Stream, hardness: Hardness, context: MeshFaultContext): FaultDraft[] {
  return each(stream, hardness, () =>
    aimed(stream, hardness, context, (target, forMs) => ({
      kind: 'dispatch-error',
      target,
      forMs,
      reason: drawReason(stream, target),
    })),
  );
}

export function dispatchRetries(stream: Stream, hardness: Hardness, context: MeshFaultContext): FaultDraft[] {
  const { config, windowMaxMs } = context;
  return each(stream, hardness, () =>
    aimed(stream, hardness, context, (target, forMs) => ({
      kind: 'dispatch-retry',
      target,
      forMs,
      reason: drawReason(stream, target),
      // A migration is deferred by 100 ms: this makes equal deadlines that were set at different times.
      hintMs: Math.min(
        windowMaxMs,
        stream.pick([0, 0, 1, stream.int(2, 50), stream.int(51, 500), 100, 100, config.pullCooldownMs, 500]),
      ),
    })),
  );
}

export function dispatchPanics(stream: Stream, hardness: Hardness, context: MeshFaultContext): FaultDraft[] {
  return each(stream, hardness, () =>
    aimed(stream, hardness, context, (target, forMs) => ({
      kind: 'dispatch-panic',
      target,
      forMs,
      how: stream.pick(['rejects', 'throws']),
    })),
  );
}

export function dispatchSlow(stream: Stream, hardness: Hardness, context: MeshFaultContext): FaultDraft[] {
  const { config, windowMaxMs } = context;
  return each(stream, hardness, () =>
    aimed(stream, hardness, context, (target, forMs) => ({
      kind: 'dispatch-slow',
      target,
      forMs,
      extraMs: Math.min(windowMaxMs, stream.pick([1, 10, 40, 100, config.pullCooldownMs, 499, 500, 501, 700])),
    })),
  );
}

export function hookThrows(stream: Stream, hardness: Hardness, context: MeshFaultContext): FaultDraft[] {
  return each(stream, hardness, () => {
    const { node, at, forMs } = drawStrike(stream, context);
    return { at, fault: { kind: 'hook-throw', node, forMs } };
  });
}
