/**
 * The seams of a simulated node. Every part that the node is built from is wrapped here, so that what passes is traced as
 * it was seen from outside, and so that faults can strike there.
 */

import { type DamageDraw, damaged } from '../../sim/faults/damage.ts';
import { labelOf, type Name } from '../../sim/kernel/choices/name.ts';
import type { MeshOsAction } from '../../src/action/action.ts';
import type { ChainFold, PayloadLog } from '../../src/chain/ports.ts';
import type {
  ActionChainRecord,
  AdminAuditRecord,
  AppendError,
  Appender,
  ChainName,
  FailureRecord,
  LogRecord,
} from '../../src/chain/records.ts';
import type { MeshOsSnapshot } from '../../src/chain/snapshot.ts';
import type { Admission, AdmitDecision, BackpressureChange } from '../../src/executor/ports.ts';
import type { Decorators } from '../../src/node/ports.ts';
import type { MeshEvent } from '../events.ts';
import { largestAllocation } from '../probes/allocations.ts';
import { claimed, flawed } from '../probes/claims.ts';
import { type WideDraw, widened } from '../probes/widened.ts';
import { checksumAtEnd } from './checksum.ts';
import { frozen } from './frozen.ts';
import { InjectedAppendError } from './injected-append-error.ts';
import type { NodeHost } from './node-host.ts';
import { traceable } from './traceable.ts';
import type { VersionedCoder } from './versioned-coder.ts';

const RECORD = labelOf('record');

type FoldEvent = Extract<MeshEvent, { kind: 'fold' }>;

/** What a node's seams need besides its surroundings. */
export interface SeamHost extends NodeHost {
  readonly coder: VersionedCoder;
  readonly codec: 'msgpack' | 'postcard';
  /** What is on the disk of the own log: a view, valid until the next write. */
  readonly ownLog: Uint8Array;
  readonly ownLogBytes: number;
  /** Under which name an entry of the own log travels. */
  entryAppended(seq: bigint, where: Name): void;
  /** An action has had its last outcome. */
  actionEnded(): void;
}

export class Seams implements Decorators {
  readonly #host: SeamHost;
  /** The append of an action record that is under way. */
  #where: Name | null = null;
  #seq: bigint | null = null;
  #damaged = false;
  /** Folds that are reported only after what they follow from: the node's start, or the append of the entry. */
  #heldFolds: FoldEvent[] | null = [];
  #rebuilding = true;

  constructor(host: SeamHost) {
    this.#host = host;
  }

  /** The node has started: what it folded on the way can be reported. */
  started(): void {
    this.#rebuilding = false;
    this.#tellFolds();
  }

