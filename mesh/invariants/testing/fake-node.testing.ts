/** One node of the fake mesh: what a correct one does when it takes up an action, as the ports show it. */
import type { MeshOsAction, PendingAction } from '../../../src/action/action.ts';
import type {
  ActionChainRecord,
  ActionDisposition,
  AdminAuditRecord,
  AppendError,
  ChainName,
  FailureRecord,
  LogRecord,
} from '../../../src/chain/records.ts';
import type { ExecutorStats } from '../../../src/executor/ports.ts';
import type { NodeInput } from '../../../src/node/ports.ts';
import type { SendOutcome } from '../../../src/runtime/port.ts';
import type { MeshConfig } from '../../scenario/scenario.ts';
import { InjectedAppendError } from '../../system/injected-append-error.ts';
import type { Decoded, NodeView } from '../../view.ts';
import { CLOSED_REASON, deferBudgetText, PANICKED, retryBudgetText } from '../model/actions.ts';
import { foldedEntry } from '../model/wire/records.ts';
import type { Sketch } from './fake-events.testing.ts';
import { FakeChain, FakeRing } from './fake-ring.testing.ts';

/** What becomes of an action when it is taken up. */
export type Turn =
  | { readonly is: 'ok' }
  | { readonly is: 'failed'; readonly reason: string; readonly retryAfterMs?: number }
  | { readonly is: 'rejected' | 'threw' }
  | { readonly is: 'defer'; readonly ms: number }
  | { readonly is: 'gate'; readonly untilMs: number };

/** How the seams behave for the next records; undamaged and accepting unless said otherwise. */
interface Seams {
  failure: boolean;
  action: boolean;
  log: boolean;
  audit: boolean;
  damage: Uint8Array | null;
}

export const HEAT: MeshOsAction = { kind: 'reduce_heat', blob: 7n, by: 1 };

/** What a node of the fake mesh asks of the mesh. */
interface Surroundings {
  readonly config: MeshConfig;
  readonly nowMs: number;
  readonly wallOffsetMs: number;
  readonly firstSeq: number;
  readonly encode: (codec: 'msgpack' | 'postcard', version: number, record: ActionChainRecord) => Uint8Array | null;
  readonly decode: (codec: 'msgpack' | 'postcard', version: number, bytes: Uint8Array) => Decoded;
  emit(sketch: Sketch): void;
}

export class FakeNode implements NodeView {
  up = true;
  readonly inc: number;
  readonly uptimeMs = 10_000;
  readonly stats: { -readonly [K in keyof ExecutorStats]: number } = {
    dispatched: 0,
    failed: 0,
    deferred: 0,
    gated: 0,
    dispatchRetries: 0,
    backpressureAsserts: 0,
    backpressureReleases: 0,
    chainAppendFailures: 0,
    hookFailures: 0,
  };
  queueLength = 0;
  deferred = 0;
  backpressure = false;
  droppedQueueFull = 0;
  refusedQueueClosed = 0;
  readonly recentFailures: FakeRing<FailureRecord>;
  readonly logRing: FakeRing<LogRecord>;
  readonly auditRing: FakeRing<AdminAuditRecord>;
  readonly failureChain: FakeRing<FailureRecord>;
  readonly logChain: FakeRing<LogRecord>;
  readonly auditChain: FakeRing<AdminAuditRecord>;
  /** Set for the records to come. */
  readonly seams: Seams = { failure: true, action: true, log: true, audit: true, damage: null };
  writerVersion = 1;
  readerVersion = 1;
  readonly deferredIds: bigint[] = [];
  private readonly mesh: Surroundings;
  private readonly number: number;
  private readonly chains: FakeChain[] = [];
  private readonly actions = new Map<bigint, MeshOsAction>();
  private readonly takenAtMs = new Map<bigint, number>();
  private readonly putOffs = new Map<bigint, number>();
  private taken = 0n;
  private handed = 0n;
  private calls = 0;
  /** Of what was handed over since the last tick: taken, dropped, refused. */
  private outcomes: [number, number, number] = [0, 0, 0];
  private failures = 0n;
  private logs = 0n;
  private audits = 0n;

  constructor(mesh: Surroundings, number: number, inc: number) {
    const { config } = mesh;
    this.mesh = mesh;
    this.number = number;
    this.inc = inc;
    this.recentFailures = new FakeRing(config.recentFailures);
    this.logRing = new FakeRing(config.logRing);
    this.auditRing = new FakeRing(config.auditRing);
    this.failureChain = new FakeRing(config.failureChain);
    this.logChain = new FakeRing(config.logChain);
    this.auditChain = new FakeRing(config.auditChain);
    for (let chain = 0; chain <= config.nodes; chain++) {
      this.chains.push(new FakeChain(config.recentFailures, chain, config.codecs[chain - 1]));
    }
  }

