/**
 * One incarnation of a simulated node: the node between two crashes, built with every part wrapped at its seam, and its
 * inbox, queue, buffering chains and backends, which all die with it.
 */

import type { SimDisk } from '../../sim/cluster/disk.ts';
import type { ActiveFaults } from '../../sim/faults/active.ts';
import { type Name, rootName } from '../../sim/kernel/choices/name.ts';
import type { Group, Kernel } from '../../sim/kernel/kernel.ts';
import type { TraceValue } from '../../sim/kernel/trace/trace.ts';
import type { PendingAction } from '../../src/action/action.ts';
import { BufferingAppender } from '../../src/chain/appenders.ts';
import { frameSeq } from '../../src/chain/frame.ts';
import type { ChainMessage, Delivery } from '../../src/chain/ports.ts';
import type { AdminAuditRecord, FailureRecord, LogRecord } from '../../src/chain/records.ts';
import { WIRE_VERSION } from '../../src/chain/wire.ts';
import { netMesh021, strict } from '../../src/executor/semantics.ts';
import { MeshNode } from '../../src/node/mesh-node.ts';
import type { NodeInput } from '../../src/node/ports.ts';
import { INBOUND_CAPACITY } from '../../src/ring/capacities.ts';
import type { Channel, SendOutcome } from '../../src/runtime/port.ts';
import type { MeshEvent } from '../events.ts';
import type { ActiveFault, MeshConfig, MeshOperation, MeshSemantics } from '../scenario/scenario.ts';
import { SimBackends } from './backends.ts';
import { BackgroundNames } from './background-names.ts';
import { Broadcasts } from './broadcasts.ts';
import { SimDispatcher } from './dispatcher.ts';
import { frozen } from './frozen.ts';
import { nodeConfig } from './node-config.ts';
import { type OperationState, operationState } from './operations.ts';
import { type SeamHost, Seams } from './seams.ts';
import { traceable } from './traceable.ts';
import { VersionedCoder } from './versioned-coder.ts';

/** How long each node's host has been up at virtual time 0, in turn: 32 bits come to their end, or have long since. */
const UPTIMES_MS = [2_147_482_648, 4_294_966_296, 0, 1_099_511_627_776] as const;

const NOTHING = new Uint8Array(0);

/** What nodes share. */
export interface Cluster {
  readonly config: MeshConfig;
  readonly semantics: MeshSemantics;
  readonly kernel: Kernel;
  readonly faults: ActiveFaults<ActiveFault>;
  emit(event: MeshEvent): void;
  send(from: number, to: number, message: ChainMessage, where: Name): void;
}

/** Names of the entries of the node's own log, which outlive an incarnation. */
export interface EntryNames {
  entryAppended(seq: bigint, where: Name): void;
  entryName(seq: number, to: number): Name;
}

/** A node between two crashes. */
export class Incarnation implements SeamHost {
  readonly node: number;
  readonly inc: number;
  readonly config: MeshConfig;
  readonly kernel: Kernel;
  readonly group: Group;
  readonly uptimeMs: number;
  readonly faults: ActiveFaults<ActiveFault>;
  readonly coder: VersionedCoder;
  readonly codec: 'msgpack' | 'postcard';
  readonly backends: SimBackends;
  readonly failureChain: BufferingAppender<FailureRecord>;
  readonly logChain: BufferingAppender<LogRecord>;
  readonly auditChain: BufferingAppender<AdminAuditRecord>;
  readonly mesh: MeshNode;
  readonly #cluster: Cluster;
  readonly #names: EntryNames;
  readonly #disks: readonly SimDisk[];
  readonly #ownDisk: SimDisk | undefined;
  /** How long each file was before the node opened it. */
  readonly #found: readonly number[];
  readonly #background: BackgroundNames;
  readonly #seams: Seams;
  readonly #broadcasts: Broadcasts;
  readonly #inbox: Channel<NodeInput>;
  readonly #queue: Channel<PendingAction>;
  readonly #inbound: Channel<Delivery>;
  /** Keys of what stands in the inbox, oldest first. */
  readonly #offered: { readonly op: string; readonly input: NodeInput['kind'] }[] = [];
  /** Submissions taken out of the inbox; that of action id k stands at k - 1. */
  readonly #submissions: OperationState[] = [];
  /** Actions of ids that were never given. */
  readonly #strays = new Map<bigint, OperationState>();
  #toldWriter: number = WIRE_VERSION;
  #toldReader: number = WIRE_VERSION;
  #unended = 0;
  #up = false;
  #executorEnded = false;
  #stopped = false;
  #queueClosed = false;

