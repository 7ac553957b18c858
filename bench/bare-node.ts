/**
 * A node of the control plane with almost nothing around it: no seams, no faults, no trace, no chance. Its surroundings
 * take the least time that a scenario's config allows. It shows what the control plane itself costs.
 */

import type { MeshConfig, MeshOperation } from '../mesh/scenario/scenario.ts';
import { rootName } from '../sim/kernel/choices/name.ts';
import type { Group, Kernel } from '../sim/kernel/kernel.ts';
import type { PendingAction } from '../src/action/action.ts';
import type { BackendKey } from '../src/broadcast/backend.ts';
import { BufferingAppender } from '../src/chain/appenders.ts';
import type { ChainMessage, Delivery, LogStore } from '../src/chain/ports.ts';
import { bodyCodec, RecordDecoder, RecordEncoder } from '../src/chain/wire.ts';
import { strict } from '../src/executor/semantics.ts';
import { MeshNode } from '../src/node/mesh-node.ts';
import type { NodeInput } from '../src/node/ports.ts';
import type { Channel } from '../src/runtime/port.ts';

const OK = { kind: 'ok' } as const;
const INBOUND_CAPACITY = 4096;

export class BareNode {
  readonly mesh: MeshNode;
  readonly #kernel: Kernel;
  readonly #group: Group;
  readonly #config: MeshConfig;
  readonly #inbox: Channel<NodeInput>;
  readonly #queue: Channel<PendingAction>;
  readonly #inbound: Channel<Delivery>;
  /** Submissions that the inbox took, and broadcasts without a result. */
  #submitted = 0;
  #broadcasting = 0;

  constructor(kernel: Kernel, config: MeshConfig, node: number, send: (to: number, delivery: Delivery) => void) {
    this.#kernel = kernel;
    this.#config = config;
    this.#group = kernel.root.child(`n${node}`);
    this.#inbox = this.#group.channel(config.inboxCapacity);
    this.#queue = this.#group.channel(config.queueCapacity);
    this.#inbound = this.#group.channel(INBOUND_CAPACITY);
    const ids = config.codecs.map((_codec, index) => BigInt(index + 1));
    const id = BigInt(node);
    const encoder = new RecordEncoder(bodyCodec(config.codecs[node - 1] ?? 'msgpack'));
    const decoders = new Map(config.codecs.map((codec, i) => [BigInt(i + 1), new RecordDecoder(bodyCodec(codec))]));
    const decoderOf = (chain: bigint): RecordDecoder => {
      const decoder = decoders.get(chain);
      if (decoder === undefined) throw new RangeError(`no node writes chain ${chain}`);
      return decoder;
    };
    const { dispatch, sync } = config;
    const after = (ms: number): Promise<void> | undefined => (ms > 0 ? this.#group.sleep(ms) : undefined);
    this.mesh = new MeshNode(
      this.#group,
      {
        ...config,
        id,
        peers: ids.filter((peer) => peer !== id),
        codecs: new Map(config.codecs.map((codec, index) => [BigInt(index + 1), codec])),
        handOverEveryMs: 500,
      },
      strict,
      {
        inbox: this.#inbox,
        queue: this.#queue,
        inbound: this.#inbound,
        network: { send: (to, message: ChainMessage) => send(Number(to), { from: id, message }) },
        stores: new Map(ids.map((chain) => [chain, new MemoryStore(() => after(sync.minMs))])),
        coder: {
          encode: (record) => encoder.encode(record),
          decode: (chain, payload) => decoderOf(chain).decode(payload),
        },
        dispatcher: {
          dispatch: async () => {
            await after(dispatch.minMs);
            return OK;
          },
          onBackpressure: () => {},
        },
        failureChain: new BufferingAppender(config.failureChain),
        logChain: new BufferingAppender(config.logChain),
        auditChain: new BufferingAppender(config.auditChain),
        decorate: {},
      },
    );
  }

  start(): void {
    this.mesh.start();
    for (let index = 1; index <= this.#config.backends; index += 1) this.#register(`b${index}`, true);
  }

  deliver(delivery: Delivery): void {
    this.#inbound.trySend(delivery);
  }

  apply(operation: MeshOperation): void {
    switch (operation.kind) {
      case 'submit':
        if (this.#inbox.trySend({ kind: 'submit', action: operation.action }) === 'sent') this.#submitted += 1;
        break;
      case 'gate-daemon':
        this.#inbox.trySend({
          kind: 'gate-daemon',
          daemon: operation.daemon,
          untilMs: this.#kernel.now + operation.forMs,
        });
        break;
      case 'log':
      case 'admin':
        this.#inbox.trySend(operation);
        break;
      case 'broadcast':
        this.#broadcasting += 1;
        this.#group.spawn('client', async () => {
          await this.mesh.broadcaster.broadcast(operation.operation);
          this.#broadcasting -= 1;
        });
        break;
      case 'register-backend':
        this.#register(operation.backend, operation.live);
        break;
      case 'set-backend-live':
        this.mesh.broadcaster.setLive(keyOf(operation.backend), operation.live);
        break;
      case 'close-queue':
        this.#queue.close();
        break;
    }
  }

  /** Whether every submission and every broadcast has ended. */
  get done(): boolean {
    const { loop, executor } = this.mesh;
    const { dispatched, failed, gated } = executor.stats;
    const ended = loop.droppedQueueFull + loop.refusedQueueClosed + dispatched + failed + gated;
    return ended === this.#submitted && this.#broadcasting === 0;
  }

  /** Stops it. */
  stop(): void {
    this.#group.spawn('stop', () => this.mesh.stop());
  }

  #register(backend: string, live: boolean): void {
    this.mesh.broadcaster.register(
      keyOf(backend),
      {
        send: (_operation, answer) => {
          this.#kernel.schedule(this.#kernel.now + this.#config.answer.minMs, rootName, () => answer({ kind: 'ack' }));
        },
      },
      live,
    );
  }
}

function keyOf(backend: string): BackendKey {
  return { instance: { kind: 'shared' }, serviceName: backend, serviceVersion: '1.0.0' };
}

/** Keeps what is written; it is never read again. */
class MemoryStore implements LogStore {
  readonly #syncing: () => Promise<void> | undefined;
  #parts: Uint8Array[] = [];

  constructor(syncing: () => Promise<void> | undefined) {
    this.#syncing = syncing;
  }

  load(): Uint8Array {
    return Uint8Array.from(Buffer.concat(this.#parts));
  }

  write(bytes: Uint8Array): void {
    this.#parts.push(bytes);
  }

  async sync(): Promise<void> {
    await this.#syncing();
  }

  syncNow(): void {}

  truncate(length: number): void {
    this.#parts = [this.load().subarray(0, length)];
  }
}
