/**
 * The lifecycle broadcast as the source and docs/specification/control-plane.md section 8 describe it: what a broadcast
 * comes to, given who is registered and how each answers, and a reader that says of a live broadcaster what each result
 * must be, and when.
 */
import assert from 'node:assert/strict';
import type { BackendKey } from '../../src/broadcast/backend.ts';
import type { BackendResponse, BroadcastOperation } from '../../src/broadcast/operation.ts';
import type { BroadcastResult } from '../../src/broadcast/operation-result.ts';
import type { BroadcastEffect } from '../broadcast-effects.testing.ts';

/** One backend's part in a broadcast. Null: dead and skipped. */
export interface Part {
  readonly key: BackendKey;
  readonly response: BackendResponse | null;
}

/** Every backend is in exactly one list, in order of registration. */
export function partition(operation: BroadcastOperation, timeoutMs: bigint, parts: readonly Part[]): BroadcastResult {
  const of = (kind: BackendResponse['kind'] | undefined) => parts.filter(({ response }) => response?.kind === kind);
  const failures = parts.flatMap(({ key, response }) => {
    return response?.kind === 'failure' ? [{ key, reason: response.reason }] : [];
  });
  const timeouts = of('timeout').map(({ key }) => ({ key, timeoutMs: timeoutMs === 0n ? 1n : timeoutMs }));
  return {
    operation,
    acks: of('ack').map(({ key }) => key),
    timeouts,
    failures,
    skippedDead: of(undefined).map(({ key }) => key),
    sentCount: parts.length - of(undefined).length,
    allLiveBackendsAcked: timeouts.length === 0 && failures.length === 0,
  };
}

/** Keys in a form in which equal keys are equal strings. */
export function keyText({ instance, serviceName, serviceVersion }: BackendKey): string {
  const of = instance.kind === 'private' ? instance.serviceName : instance.kind === 'explicit' ? instance.name : null;
  return JSON.stringify([instance.kind, of, serviceName, serviceVersion]);
}

interface Registered {
  readonly key: BackendKey;
  readonly endpoint: number;
  live: boolean;
}

interface Sending {
  readonly key: BackendKey;
  readonly endpoint: number;
  readonly wasLive: boolean;
  isSent: boolean;
  /** The first answer in time, or that it died before one came. Null while neither has happened. */
  response: BackendResponse | null;
}

interface InFlight {
  readonly operation: BroadcastOperation;
  readonly deadlineMs: number;
  readonly sendings: readonly Sending[];
  /** When the last of those that were sent to answered or died. */
  quietAtMs: number;
}

export class BroadcastReader {
  readonly #timeoutMs: number;
  readonly #registry: Registered[] = [];
  readonly #asked: { readonly operation: BroadcastOperation; readonly atMs: number }[] = [];
  #inFlight: InFlight | null = null;
  /** Since when the broadcaster has nothing in flight. */
  #freeAtMs = 0;
  #isPaused = false;
  #resumedAtMs = 0;
  /** What each broadcast came to. */
  readonly results: BroadcastResult[] = [];
  /** The parts of each. */
  readonly parts: (readonly Part[])[] = [];

  constructor(timeoutMs: number) {
    this.#timeoutMs = Math.max(1, timeoutMs);
  }

  /** Reads what happened up to `nowMs`, and finds what should have happened and did not. */
  read(effects: readonly BroadcastEffect[], nowMs: number): void {
    for (const effect of effects) this.#take(effect);
    if (this.#isPaused) return;
    if (this.#inFlight === null) {
      assert.equal(this.#asked.length, 0, 'a broadcast waits, and none is in flight');
      return;
    }
    const { deadlineMs, sendings } = this.#inFlight;
    assert.ok(nowMs <= deadlineMs, `a broadcast with its deadline at ${deadlineMs} ms has no result at ${nowMs} ms`);
    const isAnswered = ({ response }: Sending) => response !== null && response.kind !== 'timeout';
    const isOpen = sendings.some((sending) => sending.wasLive && !isAnswered(sending));
    assert.ok(isOpen, 'all have answered, and there is no result');
  }

  #take(effect: BroadcastEffect): void {
    switch (effect.what) {
      case 'register':
        this.#register(effect);
        break;
      case 'set-live':
        this.#setLive(effect);
        break;
      case 'ask':
        this.#asked.push(effect);
        break;
      case 'pause':
        this.#isPaused = true;
        break;
      case 'resume':
        this.#isPaused = false;
        this.#resumedAtMs = effect.atMs;
        break;
      case 'sent':
        this.#sent(effect);
        break;
      case 'answer':
        this.#answered(effect);
        break;
      case 'result':
        this.#resulted(effect);
    }
  }

  #register({ key, endpoint, live, replaced }: BroadcastEffect & { readonly what: 'register' }): void {
    const before = this.#registry.find((registered) => keyText(registered.key) === keyText(key));
    assert.equal(replaced, before?.endpoint ?? null, 'what was replaced');
    if (before === undefined) this.#registry.push({ key, endpoint, live });
    else this.#registry.splice(this.#registry.indexOf(before), 1, { key, endpoint, live });
  }

