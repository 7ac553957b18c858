/** The broadcasts of one incarnation of a node: who asks for them, who is registered to answer, and what they come to. */
import type { Group } from '../../sim/kernel/kernel.ts';
import type { BroadcastResult } from '../../src/broadcast/operation-result.ts';
import type { MeshNode } from '../../src/node/mesh-node.ts';
import { CLOSED } from '../../src/runtime/port.ts';
import type { MeshEvent } from '../events.ts';
import type { MeshOperation } from '../scenario/scenario.ts';
import { backendKey, backendName, describeOperation, type SimBackends } from './backends.ts';
import { frozen } from './frozen.ts';
import { operationName } from './operations.ts';

interface BroadcastsHost {
  readonly node: number;
  readonly inc: number;
  readonly group: Group;
  readonly backends: SimBackends;
  readonly mesh: MeshNode;
  emit(event: MeshEvent): void;
}

export class Broadcasts {
  readonly #host: BroadcastsHost;

  constructor(host: BroadcastsHost) {
    this.#host = host;
  }

  ask(op: string, given: Extract<MeshOperation, { kind: 'broadcast' }>): void {
    const { node, inc } = this.#host;
    // An object of its own tells this broadcast from others that say the same.
    const operation = frozen({ ...given.operation });
    const client: { result: BroadcastResult | null } = { result: null };
    const said = describeOperation(operation);
    this.#host.backends.asked(operation, op);
    this.#host.group.spawn(
      `client:${op}`,
      async () => {
        const waiting = this.#host.backends.waiting - 1;
        this.#host.emit({ kind: 'broadcast', node, inc, op, operation: said, waiting, given, client });
        const reply = this.#host.mesh.broadcaster.ask(operation);
        if (reply.tryReceive() === CLOSED) {
          this.#host.backends.ended(operation);
          this.#host.emit({ kind: 'broadcast-refused', node, inc, op });
          return;
        }
        const result = await reply.receive();
        if (result !== CLOSED) client.result = result;
      },
      operationName(op),
    );
  }

  register(op: string, backend: string, live: boolean): void {
    const endpoint = this.#host.backends.endpoint(backend);
    const old = this.#host.mesh.broadcaster.register(backendKey(backend), endpoint, live);
    const { node, inc } = this.#host;
    const number = this.#host.backends.numberOf(endpoint);
    const replaced = this.#host.backends.numberOf(old?.endpoint);
    this.#host.emit({ kind: 'backend-register', node, inc, op, backend, endpoint: number, live, replaced });
  }

  /** False if no such backend is registered. */
  setLive(op: string, backend: string, live: boolean): boolean {
    const found = this.#host.mesh.broadcaster.setLive(backendKey(backend), live);
    this.#host.emit({ kind: 'backend-live', node: this.#host.node, inc: this.#host.inc, op, backend, live, found });
    return found;
  }

  resulted(result: BroadcastResult): void {
    frozen(result);
    const { node, inc } = this.#host;
    this.#host.emit({
      kind: 'broadcast-result',
      node,
      inc,
      op: this.#host.backends.ended(result.operation),
      acks: result.acks.map(backendName),
      timeouts: result.timeouts.map(({ key }) => backendName(key)),
      failures: result.failures.map(({ key, reason }) => [backendName(key), reason] as const),
      skippedDead: result.skippedDead.map(backendName),
      timeoutMs: Number(this.#host.mesh.broadcaster.policy.ackTimeoutMs),
      sentCount: result.sentCount,
      allAcked: result.allLiveBackendsAcked,
      result,
    });
  }
}
