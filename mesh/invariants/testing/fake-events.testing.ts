/** Events for tests, without the fields that a test does not care about. */
import type { MeshEvent } from '../../events.ts';

/** By kind: fields that a test need not state. */
interface Spared {
  enqueue: 'action' | 'emittedAtMs';
  'append-log': 'daemonId';
  'append-audit': 'operation';
  'log-append': 'offset' | 'crc';
  'copy-write': 'seq' | 'crc';
  fold: 'reason';
  probe: 'reason' | 'largestBytes';
  send: 'crc' | 'msg' | 'copies';
  deliver: 'crc' | 'msg' | 'copy' | 'refused';
  broadcast: 'operation' | 'waiting';
  'backend-answer': 'afterMs' | 'late';
  'broadcast-result': 'sentCount' | 'allAcked';
}

type EventOf<K> = Extract<MeshEvent, { kind: K }>;
type Sparse<E, F extends keyof E> = Omit<E, F> & Partial<Pick<E, F>>;

/** The part of an event that a test is about. */
export type Sketch =
  | Exclude<MeshEvent, { kind: keyof Spared }>
  | { [K in keyof Spared]: Sparse<EventOf<K>, Spared[K] & keyof EventOf<K>> }[keyof Spared];

/** The whole event. */
export function completed(sketch: Sketch): MeshEvent {
  switch (sketch.kind) {
    case 'enqueue': {
      const { action, emittedAtMs } = sketch.pending;
      return { action: action.kind, emittedAtMs, ...sketch };
    }
    case 'append-log':
      return { daemonId: sketch.record.daemonId, ...sketch };
    case 'append-audit':
      return { operation: sketch.record.operation, ...sketch };
    case 'log-append':
      return { offset: 0, crc: 0, ...sketch };
    case 'copy-write':
      return { seq: 0, crc: 0, ...sketch };
    case 'fold':
      return { reason: null, ...sketch };
    case 'probe':
      return { reason: null, largestBytes: 0, ...sketch };
    case 'send':
      return { crc: 0, msg: 1, copies: sketch.fate === 'sent' ? 1 : 0, ...sketch };
    case 'deliver':
      return { crc: 0, msg: 1, copy: 1, refused: sketch.accepted ? null : 'down', ...sketch };
    case 'broadcast':
      return { operation: sketch.given.operation.kind, waiting: 0, ...sketch };
    case 'backend-answer':
      return { afterMs: 0, late: false, ...sketch };
    case 'broadcast-result':
      return { sentCount: sketch.result.sentCount, allAcked: sketch.result.allLiveBackendsAcked, ...sketch };
    default:
      return sketch;
  }
}
