/**
 * Draws faults that strike right after an event. What was just appended is not synced yet, what was just sent is under way,
 * and a node that just started is about to ask for what it lacks. Faults at times seldom hit such moments.
 *
 * These faults have their own keys and their own random streams, so the other faults of a seed are the same with and
 * without them.
 */
import { drawLengthMs, WINDOW_MAX_MS } from '../../../sim/faults/swarm.ts';
import type { Stream } from '../../../sim/kernel/choices/streams.ts';
import type { AtEvent, KeyedFault, Profile } from '../../../sim/world.ts';
import type { MeshEventKind } from '../../events.ts';
import type { MeshFault } from '../../scenario/scenario.ts';
import { drawNode, type MeshFaultContext } from './draft.ts';

/** One run in this many has such faults. Runs of the calm profile have no faults at all. */
const ONE_IN: Readonly<Record<Exclude<Profile, 'calm'>, number>> = { swarm: 4, storm: 2 };
/** One run in this many closes a queue during a dispatch that will ask for a retry. */
const CLOSE_RETRY_ONE_IN = 12;
/** Which of the events it is. Early ones come in every run. */
const NTHS: readonly number[] = [1, 1, 1, 2, 2, 3, 4, 6, 10, 17];

/** Events of a node, with the values they must have. */
const AT_NODE: readonly (readonly [event: MeshEventKind, where: NonNullable<AtEvent['where']>])[] = [
  ['append-action', { ok: true }],
  ['append-action', { ok: true }],
  ['append-action', { type: 'failed' }],
  ['append-action', { type: 'gated' }],
  ['append-failure', {}],
  ['log-append', {}],
  ['sync-begin', {}],
  ['sync-begin', {}],
  ['sync', {}],
  ['copy-write', {}],
  ['fold', {}],
  ['take', { input: 'submit' }],
  ['enqueue', { outcome: 'sent' }],
  ['admit', { decision: 'defer' }],
  ['dispatch', {}],
  ['dispatch-end', {}],
  ['dispatch-end', { result: 'failed' }],
  ['broadcast', {}],
  ['backend-send', {}],
  ['backend-answer', {}],
  ['boot', { inc: 1 }],
  ['boot', { inc: 1 }],
  ['boot', { inc: 2 }],
  ['crash', {}],
  ['resume', {}],
];
/** Events of a link, with the field that names the node to strike. */
const AT_LINK: readonly (readonly [event: 'send' | 'deliver', message: 'entry' | 'request'])[] = [
  ['send', 'entry'],
  ['send', 'request'],
  ['deliver', 'entry'],
  ['deliver', 'request'],
];

export function drawMomentFaults(
  streamOf: (name: string) => Stream,
  profile: Profile,
  context: MeshFaultContext,
): (KeyedFault & MeshFault)[] {
  if (profile === 'calm') return [];
  const faults: (KeyedFault & MeshFault)[] = [];
  const stream = streamOf('moments');
  if (stream.int(1, ONE_IN[profile]) === 1) {
    for (let count = stream.int(1, 4); count > 0; count -= 1) {
      const { at, node } = drawAt(stream, context);
      const struck = stream.int(1, 5) === 1 ? drawNode(stream, context) : node;
      faults.push({ key: `e${faults.length + 1}`, at, ...drawFault(stream, context, struck) });
    }
  }
  return [...faults, ...closeDuringRetry(streamOf('moments/close-retry'), context)];
}

/** An event, and the node at which it happens. */
function drawAt(stream: Stream, context: MeshFaultContext): { readonly at: AtEvent; readonly node: number } {
  const node = drawNode(stream, context);
  const nth = stream.pick(NTHS);
  if (context.config.nodes > 1 && stream.int(1, 5) === 1) {
    const [event, message] = stream.pick(AT_LINK);
    return { at: { event, where: { [event === 'send' ? 'from' : 'to']: node, message }, nth }, node };
  }
  const [event, where] = stream.pick(AT_NODE);
  // A node boots once per incarnation.
  return { at: { event, where: { node, ...where }, nth: event === 'boot' ? 1 : nth }, node };
}

function drawFault(stream: Stream, context: MeshFaultContext, node: number): MeshFault {
  const { config, windowMaxMs, vocabulary } = context;
  const forMs = drawLengthMs(stream, Math.min(windowMaxMs, stream.pick([60, 400, 2000])));
  const other = (node % config.nodes) + 1;
  switch (stream.int(1, 12)) {
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
      return { kind: 'node-crash', node, forMs };
    case 6:
      return { kind: 'log-torn-tail', node, forMs };
    case 7:
      return { kind: 'node-pause', node, forMs };
    case 8:
      return { kind: 'sync-slow', node, extraMs: stream.pick([20, 100, 500]), forMs };
    case 9:
      return {
        kind: 'append-error',
        node,
        chain: stream.pick(['action', 'failure', 'log', 'admin-audit'] as const),
        percent: 100,
        forMs,
      };
    case 10:
      if (config.nodes === 1) return { kind: 'node-crash', node, forMs };
      return { kind: 'partition', nodes: [node], oneWay: stream.int(1, 2) === 1, forMs };
    case 11:
      if (config.nodes === 1) return { kind: 'node-pause', node, forMs };
      return { kind: 'link-loss', from: node, to: other, percent: 100, forMs };
    default:
      if (config.backends === 0) return { kind: 'node-crash', node, forMs };
      return { kind: 'backend-dead', node, backend: stream.pick(vocabulary.backends), forMs };
  }
}

/**
 * Closes a queue while a dispatch is under way that then asks for a retry, which cannot come any more. The dispatch is that
 * of the last operation, or of an action that comes when all others have ended, so that nothing else waits.
 */
function closeDuringRetry(stream: Stream, context: MeshFaultContext): (KeyedFault & MeshFault)[] {
  const last = context.submits.at(-1);
  if (last === undefined || stream.int(1, CLOSE_RETRY_ONE_IN) > 1) return [];
  const { key, at, node, action } = last;
  const alone = stream.int(1, 3) > 1;
  const lateMs = Math.max(context.spanMs, at) + stream.int(1000, 3000);
  const strikeMs = { at: alone ? lateMs : at, forMs: WINDOW_MAX_MS };
  const target = { op: alone ? 'r0/1' : key, attempt: 1, times: context.config.maxDefers + 1 };
  const hintMs = stream.pick([1, 10, 100]);
  const faults: (KeyedFault & MeshFault)[] = [
    { key: 'r1', kind: 'dispatch-retry', target, reason: 'busy', hintMs, ...strikeMs },
    { key: 'r2', kind: 'dispatch-slow', target, extraMs: stream.pick([1, 5, 20]), ...strikeMs },
    { key: 'r3', at: { event: 'injected', where: { fault: 'r2' }, nth: 1 }, kind: 'queue-close', node },
  ];
  if (alone) faults.push({ key: 'r0', at: lateMs, kind: 'queue-burst', node, actions: [action] });
  return faults;
}
