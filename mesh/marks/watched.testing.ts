/**
 * A stream of events for tests of marks. Each method is one event, with everything filled in that a test does not care
 * about.
 */
import type { MeshOsAction } from '../../src/action/action.ts';
import type { NodeInput } from '../../src/node/ports.ts';
import type { SendOutcome } from '../../src/runtime/port.ts';
import type { MeshEvent, MeshEventKind } from '../events.ts';
import { completed, type Sketch } from '../invariants/testing/fake-events.testing.ts';
import { FAKE_CONFIG } from '../invariants/testing/fake-mesh.testing.ts';
import type { MeshConfig } from '../scenario/scenario.ts';
import { createMarks, type MeshMark } from './marks.ts';
import type { Handlers } from './observer.ts';

type EventOf<K extends MeshEventKind> = Extract<MeshEvent, { kind: K }>;

const INPUTS: { readonly [K in NodeInput['kind']]: NodeInput } = {
  submit: { kind: 'submit', action: { kind: 'reduce_heat', blob: 1n, by: 1 } },
  'gate-daemon': { kind: 'gate-daemon', daemon: { id: 1n, name: 'd' }, untilMs: 0 },
  log: { kind: 'log', level: 'info', daemonId: null, message: '' },
  admin: { kind: 'admin', operator: '', operation: '', outcome: 'accepted' },
};

export const HEAT: MeshOsAction = { kind: 'reduce_heat', blob: 1n, by: 1 };

export function pull(chain: bigint): MeshOsAction {
  return { kind: 'pull_replica', chain, source: 1n };
}

export const MIGRATE: MeshOsAction = { kind: 'migrate_blob', blob: 1n, from: 1n, to: 2n };

export class Watched {
  #nowMs = 0;
  #incs = new Map<number, number>();
  #reached = new Set<MeshMark>();
  readonly #observers: Handlers;