  admission(inner: Admission): Admission {
    return new ObservedAdmission(this.#host, inner);
  }

  actionChain(inner: Appender<ActionChainRecord>): Appender<ActionChainRecord> {
    return { append: (record) => this.#appendAction(record, inner) };
  }

  failureChain(inner: Appender<FailureRecord>): Appender<FailureRecord> {
    return { append: (record) => this.#appendFailure(record, inner) };
  }

  logChain(inner: Appender<LogRecord>): Appender<LogRecord> {
    return { append: (record) => this.#appendLog(record, inner) };
  }

  auditChain(inner: Appender<AdminAuditRecord>): Appender<AdminAuditRecord> {
    return { append: (record) => this.#appendAudit(record, inner) };
  }

  payloads(inner: PayloadLog): PayloadLog {
    return {
      append: (payload) => {
        const bytes = this.#damagedBeforeAppend(payload);
        const offset = this.#host.ownLogBytes;
        this.#heldFolds = [];
        const outcome = inner.append(bytes);
        if (!outcome.ok) {
          this.#tellFolds();
          return outcome;
        }
        const { node, inc } = this.#host;
        this.#seq = outcome.seq;
        if (this.#where !== null) this.#host.entryAppended(outcome.seq, this.#where);
        this.#host.emit({
          kind: 'log-append',
          node,
          inc,
          seq: outcome.seq,
          payload: bytes,
          damaged: this.#damaged,
          original: payload,
          offset,
          end: this.#host.ownLogBytes,
          crc: checksumAtEnd(this.#host.ownLog),
        });
        this.#tellFolds();
        return outcome;
      },
    };
  }

  fold(chain: bigint, inner: ChainFold, snapshot: MeshOsSnapshot): ChainFold {
    return {
      apply: (seq, payload) => {
        const error = inner.apply(seq, payload);
        const { node, inc, coder } = this.#host;
        const event: FoldEvent = {
          kind: 'fold',
          node,
          inc,
          chain: Number(chain),
          seq,
          reader: coder.readerVersion,
          outcome: error === null ? 'folded' : error.kind,
          reason: error?.kind === 'malformed' ? error.reason : null,
          length: snapshot.recentFailures.length,
          payload,
          rebuild: this.#rebuilding,
        };
        if (this.#heldFolds === null) this.#host.emit(event);
        else this.#heldFolds.push(event);
        return error;
      },
    };
  }

  #tellFolds(): void {
    const held = this.#heldFolds ?? [];
    this.#heldFolds = null;
    for (const event of held) this.#host.emit(event);
  }

  #appendAction(record: ActionChainRecord, inner: Appender<ActionChainRecord>): AppendError | null {
    frozen(record);
    const { node, inc, group, coder } = this.#host;
    const operation = this.#host.operationOf(record.id);
    operation.records += 1;
    const where = operation.name.numbered(RECORD, operation.records);
    this.#where = where;
    this.#seq = null;
    this.#damaged = false;
    const error = this.#refused('action', where) ?? inner.append(record);
    const { disposition } = record;
    const ms =
      disposition.type === 'failed'
        ? disposition.retryAfterMs
        : disposition.type === 'gated'
          ? disposition.cooldownMs
          : null;
    this.#host.emit({
      kind: 'append-action',
      node,
      inc,
      id: record.id,
      action: record.kind,
      emittedAtMs: record.emittedAtMs,
      type: disposition.type,
      reason: disposition.type === 'dispatched' ? null : traceable(disposition.reason),
      ms,
      ok: error === null,
      seq: this.#seq,
      damaged: this.#damaged,
      version: coder.writerVersion,
      wallMs: group.wallNow(),
      record,
      error,
    });
    if (disposition.type !== 'failed' || disposition.retryAfterMs === null) this.#host.actionEnded();
    this.#probe(record, where);
    this.#where = null;
    return error;
  }

  #appendFailure(record: FailureRecord, inner: Appender<FailureRecord>): AppendError | null {
    frozen(record);
    const { node, inc, group } = this.#host;
    const error = this.#refused('failure', null) ?? inner.append(record);
    const { seq, recordedAtMs } = record;
    const source = traceable(record.source);
    const reason = traceable(record.reason);
    const wallMs = group.wallNow();
    const ok = error === null;
    this.#host.emit({
      kind: 'append-failure',
      node,
      inc,
      seq,
      source,
      reason,
      recordedAtMs,
      ok,
      wallMs,
      record,
      error,
    });
    return error;
  }

  #appendLog(record: LogRecord, inner: Appender<LogRecord>): AppendError | null {
    frozen(record);
    const { node, inc, group } = this.#host;
    const error = this.#refused('log', null) ?? inner.append(record);
    const { seq, tsMs, level, message, daemonId } = record;
    const wallMs = group.wallNow();
    const ok = error === null;
    this.#host.emit({ kind: 'append-log', node, inc, seq, tsMs, level, message, daemonId, ok, wallMs, record, error });
    return error;
  }

  #appendAudit(record: AdminAuditRecord, inner: Appender<AdminAuditRecord>): AppendError | null {
    frozen(record);
    const { node, inc, group } = this.#host;
    const error = this.#refused('admin-audit', null) ?? inner.append(record);
    const { seq, tsMs, operator, operation, outcome } = record;
    const wallMs = group.wallNow();
    const ok = error === null;
    this.#host.emit({
      kind: 'append-audit',
      node,
      inc,
      seq,
      tsMs,
      operator,
      operation,
      outcome,
      ok,
      wallMs,
      record,
      error,
    });
    return error;
  }

  /** The error that a fault makes of this append, if one does. */
  #refused(chain: ChainName, where: Name | null): AppendError | null {
    for (const fault of this.#host.faults.of('append-error')) {
      if (fault.node !== this.#host.node || fault.chain !== chain) continue;
      if (fault.percent < 100) {
        const draws = where ?? this.#host.background(`append-${chain}`);
        if (this.#host.kernel.draw(draws.child('fault', fault.key), 100) >= fault.percent) continue;
      }
      this.#host.faults.struck(fault);
      return new InjectedAppendError(chain, fault.key);
    }
    return null;
  }

  #damagedBeforeAppend(payload: Uint8Array): Uint8Array {
    const where = this.#where;
    if (where === null) return payload;
    for (const fault of this.#host.faults.of('wire-damage')) {
      if (fault.where !== 'append' || fault.node !== this.#host.node) continue;
      const name = where.child('damage', fault.key);
      if (fault.percent < 100 && this.#host.kernel.draw(name, 100) >= fault.percent) continue;
      this.#host.faults.struck(fault);
      this.#damaged = true;
      return damaged(payload, fault.damage, (what, bound) =>
        this.#host.kernel.draw(name.child(what).child('of', bound), bound),
      );
    }
    return payload;
  }

  /**
   * Feeds three kinds of bytes straight to a decoder: a damaged copy of the record's bytes, bytes that claim too much, and
   * bytes with one small flaw. Also encodes a record with numbers that no node reaches, and feeds it to the decoder.
   */
  #probe(record: ActionChainRecord, where: Name): void {
    for (const fault of this.#host.faults.of('wire-damage')) {
      if (fault.where !== 'decoder' || fault.node !== this.#host.node) continue;
      const name = where.child('damage', fault.key);
      if (fault.percent < 100 && this.#host.kernel.draw(name, 100) >= fault.percent) continue;
      const encoded = this.#host.coder.encode(record);
      if (!encoded.ok) continue;
      this.#host.faults.struck(fault);
      const drawn =
        (where: Name) =>
        (what: Parameters<DamageDraw>[0] | Parameters<WideDraw>[0], bound: number): number =>
          this.#host.kernel.draw(where.child(what).child('of', bound), bound);
      this.#decodeStraight(damaged(encoded.value, fault.damage, drawn(name)));
      const { codec, coder } = this.#host;
      this.#decodeStraight(claimed(codec, coder.readerVersion, drawn(name.child('claim'))), { measured: true });
      this.#decodeStraight(flawed(codec, coder.readerVersion, encoded.value, drawn(name.child('flaw'))));
      const wide = frozen(widened(record, drawn(name.child('wide'))));
      const wideBytes = coder.encode(wide);
      if (wideBytes.ok) this.#decodeStraight(wideBytes.value, { given: wide });
    }
  }

  /**
   * Allocations are reported only for bytes that claim more than they have. Such bytes are refused before anything is
   * written. A decoder that writes what it read, to compare forms, may make its writer grow, by amounts that depend on
   * earlier runs.
   */
  #decodeStraight(
    bytes: Uint8Array,
    { given, measured = false }: { readonly given?: ActionChainRecord; readonly measured?: boolean } = {},
  ): void {
    const { node, inc, codec, coder } = this.#host;
    let outcome: Extract<MeshEvent, { kind: 'probe' }>['outcome'] = 'threw';
    let reason: string | null = null;
    let decoded: ActionChainRecord | null = null;
    const decode = (): void => {
      try {
        const result = coder.decode(BigInt(node), bytes);
        outcome = result.ok ? 'record' : result.error.kind;
        if (result.ok) decoded = result.value;
        else if (result.error.kind === 'malformed') reason = result.error.reason;
      } catch {
        // Finding a decoder that throws is what the probe is there for.
      }
    };
    let largestBytes = 0;
    if (measured) largestBytes = largestAllocation(decode);
    else decode();
    const { readerVersion: reader } = coder;
    this.#host.emit({
      kind: 'probe',
      node,
      inc,
      codec,
      reader,
      bytes,
      outcome,
      reason,
      decoded,
      given,
      largestBytes,
    });
  }
}