  constructor(cluster: Cluster, node: number, inc: number, disks: readonly SimDisk[], names: EntryNames) {
    const { config, kernel } = cluster;
    this.#cluster = cluster;
    this.#names = names;
    this.#disks = disks;
    this.#ownDisk = disks[node - 1];
    this.#found = disks.map(({ written }) => written);
    this.node = node;
    this.inc = inc;
    this.config = config;
    this.kernel = kernel;
    this.faults = cluster.faults;
    this.uptimeMs = UPTIMES_MS[(node - 1) % UPTIMES_MS.length] ?? 0;
    this.group = kernel.root.child(`n${node}/i${inc}`, this.uptimeMs, BigInt(config.epochMs));
    this.#background = new BackgroundNames(rootName.child('node', node).child('inc', inc), () => kernel.now);
    this.codec = config.codecs[node - 1] ?? 'msgpack';
    this.coder = new VersionedCoder(config.codecs, node);
    this.#applyVersions();
    this.#seams = new Seams(this);
    this.backends = new SimBackends(this);
    this.#broadcasts = new Broadcasts(this);
    this.failureChain = new BufferingAppender(config.failureChain);
    this.logChain = new BufferingAppender(config.logChain);
    this.auditChain = new BufferingAppender(config.auditChain);
    this.#inbox = this.group.channel<NodeInput>(config.inboxCapacity, { received: () => this.#taken() });
    this.#queue = this.group.channel<PendingAction>(config.queueCapacity, {
      sent: (pending, outcome) => {
        if (outcome !== 'sent') this.actionEnded();
        const { id, action, emittedAtMs } = pending;
        const sinceStartMs = emittedAtMs - this.uptimeMs;
        this.emit({
          kind: 'enqueue',
          node,
          inc,
          id,
          outcome,
          action: action.kind,
          emittedAtMs: sinceStartMs,
          pending,
        });
      },
      received: (pending) => this.emit({ kind: 'dequeue', node, inc, id: pending.id }),
    });
    this.#inbound = this.group.channel<Delivery>(config.inboundCapacity ?? INBOUND_CAPACITY);
    this.mesh = this.#build(disks);
  }

  /** Starts its tasks; `wallShiftMs` is how far its wall clock is off. */
  start(wallShiftMs: number): void {
    this.group.shiftWallClock(wallShiftMs);
    this.#up = true;
    const { node, inc } = this;
    this.emit({ kind: 'boot', node, inc, entries: this.mesh.chain(BigInt(node)).log.length });
    this.#disks.forEach((disk, index) => {
      const entries = this.mesh.chain(BigInt(index + 1)).log.length;
      const found = this.#found[index] ?? 0;
      this.emit({ kind: 'recover', node, inc, chain: index + 1, found, kept: disk.written, entries });
    });
    this.#tellVersions();
    this.#seams.started();
    this.mesh.start();
    this.group.spawn('watch', async () => {
      try {
        await this.mesh.executorTask.join();
        this.emit({ kind: 'executor-end', node: this.node, inc: this.inc });
      } catch {
        // The executor's own task reports what ended it.
      }
      this.#executorEnded = true;
    });
  }

  /** Ends everything at once. */
  stop(): void {
    this.#up = false;
    this.group.kill();
  }

  get up(): boolean {
    return this.#up;
  }

  get ownLog(): Uint8Array {
    return this.#ownDisk?.content ?? NOTHING;
  }

  get ownLogBytes(): number {
    return this.#ownDisk?.written ?? 0;
  }

  get queueLength(): number {
    return this.#queue.length;
  }

  /** Whether everything it accepted has ended, and backpressure with it. */
  get idle(): boolean {
    const { executor, admission } = this.mesh;
    return (
      this.#up &&
      this.#unended === 0 &&
      this.#inbox.length === 0 &&
      executor.deferredCount === 0 &&
      !admission.asserted &&
      this.backends.waiting === 0
    );
  }

  /** Why it is not idle, in words. */
  waiting(): string[] {
    const { executor, admission } = this.mesh;
    const waits: string[] = [];
    if (!this.#up) waits.push('is down');
    if (this.#inbox.length > 0) waits.push(`${this.#inbox.length} in the inbox`);
    if (this.#unended > 0) waits.push(`${this.#unended} actions without an outcome`);
    if (executor.deferredCount > 0) waits.push(`${executor.deferredCount} deferred`);
    if (admission.asserted) waits.push('backpressure is asserted');
    if (this.backends.waiting > 0) waits.push(`${this.backends.waiting} broadcasts without a result`);
    return waits;
  }

  finalState(): TraceValue[] {
    const { stats, recentFailures } = this.mesh.executor;
    const failures: TraceValue[] = recentFailures
      .toArray()
      .map(({ seq, source, reason, recordedAtMs }) => [seq, traceable(source), traceable(reason), recordedAtMs]);
    return [this.inc, Object.values(stats), failures];
  }

  /** Whether it has ended in good order, or is down. */
  get ended(): boolean {
    return (this.#executorEnded && this.#stopped) || !this.#up;
  }

  /** Closes the queue and has the node end in good order. */
  stopOrderly(): void {
    if (!this.#up) return;
    this.closeQueue();
    const { node, inc } = this;
    this.emit({ kind: 'stop', node, inc });
    this.group.spawn('stop', async () => {
      try {
        await this.mesh.stop();
        this.emit({ kind: 'stopped', node, inc });
      } catch {
        // The task that threw has reported it.
      }
      this.#stopped = true;
    });
  }

  offer(op: string, given: NodeInput): void {
    const outcome: SendOutcome = this.#up ? this.#put(op, frozen(this.#byItsClock(given))) : 'closed';
    this.emit({ kind: 'offer', node: this.node, inc: this.inc, op, input: given.kind, outcome, given });
  }

  /** Null where it took the message, else why not. */
  accept(delivery: Delivery): 'down' | 'full' | null {
    if (!this.#up) return 'down';
    return this.#inbound.trySend(delivery) === 'sent' ? null : 'full';
  }

  closeQueue(): void {
    if (!this.#up || this.#queueClosed) return;
    this.#queueClosed = true;
    this.#queue.close();
    this.emit({ kind: 'queue-close', node: this.node, inc: this.inc });
  }

  broadcast(op: string, given: Extract<MeshOperation, { kind: 'broadcast' }>): void {
    if (this.#up) this.#broadcasts.ask(op, given);
  }

  register(op: string, backend: string, live: boolean): void {
    if (this.#up) this.#broadcasts.register(op, backend, live);
  }

  /** False if no such backend is registered. */
  setLive(op: string, backend: string, live: boolean): boolean {
    return this.#up && this.#broadcasts.setLive(op, backend, live);
  }

  emit(event: MeshEvent): void {
    this.#cluster.emit(event);
  }

  operationOf(id: bigint): OperationState {
    return this.#submissions[Number(id) - 1] ?? this.#strayOf(id);
  }

  background(role: string): Name {
    return this.#background.of(role);
  }

  entryAppended(seq: bigint, where: Name): void {
    this.#names.entryAppended(seq, where);
  }

  actionEnded(): void {
    this.#unended -= 1;
  }

  /** The wire versions that the faults that are on give it. */
  versionsChanged(): void {
    this.#applyVersions();
    this.#tellVersions();
  }

  /** An action with an id that no submission has is a finding about the node, so that the run goes on with it. */
  #strayOf(id: bigint): OperationState {
    const known = this.#strays.get(id);
    if (known !== undefined) return known;
    const stray = { key: `stray:${id}`, name: this.background('stray'), attempts: 0, records: 0 };
    this.#strays.set(id, stray);
    return stray;
  }

  #applyVersions(): void {
    let writer = 1;
    let reader = 1;
    for (const fault of this.faults.of('wire-version')) {
      if (fault.node !== this.node) continue;
      if (fault.side !== 'reader') writer = fault.version;
      if (fault.side !== 'writer') reader = fault.version;
    }
    this.coder.write(writer);
    this.coder.read(reader);
  }

  #tellVersions(): void {
    const { writerVersion: writer, readerVersion: reader } = this.coder;
    if (writer === this.#toldWriter && reader === this.#toldReader) return;
    this.#toldWriter = writer;
    this.#toldReader = reader;
    this.emit({ kind: 'versions', node: this.node, inc: this.inc, writer, reader });
  }

  #byItsClock(given: NodeInput): NodeInput {
    return given.kind === 'gate-daemon' ? { ...given, untilMs: given.untilMs + this.uptimeMs } : given;
  }

  #put(op: string, given: NodeInput): SendOutcome {
    const outcome = this.#inbox.trySend(given);
    if (outcome !== 'sent') return outcome;
    this.#offered.push({ op, input: given.kind });
    if (given.kind === 'submit') this.#unended += 1;
    return outcome;
  }

  #taken(): void {
    const offered = this.#offered.shift();
    if (offered === undefined) throw new Error(`node ${this.node} took something out of an empty inbox`);
    if (offered.input === 'submit') this.#submissions.push(operationState(offered.op));
    const { op, input } = offered;
    this.emit({ kind: 'take', node: this.node, inc: this.inc, op, input });
  }

  #build(disks: readonly SimDisk[]): MeshNode {
    const { config, group, node } = this;
    const seams = this.#seams;
    return new MeshNode(group, nodeConfig(config, node), this.#cluster.semantics === 'strict' ? strict : netMesh021, {
      inbox: this.#inbox,
      queue: this.#queue,
      inbound: this.#inbound,
      network: { send: (to, message) => this.#send(Number(to), message) },
      stores: new Map(disks.map((disk, index) => [BigInt(index + 1), disk])),
      coder: this.coder,
      dispatcher: new SimDispatcher(this),
      onBroadcastResult: (result) => this.#broadcasts.resulted(result),
      failureChain: seams.failureChain(this.failureChain),
      logChain: seams.logChain(this.logChain),
      auditChain: seams.auditChain(this.auditChain),
      decorate: {
        admission: (inner) => seams.admission(inner),
        actionChain: (inner) => seams.actionChain(inner),
        payloads: (inner) => seams.payloads(inner),
        fold: (chain, inner, snapshot) => seams.fold(chain, inner, snapshot),
      },
    });
  }

  #send(to: number, message: ChainMessage): void {
    this.#cluster.send(this.node, to, message, this.#messageName(to, message));
  }

  #messageName(to: number, message: ChainMessage): Name {
    if (message.kind === 'request') return this.background('request').child('to', to);
    return this.#names.entryName(Number(frameSeq(message.frame)), to);
  }
}
