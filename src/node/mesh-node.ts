/**
 * A node of the control plane: the one place where its parts are put together, for the simulator and for a process that
 * embeds it alike. What can be observed or disturbed sits at a seam, and each seam's decorator is asked once what to use
 * instead of the part. Everything here dies with the node but what its stores hold; a restarted node is a new object.
 *
 * ```ts
 * const node = new MeshNode(runtime, config, strict, ports);
 * node.start();
 * ports.inbox.trySend({ kind: 'submit', action });
 * ```
 */

import { LifecycleBroadcaster } from '../broadcast/broadcaster.ts';
import { broadcastPolicy } from '../broadcast/policy.ts';
import { ChainService } from '../chain/chain-service.ts';
import { foldRecord } from '../chain/fold.ts';
import { KeptChain } from '../chain/kept-chain.ts';
import { ChainLog } from '../chain/log.ts';
import { LogSyncer } from '../chain/log-syncer.ts';
import type { ChainFold, PayloadLog } from '../chain/ports.ts';
import type { ActionChainRecord, AdminAuditRecord, AppendError, Appender, LogRecord } from '../chain/records.ts';
import { MeshOsSnapshot } from '../chain/snapshot.ts';
import { BackpressureState } from '../executor/admission.ts';
import { ActionExecutor } from '../executor/executor.ts';
import type { ExecutorSemantics } from '../executor/semantics.ts';
import type { BoundedRing } from '../ring/bounded-ring.ts';
import type { Runtime, Sender, Signal, Task } from '../runtime/port.ts';
import { NodeLoop } from './node-loop.ts';
import type { NodeConfig, NodeInput, NodePorts, RecordCoder } from './ports.ts';

interface NodeTasks {
  readonly loop: Task;
  readonly executor: Task;
  readonly chains: Task;
  readonly broadcaster: Task;
  /** Null where every append syncs. */
  readonly sync: Task | null;
}

export class MeshNode {
  readonly executor: ActionExecutor;
  /** Says whether backpressure is asserted. What the executor asks is this as decorated. */
  readonly admission: BackpressureState;
  readonly loop: NodeLoop;
  readonly broadcaster: LifecycleBroadcaster;
  readonly #runtime: Runtime;
  readonly #chains: ReadonlyMap<bigint, KeptChain>;
  readonly #service: ChainService;
  /** Null where every append syncs. */
  readonly #syncer: LogSyncer | null;
  readonly #inbox: Sender<NodeInput>;
  #tasks: NodeTasks | null = null;

