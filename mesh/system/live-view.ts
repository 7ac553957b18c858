/**
 * The invariants' view of the running mesh. It reads the state of the code under test and what is on its disks, nothing
 * else.
 *
 * These are classes and not object literals with getters. Each such literal gets a hidden class of its own, which makes
 * every read slow and keeps the whole run in memory until the next full collection.
 */

import type { SimDisk } from '../../sim/cluster/disk.ts';
import type { Scenario } from '../../sim/world.ts';
import { MeshOsSnapshotFold } from '../../src/chain/fold.ts';
import type { ActionChainRecord, AdminAuditRecord, FailureRecord, LogRecord } from '../../src/chain/records.ts';
import { MeshOsSnapshot } from '../../src/chain/snapshot.ts';
import { bodyCodec, describeDecodeError, RecordDecoder, RecordEncoder } from '../../src/chain/wire.ts';
import type { CodecName } from '../../src/chain/wire-codec.ts';
import type { ExecutorStats } from '../../src/executor/ports.ts';
import type { MeshConfig, MeshFault, MeshOperation, MeshSemantics } from '../scenario/scenario.ts';
import type { ChainView, Decoded, MeshView, NodeView, RingView } from '../view.ts';
import { backendName } from './backends.ts';
import type { Incarnation } from './incarnation.ts';
import type { NodeProcess } from './node-process.ts';

type KeptChain = ReturnType<Incarnation['mesh']['chain']>;

export class LiveMeshView implements MeshView {
  readonly config: MeshConfig;
  readonly semantics: MeshSemantics;
  readonly workload: ReadonlyMap<string, MeshOperation>;
  readonly faults: ReadonlyMap<string, MeshFault>;
  readonly #processes: readonly NodeProcess[];
  /** The latest view of each node, node 1 first. */
  readonly #nodes: (LiveNodeView | undefined)[];
  /** By version. */
  readonly #encoders: Readonly<Record<CodecName, RecordEncoder[]>> = { msgpack: [], postcard: [] };
  readonly #decoders: Readonly<Record<CodecName, RecordDecoder[]>> = { msgpack: [], postcard: [] };

  constructor(
    scenario: Scenario<MeshConfig, MeshOperation, MeshFault>,
    semantics: MeshSemantics,
    processes: readonly NodeProcess[],
  ) {
    this.config = scenario.config;
    this.semantics = semantics;
    this.workload = new Map(scenario.workload.map((operation) => [operation.key, operation]));
    this.faults = new Map(scenario.faults.map((fault) => [fault.key, fault]));
    this.#processes = processes;
    this.#nodes = processes.map(() => undefined);
  }

  node(node: number): NodeView {
    const process = this.#processes[node - 1];
    if (process === undefined) throw new RangeError(`there is no node ${node}`);
    const { current, disks } = process;
    const known = this.#nodes[node - 1];
    if (known?.isOf(current)) return known;
    const view = new LiveNodeView(current, disks);
    this.#nodes[node - 1] = view;
    return view;
  }

  encode(codec: CodecName, version: number, record: ActionChainRecord): Uint8Array | null {
    const encoders = this.#encoders[codec];
    const known = encoders[version];
    const encoder = known ?? new RecordEncoder(bodyCodec(codec), version);
    if (known === undefined) encoders[version] = encoder;
    const result = encoder.encode(record);
    return result.ok ? result.value : null;
  }

  decode(codec: CodecName, version: number, bytes: Uint8Array): Decoded {
    const result = this.#decoder(codec, version).decode(bytes);
    if (result.ok) return { ok: true, record: result.value };
    return { ok: false, error: result.error.kind, message: describeDecodeError(result.error) };
  }

  fold(
    codec: CodecName,
    entries: readonly { readonly payload: Uint8Array; readonly version: number }[],
  ): readonly FailureRecord[] {
    const state = new MeshOsSnapshot(this.config.recentFailures);
    for (const { payload, version } of entries) {
      new MeshOsSnapshotFold(this.#decoder(codec, version)).apply(payload, state);
    }
    return state.recentFailures.toArray();
  }

  #decoder(codec: CodecName, version: number): RecordDecoder {
    const decoders = this.#decoders[codec];
    const known = decoders[version];
    if (known !== undefined) return known;
    const decoder = new RecordDecoder(bodyCodec(codec), version);
    decoders[version] = decoder;
    return decoder;
  }
}

class LiveNodeView implements NodeView {
  readonly inc: number;
  readonly uptimeMs: number;
  readonly stats: ExecutorStats;
  readonly recentFailures: RingView<FailureRecord>;
  readonly logRing: RingView<LogRecord>;
  readonly auditRing: RingView<AdminAuditRecord>;
  readonly failureChain: RingView<FailureRecord>;
  readonly logChain: RingView<LogRecord>;
  readonly auditChain: RingView<AdminAuditRecord>;
  readonly #incarnation: Incarnation;
  readonly #disks: readonly SimDisk[];
  readonly #chains: (LiveChainView | undefined)[] = [];

  constructor(incarnation: Incarnation, disks: readonly SimDisk[]) {
    const { mesh } = incarnation;
    this.#incarnation = incarnation;
    this.#disks = disks;
    this.inc = incarnation.inc;
    this.uptimeMs = incarnation.uptimeMs;
    this.stats = mesh.executor.stats;
    this.recentFailures = mesh.executor.recentFailures;
    this.logRing = mesh.logRing;
    this.auditRing = mesh.auditRing;
    this.failureChain = incarnation.failureChain.ring;
    this.logChain = incarnation.logChain.ring;
    this.auditChain = incarnation.auditChain.ring;
  }

  isOf(incarnation: Incarnation): boolean {
    return this.#incarnation === incarnation;
  }

  get up(): boolean {
    return this.#incarnation.up;
  }

  get queueLength(): number {
    return this.#incarnation.queueLength;
  }

  get deferred(): number {
    return this.#incarnation.mesh.executor.deferredCount;
  }

  get backpressure(): boolean {
    return this.#incarnation.mesh.admission.asserted;
  }

  get droppedQueueFull(): number {
    return this.#incarnation.mesh.loop.droppedQueueFull;
  }

  get refusedQueueClosed(): number {
    return this.#incarnation.mesh.loop.refusedQueueClosed;
  }

  chain(chain: number): ChainView {
    const known = this.#chains[chain];
    if (known !== undefined) return known;
    const disk = this.#disks[chain - 1];
    if (disk === undefined) throw new RangeError(`there is no chain ${chain}`);
    const view = new LiveChainView(this.#incarnation.mesh.chain(BigInt(chain)), disk);
    this.#chains[chain] = view;
    return view;
  }

  backends(): readonly { readonly backend: string; readonly live: boolean }[] {
    const { broadcaster } = this.#incarnation.mesh;
    return broadcaster.backends().map(({ key, live }) => ({ backend: backendName(key), live }));
  }
}

class LiveChainView implements ChainView {
  readonly folded: RingView<FailureRecord>;
  readonly #kept: KeptChain;
  readonly #disk: SimDisk;

  constructor(kept: KeptChain, disk: SimDisk) {
    this.#kept = kept;
    this.#disk = disk;
    this.folded = kept.snapshot.recentFailures;
  }

  get rejectedVersion(): number {
    return this.#kept.rejectedVersion;
  }

  get rejectedDamaged(): number {
    return this.#kept.rejectedDamaged;
  }

  bytes(): Uint8Array {
    return this.#disk.content;
  }

  payloads(): readonly Uint8Array[] {
    return this.#kept.log.payloads();
  }
}
