/**
 * Runs one case of `executor.jsonl` on the simulation kernel and records what the executor did, in the terms of the
 * recording.
 */
import type { PendingAction } from '../../src/action/action.ts';
import { foldRecord } from '../../src/chain/fold.ts';
import { type ActionChainRecord, AppendError, type Appender, type FailureRecord } from '../../src/chain/records.ts';
import { MeshOsSnapshot } from '../../src/chain/snapshot.ts';
import { BackpressureState } from '../../src/executor/admission.ts';
import { ActionExecutor } from '../../src/executor/executor.ts';
import type { Admission, Dispatcher, DispatchResult, ExecutorStats } from '../../src/executor/ports.ts';
import { netMesh021 } from '../../src/executor/semantics.ts';
import { RECENT_FAILURES_CAPACITY } from '../../src/ring/capacities.ts';
import type { Channel, Runtime, Signal } from '../../src/runtime/port.ts';
import type { Effect, ExecutorResult, ExecutorVector } from './executor-vector.ts';

/** Names of the case's tasks. A sender that had to wait for room goes on as another task. */
export const EXECUTOR = 'executor';
const SENDER = 'sender';
export const WAITING_SENDER = 'waiting-sender';

type Send = ExecutorVector['sends'][number];

export class ExecutorCase {
  readonly #runtime: Runtime;
  readonly #vector: ExecutorVector;
  readonly #queue: Channel<PendingAction>;
  /** Notified when the executor has taken the last action from the queue while the sender waits for that. */
  readonly #emptied: Signal;
  #isSenderWaiting = false;
  readonly #executor: ActionExecutor;
  readonly #trace: Effect[] = [];
  readonly #dispatchLog: ExecutorResult['dispatch_log'] = [];
  readonly #edges: ExecutorResult['backpressure_edges'] = [];
  readonly #chainRecords: ActionChainRecord[] = [];
  readonly #failureChain: FailureRecord[] = [];
  #chainAppendCalls = 0;
  #failureAppendCalls = 0;
  readonly #accepted: bigint[] = [];
  readonly #rejected: bigint[] = [];
  readonly #ended = new Set<bigint>();
  #exit: Pick<ExecutorResult, 'exit' | 'exit_at_ms'> | undefined;

