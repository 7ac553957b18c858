/**
 * Admission: which actions may be dispatched now, which must wait, and which are refused. Pulls are spaced, migrations
 * are rationed, a chain that was just changed is left alone, a daemon in backoff is gated; beside that, the depth of
 * the queue drives the asserted/released flag. (docs/specification/control-plane.md, section 5.)
 */
import type { DaemonRef, MeshOsAction } from '../action/action.ts';
import { checkExecutorConfig } from './config.ts';
import { DrainWindow } from './drain-window.ts';
import { ExpiryTable } from './expiry-table.ts';
import { lengthBetween, type Millis, millis, plus } from './millis.ts';
import type { Admission, AdmitDecision, BackpressureChange, ExecutorConfig } from './ports.ts';
import { type ExecutorSemantics, strict } from './semantics.ts';

const ADMIT: AdmitDecision = { kind: 'admit' };
const DRAIN_RETRY: AdmitDecision = { kind: 'defer', retryAfterMs: 100 };
const GATE_REASON = 'daemon-backoff';

interface AdmittedPull {
  readonly id: bigint;
  readonly atMs: Millis;
}

export class BackpressureState implements Admission {
  readonly #config: ExecutorConfig;
  readonly #pullCooldownMs: Millis;
  readonly #stabilizationMs: Millis;
  readonly #stabilizing = new ExpiryTable<bigint>();
  readonly #gates = new ExpiryTable<string>();
  readonly #drain = new DrainWindow();
  #lastPull: AdmittedPull | null = null;
  #queueDepth: number | bigint = 0;
  #asserted = false;

  /** Throws a RangeError for limits that are no u64s, and for marks that flap where `semantics` refuses them. */
  constructor(config: ExecutorConfig, semantics: ExecutorSemantics = strict) {
    checkExecutorConfig(config, semantics);
    this.#config = config;
    this.#pullCooldownMs = millis(config.pullCooldownMs);
    this.#stabilizationMs = millis(config.stabilizationMs);
  }

  /** The depth last fed to the flag. */
  get queueDepth(): number | bigint {
    return this.#queueDepth;
  }

  /** Whether backpressure is asserted. */
  get asserted(): boolean {
    return this.#asserted;
  }

  admit(id: bigint, action: MeshOsAction, nowMs: Millis): AdmitDecision {
    switch (action.kind) {
      case 'pull_replica':
        return this.#admitPull(id, action.chain, nowMs);
      case 'drop_replica':
        return this.#admitDrop(action.chain, nowMs);
      case 'start_daemon':
      case 'stop_daemon':
      case 'apply_backoff':
        return this.#admitUngated(action.daemon, nowMs);
      case 'migrate_blob':
        return this.#admitMigration(id, nowMs);
      case 'request_placement':
      case 'request_eviction':
      case 'reduce_heat':
      case 'mark_avoid':
      case 'commit_maintenance_transition':
        return ADMIT;
    }
  }

  /** The chain's window is dropped for any id: another action on the same chain may have started it. */
  releaseFailedAdmit(id: bigint, action: MeshOsAction): void {
    switch (action.kind) {
      case 'pull_replica':
        if (this.#lastPull?.id === id) this.#lastPull = null;
        this.#stabilizing.delete(action.chain);
        break;
      case 'drop_replica':
        this.#stabilizing.delete(action.chain);
        break;
      case 'migrate_blob':
        this.#drain.release(id);
        break;
      default:
        break;
    }
  }

  tick(nowMs: Millis): void {
    this.#gates.sweep(nowMs);
    this.#stabilizing.sweep(nowMs);
    this.#drain.sweep(nowMs);
  }

  updateQueueDepth(depth: number | bigint): BackpressureChange {
    this.#queueDepth = depth;
    if (this.#asserted) {
      if (depth > this.#config.backpressureOff) return 'steady';
      this.#asserted = false;
      return 'released';
    }
    if (depth < this.#config.backpressureOn) return 'steady';
    this.#asserted = true;
    return 'asserted';
  }

  gateDaemon(daemon: DaemonRef, untilMs: Millis): void {
    this.#gates.hold(daemonKey(daemon), millis(untilMs));
  }

  #admitPull(id: bigint, chain: bigint, nowMs: Millis): AdmitDecision {
    const stableAtMs = this.#stabilizing.heldUntil(chain, nowMs);
    if (stableAtMs !== undefined) return { kind: 'defer', retryAfterMs: lengthBetween(nowMs, stableAtMs) };
    if (this.#lastPull !== null) {
      const nextPullAtMs = plus(this.#lastPull.atMs, this.#pullCooldownMs);
      if (nextPullAtMs > nowMs) return { kind: 'defer', retryAfterMs: lengthBetween(nowMs, nextPullAtMs) };
    }
    this.#lastPull = { id, atMs: nowMs };
    this.#stabilizing.hold(chain, plus(nowMs, this.#stabilizationMs));
    return ADMIT;
  }

  #admitDrop(chain: bigint, nowMs: Millis): AdmitDecision {
    const stableAtMs = this.#stabilizing.heldUntil(chain, nowMs);
    if (stableAtMs !== undefined) return { kind: 'defer', retryAfterMs: lengthBetween(nowMs, stableAtMs) };
    this.#stabilizing.hold(chain, plus(nowMs, this.#stabilizationMs));
    return ADMIT;
  }

  #admitUngated(daemon: DaemonRef, nowMs: Millis): AdmitDecision {
    if (this.#gates.size === 0) return ADMIT;
    const untilMs = this.#gates.heldUntil(daemonKey(daemon), nowMs);
    return untilMs === undefined ? ADMIT : { kind: 'gate', untilMs, reason: GATE_REASON };
  }

  #admitMigration(id: bigint, nowMs: Millis): AdmitDecision {
    this.#drain.sweep(nowMs);
    if (this.#drain.taken >= this.#config.drainRatePerSec) return DRAIN_RETRY;
    this.#drain.take(id, nowMs);
    return ADMIT;
  }
}

/** Equal for equal id and name only: the id's digits end at the colon. */
function daemonKey(daemon: DaemonRef): string {
  return `${daemon.id}:${daemon.name}`;
}