  #setLive({ key, live, found, atMs }: BroadcastEffect & { readonly what: 'set-live' }): void {
    const registered = this.#registry.find((one) => keyText(one.key) === keyText(key));
    assert.equal(found, registered !== undefined, 'whether there is such a backend');
    if (registered === undefined) return;
    registered.live = live;
    if (!live) this.#close(registered.endpoint, { kind: 'timeout' }, atMs);
  }

  #sent({ endpoint, operation, atMs }: BroadcastEffect & { readonly what: 'sent' }): void {
    const inFlight = this.#inFlight ?? this.#begin(atMs);
    assert.deepEqual(operation, inFlight.operation);
    const next = inFlight.sendings.find(({ wasLive, isSent }) => wasLive && !isSent);
    assert.equal(endpoint, next?.endpoint, 'who is sent to next');
    if (next !== undefined) next.isSent = true;
    assert.equal(atMs + this.#timeoutMs, inFlight.deadlineMs, 'all are sent to at once');
  }

  #answered({ endpoint, sending, answer, atMs }: BroadcastEffect & { readonly what: 'answer' }): void {
    const isOfThis = sending === this.results.length;
    if (isOfThis && this.#inFlight !== null && atMs <= this.#inFlight.deadlineMs) this.#close(endpoint, answer, atMs);
  }

  #close(endpoint: number, response: BackendResponse, atMs: number): void {
    const inFlight = this.#inFlight;
    const sending = inFlight?.sendings.find((one) => one.wasLive && one.endpoint === endpoint);
    if (inFlight === null || sending === undefined || sending.response !== null) return;
    sending.response = response;
    inFlight.quietAtMs = atMs;
  }

  #begin(atMs: number): InFlight {
    const asked = this.#asked.shift();
    if (asked === undefined) assert.fail('a broadcast that nobody asked for');
    assert.equal(atMs, Math.max(asked.atMs, this.#freeAtMs, this.#resumedAtMs), 'when a broadcast begins');
    const sendings = this.#registry.map(({ key, endpoint, live }) => {
      return { key, endpoint, wasLive: live, isSent: false, response: null };
    });
    this.#inFlight = { operation: asked.operation, deadlineMs: atMs + this.#timeoutMs, sendings, quietAtMs: atMs };
    return this.#inFlight;
  }

  #resulted({ result, atMs }: BroadcastEffect & { readonly what: 'result' }): void {
    const { operation, deadlineMs, sendings, quietAtMs } = this.#inFlight ?? this.#begin(atMs);
    assert.ok(
      sendings.every(({ wasLive, isSent }) => wasLive === isSent),
      'not all that lived were sent to',
    );
    const isQuiet = sendings.every(({ wasLive, response }) => !wasLive || response !== null);
    // An answer may come at any moment of the deadline's millisecond.
    const mayEndMs = isQuiet ? quietAtMs : deadlineMs + 1;
    assert.ok(atMs >= mayEndMs, `a result at ${atMs} ms, before ${mayEndMs} ms`);
    assert.ok(atMs <= Math.max(deadlineMs + 1, this.#resumedAtMs), `a result only at ${atMs} ms`);
    const parts = sendings.map(({ key, wasLive, response }): Part => {
      return { key, response: wasLive ? (response ?? { kind: 'timeout' }) : null };
    });
    assert.deepEqual(result, partition(operation, BigInt(this.#timeoutMs), parts));
    this.results.push(result);
    this.parts.push(parts);
    this.#inFlight = null;
    this.#freeAtMs = atMs;
  }
}