  /**
   * Recovers the logs and rebuilds their snapshots; nothing runs yet. Throws where a node cannot start: a store that
   * is refused or missing, or limits that nobody can mean.
   */
  constructor(runtime: Runtime, config: NodeConfig, semantics: ExecutorSemantics, ports: NodePorts) {
    const { decorate } = ports;
    this.#runtime = runtime;
    this.#inbox = ports.inbox;
    const somethingUnsynced = runtime.signal();
    const own = keepChain(config.id, config, ports, somethingUnsynced, () => this.#service.ownSynced());
    const copies = config.peers.map((peer) => keepChain(peer, config, ports, somethingUnsynced, undefined));
    const kept = [own, ...copies];
    this.#chains = new Map(kept.map((chain) => [chain.log.identity.chain, chain]));
    this.#service = new ChainService(runtime, { own, copies, inbound: ports.inbound, network: ports.network }, config);
    const logs = kept.map((chain) => chain.log);
    this.#syncer = config.syncEveryMs > 0 ? new LogSyncer(runtime, config.syncEveryMs, logs, somethingUnsynced) : null;
    this.admission = new BackpressureState(config, semantics);
    const admission = decorate.admission?.(this.admission) ?? this.admission;
    const actionChain = encodedInto(decorate.payloads?.(own) ?? own, ports.coder);
    this.executor = new ActionExecutor(
      runtime,
      config,
      {
        queue: ports.queue,
        admission,
        dispatcher: ports.dispatcher,
        actionChain: decorate.actionChain?.(actionChain) ?? actionChain,
        failureChain: ports.failureChain,
      },
      semantics,
    );
    this.loop = new NodeLoop(runtime, config, { ...ports, admission });
    this.broadcaster = new LifecycleBroadcaster(
      runtime,
      broadcastPolicy(BigInt(config.broadcastTimeoutMs)),
      ports.onBroadcastResult,
      config.waitingBroadcastsMax,
    );
  }

  /** Starts the tasks; once. */
  start(): void {
    if (this.#tasks !== null) throw new Error('a node is started once');
    const runtime = this.#runtime;
    const syncer = this.#syncer;
    this.#tasks = {
      loop: runtime.spawn('loop', () => this.loop.run()),
      executor: runtime.spawn('executor', () => this.executor.run()),
      chains: runtime.spawn('chains', () => this.#service.run()),
      broadcaster: runtime.spawn('broadcaster', () => this.broadcaster.run()),
      sync: syncer === null ? null : runtime.spawn('sync', () => syncer.run()),
    };
  }

  /**
   * Ends the node in good order, for a task of its runtime: what is in the inbox is handed over, every action and every
   * broadcast asked for ends, and what is in the logs is synced. Rejects with what a task threw.
   */
  async stop(): Promise<void> {
    const tasks = this.#started();
    this.#inbox.close();
    this.broadcaster.close();
    await tasks.loop.join();
    await tasks.executor.join();
    await tasks.broadcaster.join();
    this.#service.stop();
    await tasks.chains.join();
    this.#syncer?.stop();
    await tasks.sync?.join();
  }

  /** Ends when the executor's queue is closed and all its actions have ended. */
  get executorTask(): Task {
    return this.#started().executor;
  }

  get logRing(): BoundedRing<LogRecord> {
    return this.loop.logRing;
  }

  get auditRing(): BoundedRing<AdminAuditRecord> {
    return this.loop.auditRing;
  }

  /** The chain that node `id` writes, as kept here; a RangeError if it is not kept. */
  chain(id: bigint): KeptChain {
    const chain = this.#chains.get(id);
    if (chain === undefined) throw new RangeError(`chain ${id} is not kept here`);
    return chain;
  }

  #started(): NodeTasks {
    if (this.#tasks === null) throw new Error('the node has not been started');
    return this.#tasks;
  }
}

/** Recovers a chain from its store and folds it. */
function keepChain(
  chain: bigint,
  config: NodeConfig,
  ports: NodePorts,
  somethingUnsynced: Signal,
  onSynced: (() => void) | undefined,
): KeptChain {
  const codec = config.codecs.get(chain);
  const store = ports.stores.get(chain);
  if (codec === undefined || store === undefined) throw new RangeError(`chain ${chain} has no codec or no store`);
  const opened = ChainLog.open(
    store,
    { chain, codec },
    {
      syncWithinAppend: config.syncEveryMs === 0,
      onUnsynced: () => somethingUnsynced.notify(),
      ...(onSynced === undefined ? {} : { onSynced }),
    },
  );
  if (!opened.ok) throw new Error(opened.error.message);
  const snapshot = new MeshOsSnapshot(config.recentFailures);
  const fold = foldInto(snapshot, chain, ports.coder);
  return new KeptChain(opened.value, snapshot, ports.decorate.fold?.(chain, fold, snapshot) ?? fold);
}

function foldInto(snapshot: MeshOsSnapshot, chain: bigint, coder: RecordCoder): ChainFold {
  return {
    apply(_seq, payload) {
      const decoded = coder.decode(chain, payload);
      if (!decoded.ok) return decoded.error;
      foldRecord(decoded.value, snapshot);
      return null;
    },
  };
}

/** The action chain's seam: records in, encoded, and so into the log. */
function encodedInto(log: PayloadLog, coder: RecordCoder): Appender<ActionChainRecord> {
  return {
    append(record): AppendError | null {
      const encoded = coder.encode(record);
      if (!encoded.ok) return encoded.error;
      const outcome = log.append(encoded.value);
      return outcome.ok ? null : outcome.error;
    },
  };
}