  chain(chain: number): FakeChain {
    const found = this.chains[chain];
    if (found === undefined) throw new RangeError(`no chain ${chain}`);
    return found;
  }

  /** Seq of the next entry of the chain as it is kept here. */
  nextSeq(chain: number): bigint {
    return BigInt(this.mesh.firstSeq + this.chain(chain).stored.length);
  }

  backends(): readonly { readonly backend: string; readonly live: boolean }[] {
    return [];
  }

  get at(): { readonly node: number; readonly inc: number } {
    return { node: this.number, inc: this.inc };
  }

  get wallMs(): bigint {
    return BigInt(this.mesh.nowMs + this.mesh.wallOffsetMs);
  }

  // ---- inbox and queue

  offer(op: string, given: NodeInput, outcome: SendOutcome = 'sent'): void {
    this.mesh.emit({ kind: 'offer', ...this.at, op, input: given.kind, outcome, given });
  }

  /** Offers an action and takes it out again; gives its id. */
  collect(op: string, action: MeshOsAction = HEAT): bigint {
    this.offer(op, { kind: 'submit', action });
    return this.take(op, action);
  }

  take(op: string, action: MeshOsAction = HEAT): bigint {
    this.taken++;
    this.actions.set(this.taken, action);
    this.takenAtMs.set(this.taken, this.mesh.nowMs);
    this.mesh.emit({ kind: 'take', ...this.at, op, input: 'submit' });
    return this.taken;
  }

  pending(id: bigint): PendingAction {
    const emittedAtMs = this.uptimeMs + (this.takenAtMs.get(id) ?? 0);
    return { id, action: this.actions.get(id) ?? HEAT, emittedAtMs };
  }

  enqueue(id: bigint, outcome: SendOutcome = 'sent'): void {
    this.handed = id;
    this.outcomes[outcome === 'sent' ? 0 : outcome === 'full' ? 1 : 2]++;
    if (outcome === 'sent') this.queueLength++;
    this.mesh.emit({ kind: 'enqueue', ...this.at, id, outcome, pending: this.pending(id) });
    if (outcome === 'full') this.droppedQueueFull++;
    if (outcome === 'closed') this.refusedQueueClosed++;
  }

  /** From the offer into the executor's queue. */
  submit(op: string, action: MeshOsAction = HEAT): bigint {
    const id = this.collect(op, action);
    this.enqueue(id);
    return id;
  }

  // ---- executor

  /** Takes an action out of the queue and up to its end. */
  fresh(id: bigint, turn: Turn): void {
    this.queueLength--;
    this.mesh.emit({ kind: 'dequeue', ...this.at, id });
    this.serve(id, turn);
  }

  /** Takes up a deferred action. */
  due(id: bigint, turn: Turn): void {
    this.deferred--;
    this.deferredIds.splice(this.deferredIds.indexOf(id), 1);
    this.serve(id, turn);
  }

  private serve(id: bigint, turn: Turn): void {
    this.feed(1);
    const { action } = this.pending(id);
    const decision = turn.is === 'defer' || turn.is === 'gate' ? turn.is : 'admit';
    const ms = turn.is === 'defer' ? turn.ms : turn.is === 'gate' ? turn.untilMs : 0;
    const reason = turn.is === 'gate' ? 'daemon-backoff' : null;
    this.mesh.emit({ kind: 'admit', ...this.at, id, decision, ms, reason, action });
    if (turn.is === 'defer') {
      const count = this.putOff(id);
      if (count <= this.mesh.config.maxDefers) {
        this.stats.deferred++;
        this.requeue(id);
      } else {
        this.stats.failed++;
        this.fail(id, {
          type: 'failed',
          reason: deferBudgetText(count, this.mesh.config.maxDefers),
          retryAfterMs: null,
        });
      }
    } else if (turn.is === 'gate') {
      this.stats.gated++;
      const cooldownMs = BigInt(turn.untilMs - this.mesh.nowMs);
      this.fail(id, { type: 'gated', reason: 'daemon-backoff', cooldownMs });
    } else {
      this.dispatch(id, turn);
    }
    this.feed(0);
  }