  constructor(runtime: Runtime, vector: ExecutorVector) {
    this.#runtime = runtime;
    this.#vector = vector;
    this.#queue = runtime.channel(vector.channel_capacity);
    this.#emptied = runtime.signal();
    this.#executor = new ActionExecutor(
      runtime,
      { ...vector.config, recentFailures: RECENT_FAILURES_CAPACITY },
      {
        queue: this.#queue,
        admission: this.#admission(),
        dispatcher: this.#dispatcher(),
        actionChain: this.#actionChainAppender(),
        failureChain: this.#failureChainAppender(),
      },
      netMesh021,
    );
  }

  /** Starts executor and sender. The kernel does the rest. */
  start(): void {
    this.#runtime.spawn(EXECUTOR, () => this.#runExecutor());
    this.#runtime.spawn(SENDER, () => this.#sendFrom(0));
  }

  /** What happened, once nothing can run any more. */
  result(): ExecutorResult {
    if (this.#exit === undefined) throw new Error('the executor did not end');
    return {
      ...this.#exit,
      dispatch_log: this.#dispatchLog,
      chain_records: this.#chainRecords,
      chain_append_calls: this.#chainAppendCalls,
      ring: this.#executor.recentFailures.toArray(),
      failure_chain: this.#failureChain,
      stats: asRecorded(this.#executor.stats),
      backpressure_edges: this.#edges,
      lost_ids: this.#accepted.filter((id) => !this.#ended.has(id)),
      rejected_ids: this.#rejected,
      fold_ring: foldOf(this.#chainRecords),
      trace: this.#trace,
    };
  }

  async #runExecutor(): Promise<void> {
    try {
      await this.#executor.run();
      this.#exit = { exit: 'returned', exit_at_ms: this.#runtime.now() };
    } catch {
      this.#exit = { exit: 'panicked', exit_at_ms: null };
      this.#hideLastDispatch();
      // The receiving half ends with it. Sends are refused from then on, also those that wait.
      this.#queue.close();
      this.#emptied.notify();
    }
  }

  /**
   * A dispatcher is not told which action it is called for. The recording took that from the chain record that followed.
   */
  #hideLastDispatch(): void {
    const last = this.#trace.findLast(([, what]) => what === 'dispatch' || what === 'chain');
    const logged = this.#dispatchLog.at(-1);
    if (last?.[1] !== 'dispatch' || logged === undefined) return;
    last[3] = null;
    logged.id = null;
  }

  /** All sends from that one on, then the close. Sends of one time enter the queue without a pause. */
  async #sendFrom(first: number): Promise<void> {
    const { sends, on_full: onFull, close_at_ms: closeAtMs } = this.#vector;
    for (let next = first; next < sends.length; next += 1) {
      const send = sends[next];
      if (send === undefined) break;
      await this.#sleepUntil(send.at_ms);
      if (this.#offer(send) === 'full' && onFull === 'wait') {
        this.#isSenderWaiting = true;
        this.#runtime.spawn(WAITING_SENDER, () => this.#sendOnceEmptied(next));
        return;
      }
    }
    await this.#sleepUntil(closeAtMs);
    this.#queue.close();
  }

  async #sendOnceEmptied(next: number): Promise<void> {
    await this.#emptied.wait();
    this.#isSenderWaiting = false;
    await this.#sendFrom(next);
  }

  async #sleepUntil(atMs: number): Promise<void> {
    const leftMs = atMs - this.#runtime.now();
    if (leftMs > 0) await this.#runtime.sleep(leftMs);
  }

  #offer(send: Send): 'taken' | 'full' {
    const outcome = this.#queue.trySend({ id: send.id, action: send.action, emittedAtMs: this.#runtime.now() });
    if (outcome === 'sent') this.#accepted.push(send.id);
    else if (outcome === 'closed' || this.#vector.on_full === 'reject') this.#rejected.push(send.id);
    return outcome === 'full' ? 'full' : 'taken';
  }

  #admission(): Admission {
    const inner = new BackpressureState(this.#vector.config, netMesh021);
    for (const { daemon, until_ms: untilMs } of this.#vector.daemon_gates_preloaded) inner.gateDaemon(daemon, untilMs);
    return {
      admit: (id, action, nowMs) => inner.admit(id, action, nowMs),
      releaseFailedAdmit: (id, action) => inner.releaseFailedAdmit(id, action),
      // The executor's first step with an action that it has taken.
      tick: (nowMs) => {
        if (this.#isSenderWaiting && this.#queue.length === 0) this.#emptied.notify();
        inner.tick(nowMs);
      },
      updateQueueDepth: (depth) => inner.updateQueueDepth(depth),
      gateDaemon: (daemon, untilMs) => inner.gateDaemon(daemon, untilMs),
    };
  }

  #dispatcher(): Dispatcher {
    return {
      dispatch: (pending) => {
        const call = this.#dispatchLog.length;
        const scripted = this.#vector.dispatch_script[call] ?? { outcome: 'ok' as const, latency_ms: 0 };
        this.#dispatchLog.push({ call, at_ms: this.#runtime.now(), id: pending.id });
        this.#trace.push([this.#runtime.now(), 'dispatch', call, pending.id]);
        if (scripted.outcome === 'panic_sync') throw new Error('scripted panic');
        return this.#carryOut(scripted);
      },
      onBackpressure: (change) => {
        const edge = this.#edges.length;
        this.#edges.push({ at_ms: this.#runtime.now(), change });
        this.#trace.push([this.#runtime.now(), 'edge', change]);
        if (this.#vector.edge_hook_panic_on.includes(edge)) throw new Error('scripted panic');
      },
    };
  }

  async #carryOut(scripted: ExecutorVector['dispatch_script'][number]): Promise<DispatchResult> {
    if (scripted.latency_ms > 0) await this.#runtime.sleep(scripted.latency_ms);
    switch (scripted.outcome) {
      case 'ok':
        return { kind: 'ok' };
      case 'drop':
        return { kind: 'failed', reason: scripted.reason, retryAfterMs: null };
      case 'retry':
        return { kind: 'failed', reason: scripted.reason, retryAfterMs: scripted.after_ms };
      case 'panic':
      case 'panic_sync':
        throw new Error('scripted panic');
    }
  }

  #actionChainAppender(): Appender<ActionChainRecord> {
    return {
      append: (record) => {
        const { id, disposition } = record;
        const fails = this.#vector.chain_appender_fail_on.includes(this.#chainAppendCalls);
        this.#chainAppendCalls += 1;
        this.#trace.push([this.#runtime.now(), 'chain', id, disposition.type, fails ? 'err' : 'ok']);
        // A retry is no outcome. Anything else is, whether or not the chain took it.
        if (disposition.type !== 'failed' || disposition.retryAfterMs === null) this.#ended.add(id);
        if (fails) return new AppendError('action', 'scripted');
        this.#chainRecords.push(record);
        return null;
      },
    };
  }

  #failureChainAppender(): Appender<FailureRecord> {
    return {
      append: (record) => {
        const fails = this.#vector.failure_appender_fail_on.includes(this.#failureAppendCalls);
        this.#failureAppendCalls += 1;
        this.#trace.push([this.#runtime.now(), 'failure', record.seq, fails ? 'err' : 'ok']);
        if (fails) return new AppendError('failure', 'scripted');
        this.#failureChain.push(record);
        return null;
      },
    };
  }
}

function asRecorded(stats: ExecutorStats): ExecutorResult['stats'] {
  return {
    dispatched: stats.dispatched,
    failed: stats.failed,
    deferred: stats.deferred,
    gated: stats.gated,
    dispatch_retries: stats.dispatchRetries,
    cluster_backpressure_asserts: stats.backpressureAsserts,
    cluster_backpressure_releases: stats.backpressureReleases,
    chain_append_failures: stats.chainAppendFailures,
  };
}

function foldOf(records: readonly ActionChainRecord[]): FailureRecord[] {
  const snapshot = new MeshOsSnapshot();
  for (const record of records) foldRecord(record, snapshot);
  return snapshot.recentFailures.toArray();
}