  constructor(config: Partial<MeshConfig> = {}) {
    this.#observers = createMarks(
      (mark) => this.#reached.add(mark),
      () => this.#nowMs,
      { ...FAKE_CONFIG, ...config },
    );
  }

  /** The marks reached since the last call, in alphabetical order. */
  reached(): MeshMark[] {
    const marks = [...this.#reached].sort();
    this.#reached = new Set();
    return marks;
  }

  at(ms: number): this {
    this.#nowMs = ms;
    return this;
  }

  event(sketch: Sketch): this {
    const event = completed(sketch);
    const observers: Readonly<Record<string, ((event: never) => void) | undefined>> = this.#observers;
    // The key under which an observer stands is the kind of event that it takes.
    const observe = observers[event.kind] as ((event: MeshEvent) => void) | undefined;
    observe?.(event);
    return this;
  }

  boot(node = 1): this {
    this.#incs.set(node, (this.#incs.get(node) ?? -1) + 1);
    return this.event({ kind: 'boot', node, inc: this.#inc(node), entries: 0 });
  }

  crash(node = 1, bytes: Partial<EventOf<'crash'>> = {}): this {
    return this.event({ kind: 'crash', node, inc: this.#inc(node), synced: 0, written: 0, kept: 0, ...bytes });
  }

  pause(node = 1): this {
    return this.event({ kind: 'pause', node, inc: this.#inc(node) });
  }

  resume(node = 1): this {
    return this.event({ kind: 'resume', node, inc: this.#inc(node) });
  }

  offer(outcome: SendOutcome, input: NodeInput['kind'] = 'submit'): this {
    return this.event({ kind: 'offer', ...this.#one(), op: 'k1', input, outcome, given: INPUTS[input] });
  }

  take(): this {
    return this.event({ kind: 'take', ...this.#one(), op: 'k1', input: 'submit' });
  }

  enqueue(id: bigint, outcome: SendOutcome = 'sent'): this {
    return this.event({ kind: 'enqueue', ...this.#one(), id, outcome, pending: { id, action: HEAT, emittedAtMs: 0 } });
  }

  dequeue(id: bigint): this {
    return this.event({ kind: 'dequeue', ...this.#one(), id });
  }

  closeQueue(): this {
    return this.event({ kind: 'queue-close', ...this.#one() });
  }

  executorEnd(): this {
    return this.event({ kind: 'executor-end', ...this.#one() });
  }

  admit(id: bigint, action: MeshOsAction = HEAT): this {
    return this.event({ kind: 'admit', ...this.#one(), id, decision: 'admit', ms: 0, reason: null, action });
  }

  defer(id: bigint, ms: number, action: MeshOsAction = HEAT): this {
    return this.event({ kind: 'admit', ...this.#one(), id, decision: 'defer', ms, reason: null, action });
  }

  gated(id: bigint, action: MeshOsAction): this {
    const reason = 'daemon-backoff';
    return this.event({ kind: 'admit', ...this.#one(), id, decision: 'gate', ms: 0, reason, action });
  }

  release(id: bigint): this {
    return this.event({ kind: 'release', ...this.#one(), id });
  }

  gate(untilMs: number): this {
    return this.event({ kind: 'gate', ...this.#one(), daemonId: 1n, daemonName: 'd', untilMs });
  }

  depth(depth: number, change: EventOf<'depth'>['change'] = 'steady'): this {
    return this.event({ kind: 'depth', ...this.#one(), depth, change });
  }

  dispatch(id: bigint): this {
    const pending = { id, action: HEAT, emittedAtMs: 0 };
    return this.event({ kind: 'dispatch', ...this.#one(), id, call: 0, pending });
  }

  dispatchEnd(id: bigint, result: EventOf<'dispatch-end'>['result'], retryAfterMs: bigint | null = null): this {
    return this.event({ kind: 'dispatch-end', ...this.#one(), id, call: 0, result, reason: null, retryAfterMs });
  }

  appendAction(fields: Partial<EventOf<'append-action'>> = {}): this {
    return this.event({
      kind: 'append-action',
      ...this.#one(),
      id: 1n,
      action: 'reduce_heat',
      emittedAtMs: 0n,
      type: 'dispatched',
      reason: null,
      ms: null,
      ok: true,
      seq: 1n,
      damaged: false,
      version: 1,
      wallMs: 1n,
      record: { id: 1n, kind: 'reduce_heat', emittedAtMs: 0n, disposition: { type: 'dispatched' } },
      error: null,
      ...fields,
    });
  }

  appendFailure(ok = true): this {
    const record = { seq: 1n, source: '', reason: '', recordedAtMs: 0n };
    return this.event({ kind: 'append-failure', ...this.#one(), ...record, ok, wallMs: 1n, record, error: null });
  }

  appendLog(ok = true, wallMs = 1n): this {
    return this.event({
      kind: 'append-log',
      ...this.#one(),
      seq: 1n,
      tsMs: 0n,
      level: 'info',
      message: '',
      ok,
      wallMs,
      record: { seq: 1n, tsMs: 0n, level: 'info', daemonId: null, nodeId: null, message: '', chainPending: false },
      error: null,
    });
  }

  appendAudit(ok = true): this {
    const record = { seq: 1n, tsMs: 0n, nodeId: 1n, operator: '', operation: '', chainPending: false } as const;
    return this.event({
      kind: 'append-audit',
      ...this.#one(),
      seq: 1n,
      tsMs: 0n,
      operator: '',
      outcome: 'accepted',
      ok,
      wallMs: 1n,
      record: { ...record, outcome: 'accepted' },
      error: null,
    });
  }

  logAppend(payloadBytes: number): this {
    const payload = new Uint8Array(payloadBytes);
    return this.event({
      kind: 'log-append',
      ...this.#one(),
      seq: 1n,
      payload,
      damaged: false,
      original: payload,
      end: 0,
    });
  }

  request(seq: bigint): this {
    return this.event({ kind: 'send', from: 1, to: 2, message: 'request', chain: 2, seq, fate: 'sent' });
  }

  deliver(seq: bigint, fields: Partial<EventOf<'deliver'>> = {}): this {
    const where = { from: 2, to: 1, message: 'entry', chain: 2 } as const;
    return this.event({ kind: 'deliver', ...where, seq, damaged: false, accepted: true, frame: null, ...fields });
  }

  /** Node 1 folds an entry of node 2's chain. */
  fold(seq: bigint, fields: Partial<EventOf<'fold'>> = {}): this {
    const payload = new Uint8Array(0);
    const folded = { chain: 2, seq, reader: 1, outcome: 'folded', length: 1, payload, rebuild: false } as const;
    return this.event({ kind: 'fold', ...this.#one(), ...folded, ...fields });
  }

  broadcast(op: string): this {
    const given = { kind: 'broadcast', node: 1, operation: { kind: 'quiesce', reason: 'maintenance' } } as const;
    return this.event({ kind: 'broadcast', ...this.#one(), op, given, client: { result: null } });
  }

  backendSend(op: string, backend: string): this {
    return this.event({ kind: 'backend-send', ...this.#one(), op, backend, endpoint: 1, operation: '' });
  }

  backendAnswer(op: string, backend: string): this {
    return this.event({ kind: 'backend-answer', ...this.#one(), op, backend, endpoint: 1, answer: 'ack' });
  }

  backendLive(backend: string, live: boolean, found = true): this {
    return this.event({ kind: 'backend-live', ...this.#one(), op: 'k9', backend, live, found });
  }

  backendRegister(backend: string): this {
    return this.event({
      kind: 'backend-register',
      ...this.#one(),
      op: 'k9',
      backend,
      endpoint: 2,
      live: true,
      replaced: 1,
    });
  }

  result(op: string, lists: Partial<EventOf<'broadcast-result'>> = {}): this {
    const none = { acks: [], timeouts: [], failures: [], skippedDead: [] };
    const operation = { kind: 'quiesce', reason: 'maintenance' } as const;
    const result = { operation, ...none, sentCount: 0, allLiveBackendsAcked: true };
    return this.event({ kind: 'broadcast-result', ...this.#one(), op, ...none, timeoutMs: 500, result, ...lists });
  }

  #one(): { node: number; inc: number } {
    return { node: 1, inc: this.#inc(1) };
  }

  #inc(node: number): number {
    return this.#incs.get(node) ?? 0;
  }
}