class ObservedAdmission implements Admission {
  readonly #host: NodeHost;
  readonly #inner: Admission;

  constructor(host: NodeHost, inner: Admission) {
    this.#host = host;
    this.#inner = inner;
  }

  admit(id: bigint, action: MeshOsAction, nowMs: number): AdmitDecision {
    const decision = this.#inner.admit(id, action, nowMs);
    const { node, inc } = this.#host;
    let ms = 0;
    if (decision.kind === 'defer') ms = Number(decision.retryAfterMs);
    else if (decision.kind === 'gate') ms = Number(decision.untilMs) - this.#host.uptimeMs;
    const reason = decision.kind === 'gate' ? decision.reason : null;
    this.#host.emit({ kind: 'admit', node, inc, id, decision: decision.kind, ms, reason, action });
    return decision;
  }

  releaseFailedAdmit(id: bigint, action: MeshOsAction): void {
    this.#inner.releaseFailedAdmit(id, action);
    this.#host.emit({ kind: 'release', node: this.#host.node, inc: this.#host.inc, id });
  }

  tick(nowMs: number): void {
    this.#inner.tick(nowMs);
  }

  updateQueueDepth(depth: number): BackpressureChange {
    const change = this.#inner.updateQueueDepth(depth);
    this.#host.emit({ kind: 'depth', node: this.#host.node, inc: this.#host.inc, depth, change });
    return change;
  }

  gateDaemon(...[daemon, untilMs]: Parameters<Admission['gateDaemon']>): void {
    this.#inner.gateDaemon(daemon, untilMs);
    const { node, inc, uptimeMs } = this.#host;
    const { id: daemonId, name: daemonName } = daemon;
    this.#host.emit({ kind: 'gate', node, inc, daemonId, daemonName, untilMs: Number(untilMs) - uptimeMs });
  }
}