  private dispatch(id: bigint, turn: Exclude<Turn, { is: 'defer' | 'gate' }>): void {
    const call = this.calls++;
    this.mesh.emit({ kind: 'dispatch', ...this.at, id, call, pending: this.pending(id) });
    const retryAfterMs = turn.is === 'failed' && turn.retryAfterMs !== undefined ? BigInt(turn.retryAfterMs) : null;
    const own = turn.is === 'failed' ? turn.reason : null;
    this.mesh.emit({ kind: 'dispatch-end', ...this.at, id, call, result: turn.is, reason: own, retryAfterMs });
    if (turn.is === 'ok') {
      this.stats.dispatched++;
      this.append(id, { type: 'dispatched' });
      return;
    }
    this.mesh.emit({ kind: 'release', ...this.at, id });
    this.feed(0);
    const reason = own ?? PANICKED;
    if (retryAfterMs === null) {
      this.stats.failed++;
      this.fail(id, { type: 'failed', reason, retryAfterMs: null });
      return;
    }
    const count = this.putOff(id);
    if (count > this.mesh.config.maxDefers) {
      this.stats.failed++;
      this.fail(id, { type: 'failed', reason: retryBudgetText(count), retryAfterMs: null });
    } else {
      this.stats.dispatchRetries++;
      this.fail(id, { type: 'failed', reason, retryAfterMs });
      this.requeue(id);
    }
  }

  private putOff(id: bigint): number {
    const count = (this.putOffs.get(id) ?? 0) + 1;
    this.putOffs.set(id, count);
    return count;
  }

  private requeue(id: bigint): void {
    this.deferred++;
    this.deferredIds.push(id);
  }

  /** Feeds the depth, with `inHand` actions on top, and tells the hook of an edge. */
  feed(inHand: number, threw = false): void {
    const depth = this.queueLength + this.deferred + inHand;
    const { backpressureOn, backpressureOff } = this.mesh.config;
    const asserts = !this.backpressure && depth >= backpressureOn;
    const releases = this.backpressure && depth <= backpressureOff;
    const change = asserts ? 'asserted' : releases ? 'released' : 'steady';
    if (asserts || releases) this.backpressure = asserts;
    this.mesh.emit({ kind: 'depth', ...this.at, depth, change });
    if (change === 'steady') return;
    if (asserts) this.stats.backpressureAsserts++;
    else this.stats.backpressureReleases++;
    this.mesh.emit({ kind: 'hook', ...this.at, change, threw });
    if (threw) this.stats.hookFailures++;
  }

  /** Records a failure: failure chain, ring, action chain. */
  fail(id: bigint, disposition: ActionDisposition): void {
    const entry = foldedEntry(this.record(id, disposition));
    if (entry !== null) this.recordFailure(entry);
    this.append(id, disposition);
  }

  recordFailure(entry: FailureRecord): void {
    const record = { ...entry, seq: ++this.failures };
    const ok = this.seams.failure;
    if (ok) this.failureChain.push(record);
    const { seq, source, reason, recordedAtMs } = record;
    this.mesh.emit({
      kind: 'append-failure',
      ...this.at,
      seq,
      source,
      reason,
      recordedAtMs,
      ok,
      wallMs: this.wallMs,
      record,
      error: refusal('failure', ok),
    });
    this.recentFailures.push(record);
  }

  record(id: bigint, disposition: ActionDisposition): ActionChainRecord {
    return { id, kind: this.pending(id).action.kind, emittedAtMs: this.wallMs, disposition };
  }

  append(id: bigint, disposition: ActionDisposition): void {
    this.appendRecord(this.record(id, disposition));
  }

  /** Through encoder, log and own fold, then the seam answers. */
  appendRecord(record: ActionChainRecord): void {
    const { mesh, seams } = this;
    const made = record.disposition;
    let seq: bigint | null = null;
    if (seams.action) {
      const original = mesh.encode(mesh.config.codecs[this.number - 1] ?? 'msgpack', this.writerVersion, record);
      if (original === null) throw new Error('the fake codec refused a record');
      const payload = seams.damage ?? original;
      const log = this.chain(this.number);
      seq = this.nextSeq(this.number);
      log.stored.push(payload);
      const end = log.bytes().length;
      mesh.emit({ kind: 'log-append', ...this.at, seq, payload, damaged: seams.damage !== null, original, end });
      this.foldStored(this.number, seq, payload, false);
    }
    mesh.emit({
      kind: 'append-action',
      ...this.at,
      id: record.id,
      action: record.kind,
      emittedAtMs: record.emittedAtMs,
      type: made.type,
      reason: made.type === 'dispatched' ? null : made.reason,
      ms: made.type === 'dispatched' ? null : made.type === 'failed' ? made.retryAfterMs : made.cooldownMs,
      ok: seams.action,
      seq,
      damaged: seams.action && seams.damage !== null,
      version: this.writerVersion,
      wallMs: this.wallMs,
      record,
      error: refusal('action', seams.action),
    });
    if (!seams.action) this.stats.chainAppendFailures++;
  }

