/**
 * The backends of one incarnation of a node: endpoints that answer broadcasts after a drawn time, whatever has become of
 * them meanwhile. The broadcaster must know whose answer still counts.
 */

import type { Actor } from '../../sim/kernel/trace/trace.ts';
import type { BackendKey } from '../../src/broadcast/backend.ts';
import type { BroadcastOperation } from '../../src/broadcast/operation.ts';
import type { BackendAnswer, BackendEndpoint } from '../../src/broadcast/ports.ts';
import type { NodeHost } from './node-host.ts';
import { operationName } from './operations.ts';

const SERVICE = 'backend';
const VERSION = '1.0.0';

/**
 * The key of the backend that scenarios call by this name. The name stands in one field of the key, and not in the same
 * field for all backends, so that some keys differ in any one field alone.
 */
export function backendKey(backend: string): BackendKey {
  const key: BackendKey = { instance: { kind: 'shared' }, serviceName: SERVICE, serviceVersion: VERSION };
  switch (backend.charCodeAt(backend.length - 1) % 4) {
    case 0:
      return { ...key, serviceName: backend };
    case 1:
      return { ...key, serviceVersion: backend };
    case 2:
      return { ...key, instance: { kind: 'private', serviceName: backend } };
    default:
      return { ...key, instance: { kind: 'explicit', name: backend } };
  }
}

/** The name that a key stands for. */
export function backendName({ instance, serviceName, serviceVersion }: BackendKey): string {
  switch (instance.kind) {
    case 'private':
      return instance.serviceName;
    case 'explicit':
      return instance.name;
    case 'shared':
      return serviceVersion === VERSION ? serviceName : serviceVersion;
  }
}

/** What the trace says of an operation or an answer. */
export function describeOperation(operation: BroadcastOperation): string {
  return operation.kind === 'quiesce' ? `quiesce:${operation.reason}` : `release_handles:${operation.pathPrefix}`;
}

const ACK: BackendAnswer = { kind: 'ack' };
/** Stands for the operation of a broadcast that nobody asked for. That is a finding about the node, so the run goes on. */
const NOBODY = 'nobody';

export class SimBackends {
  readonly #host: NodeHost;
  /** Stands in the trace for every answer. */
  readonly #actor: Actor = { name: 'backends', place: -1 };
  /** Broadcasts asked for and not ended, oldest first. Each operation object belongs to one broadcast. */
  readonly #asked: { readonly operation: BroadcastOperation; readonly op: string }[] = [];
  readonly #endpoints: BackendEndpoint[] = [];

  constructor(host: NodeHost) {
    this.#host = host;
  }

  asked(operation: BroadcastOperation, op: string): void {
    this.#asked.push({ operation, op });
  }

  /** Returns the key of the operation whose broadcast has ended. */
  ended(operation: BroadcastOperation): string {
    const index = this.#asked.findIndex((asked) => asked.operation === operation);
    const [ended] = index < 0 ? [] : this.#asked.splice(index, 1);
    return ended?.op ?? NOBODY;
  }

  get waiting(): number {
    return this.#asked.length;
  }

  /** A fresh endpoint. */
  endpoint(backend: string): BackendEndpoint {
    const number = this.#endpoints.length + 1;
    const endpoint: BackendEndpoint = { send: (operation, answer) => this.#send(backend, number, operation, answer) };
    this.#endpoints.push(endpoint);
    return endpoint;
  }

  /** Number of an endpoint, from 1; 0 if it does not belong to this incarnation. */
  numberOf(endpoint: BackendEndpoint | undefined): number {
    return endpoint === undefined ? 0 : this.#endpoints.indexOf(endpoint) + 1;
  }

  #send(
    backend: string,
    endpoint: number,
    operation: BroadcastOperation,
    answer: (answer: BackendAnswer) => void,
  ): void {
    const { kernel, node, inc, config } = this.#host;
    const op = this.#asked.find((asked) => asked.operation === operation)?.op ?? NOBODY;
    this.#host.emit({
      kind: 'backend-send',
      node,
      inc,
      op,
      backend,
      endpoint,
      operation: describeOperation(operation),
    });
    const sentAtMs = kernel.now;
    const where = operationName(op).child('answer', backend);
    const spread = config.answer.maxMs - config.answer.minMs;
    let delay = config.answer.minMs;
    if (spread > 0) delay += kernel.draw(where.child('latency'), spread + 1);
    const slow = this.#host.faults.of('backend-slow').find((fault) => fault.node === node && fault.backend === backend);
    if (slow !== undefined) {
      delay = slow.delayMs;
      this.#host.faults.struck(slow);
    }
    const fails = this.#host.faults
      .of('backend-fail')
      .find((fault) => fault.node === node && fault.backend === backend);
    if (fails !== undefined) this.#host.faults.struck(fails);
    const given: BackendAnswer = fails === undefined ? ACK : { kind: 'failure', reason: fails.reason };
    kernel.schedule(
      kernel.now + delay,
      where,
      () => {
        // A dead node hears nothing.
        if (this.#host.group.killed) return;
        const said = given.kind === 'ack' ? 'ack' : given.reason;
        const afterMs = kernel.now - sentAtMs;
        const late = afterMs > Math.max(1, config.broadcastTimeoutMs);
        this.#host.emit({ kind: 'backend-answer', node, inc, op, backend, endpoint, answer: said, afterMs, late });
        answer(given);
      },
      this.#actor,
    );
  }
}