  /** One more entry of a chain is stored and folded here. */
  fold(chain: number, payload: Uint8Array, rebuild: boolean): void {
    const copy = this.chain(chain);
    const seq = this.nextSeq(chain);
    copy.stored.push(payload);
    this.foldStored(chain, seq, payload, rebuild);
  }

  /** Folds all entries of a chain that are stored here. */
  rebuild(chain: number): void {
    for (const [index, payload] of this.chain(chain).stored.entries()) {
      this.foldStored(chain, BigInt(this.mesh.firstSeq + index), payload, true);
    }
  }

  private foldStored(chain: number, seq: bigint, payload: Uint8Array, rebuild: boolean): void {
    const copy = this.chain(chain);
    const decoded = this.mesh.decode(this.mesh.config.codecs[chain - 1] ?? 'msgpack', this.readerVersion, payload);
    const entry = decoded.ok ? foldedEntry(decoded.record) : null;
    if (entry !== null) copy.folded.push(entry);
    this.mesh.emit({
      kind: 'fold',
      ...this.at,
      chain,
      seq,
      reader: this.readerVersion,
      outcome: decoded.ok ? 'folded' : decoded.error,
      length: copy.folded.length,
      payload,
      rebuild,
    });
    if (decoded.ok) return;
    if (decoded.error === 'unsupported_version') copy.rejectedVersion++;
    else copy.rejectedDamaged++;
  }

  /** The queue closes; the deferred actions fail in the order given, and the executor ends. */
  close(order: readonly bigint[] = [...this.deferredIds]): void {
    this.mesh.emit({ kind: 'queue-close', ...this.at });
    for (const id of order) {
      this.deferred--;
      this.stats.failed++;
      this.fail(id, { type: 'failed', reason: CLOSED_REASON, retryAfterMs: null });
    }
    this.deferredIds.length = 0;
    this.feed(0);
    this.mesh.emit({ kind: 'executor-end', ...this.at });
  }

  // ---- loop

  /** Hands over what was collected since the last tick, and writes the loop's line. */
  tick(outcome: SendOutcome = 'sent'): void {
    while (this.handed < this.taken) this.enqueue(this.handed + 1n, outcome);
    const [handed, dropped, refused] = this.outcomes;
    this.outcomes = [0, 0, 0];
    this.log(`tick: ${handed} handed over, ${dropped} dropped (queue full), ${refused} refused (queue closed)`);
  }

  /** Somebody asks for a log record, and the loop makes it. */
  askLog(message: string): void {
    const op = `log ${this.logs + 1n}`;
    this.offer(op, { kind: 'log', level: 'debug', daemonId: null, message });
    this.mesh.emit({ kind: 'take', ...this.at, op, input: 'log' });
    this.log(message);
  }

  log(message: string): void {
    const record: LogRecord = {
      seq: ++this.logs,
      tsMs: this.wallMs,
      level: 'debug',
      daemonId: null,
      nodeId: BigInt(this.number),
      message,
      chainPending: false,
    };
    this.logRing.push(record);
    const ok = this.seams.log;
    if (ok) this.logChain.push(record);
    const { seq, tsMs, level } = record;
    const error = refusal('log', ok);
    this.mesh.emit({ kind: 'append-log', ...this.at, seq, tsMs, level, message, ok, wallMs: tsMs, record, error });
    if (!ok) mark(this.logRing);
  }

  /** Somebody asks for an audit entry, and the loop makes it. */
  audit(operator: string): void {
    const op = `audit ${this.audits + 1n}`;
    this.offer(op, { kind: 'admin', operator, operation: 'drain', outcome: 'accepted' });
    this.mesh.emit({ kind: 'take', ...this.at, op, input: 'admin' });
    const record: AdminAuditRecord = {
      seq: ++this.audits,
      tsMs: this.wallMs,
      nodeId: BigInt(this.number),
      operator,
      operation: 'drain',
      outcome: 'accepted',
      chainPending: false,
    };
    this.auditRing.push(record);
    const ok = this.seams.audit;
    if (ok) this.auditChain.push(record);
    const { seq, tsMs, outcome } = record;
    const error = refusal('admin-audit', ok);
    this.mesh.emit({ kind: 'append-audit', ...this.at, seq, tsMs, operator, outcome, ok, wallMs: tsMs, record, error });
    if (!ok) mark(this.auditRing);
  }
}

/** What a chain's append gives: a fault's error where the record is not taken. */
function refusal(chain: ChainName, taken: boolean): AppendError | null {
  return taken ? null : new InjectedAppendError(chain, 'f1');
}

/** Marks the newest entry as not appended. */
function mark<T extends { readonly chainPending: boolean }>(ring: FakeRing<T>): void {
  const newest = ring.items.at(-1);
  if (newest !== undefined) ring.items[ring.items.length - 1] = { ...newest, chainPending: true };
}
