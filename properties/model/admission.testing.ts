/**
 * Admission as docs/specification/control-plane.md section 5 describes it: what was admitted when, searched from the
 * beginning each time. It is slow and plain, so that it can be compared with the page line by line. For times that a number
 * holds.
 */
import type { DaemonRef, MeshOsAction } from '../../src/action/action.ts';
import type { AdmitDecision, BackpressureChange, ExecutorConfig } from '../../src/executor/ports.ts';

const DRAIN_SPAN_MS = 1000;
const DRAIN_RETRY_MS = 100;

interface Admitted {
  readonly id: bigint;
  readonly atMs: number;
}

export class AdmissionModel {
  readonly #config: ExecutorConfig;
  #lastPull: Admitted | null = null;
  #drained: readonly Admitted[] = [];
  /** When each changed chain is stable again. */
  readonly #stableAtMs = new Map<bigint, number>();
  readonly #gateUntilMs = new Map<string, number>();
  #asserted = false;

  constructor(config: ExecutorConfig) {
    this.#config = config;
  }

  get asserted(): boolean {
    return this.#asserted;
  }

  admit(id: bigint, action: MeshOsAction, nowMs: number): AdmitDecision {
    switch (action.kind) {
      case 'pull_replica':
        return this.#pull(id, action.chain, nowMs);
      case 'drop_replica':
        return this.#unlessStabilizing(action.chain, nowMs) ?? this.#change(action.chain, nowMs);
      case 'start_daemon':
      case 'stop_daemon':
      case 'apply_backoff':
        return this.#unlessGated(action.daemon, nowMs);
      case 'migrate_blob':
        return this.#drain(id, nowMs);
      default:
        return { kind: 'admit' };
    }
  }

  release(id: bigint, action: MeshOsAction): void {
    switch (action.kind) {
      case 'pull_replica':
        if (this.#lastPull?.id === id) this.#lastPull = null;
        this.#stableAtMs.delete(action.chain);
        break;
      case 'drop_replica':
        this.#stableAtMs.delete(action.chain);
        break;
      case 'migrate_blob':
        this.#drained = this.#drained.filter((admitted) => admitted.id !== id);
        break;
      default:
    }
  }

  gateDaemon({ id, name }: DaemonRef, untilMs: number): void {
    this.#gateUntilMs.set(`${id} ${name}`, untilMs);
  }

  updateQueueDepth(depth: number): BackpressureChange {
    if (!this.#asserted && depth >= this.#config.backpressureOn) {
      this.#asserted = true;
      return 'asserted';
    }
    if (this.#asserted && depth <= this.#config.backpressureOff) {
      this.#asserted = false;
      return 'released';
    }
    return 'steady';
  }

  #pull(id: bigint, chain: bigint, nowMs: number): AdmitDecision {
    const stabilizing = this.#unlessStabilizing(chain, nowMs);
    if (stabilizing !== null) return stabilizing;
    const openAtMs = this.#lastPull === null ? nowMs : this.#lastPull.atMs + Number(this.#config.pullCooldownMs);
    if (openAtMs > nowMs) return { kind: 'defer', retryAfterMs: openAtMs - nowMs };
    this.#lastPull = { id, atMs: nowMs };
    return this.#change(chain, nowMs);
  }

  #unlessStabilizing(chain: bigint, nowMs: number): AdmitDecision | null {
    const stableAtMs = this.#stableAtMs.get(chain) ?? nowMs;
    return stableAtMs > nowMs ? { kind: 'defer', retryAfterMs: stableAtMs - nowMs } : null;
  }

  #change(chain: bigint, nowMs: number): AdmitDecision {
    this.#stableAtMs.set(chain, nowMs + Number(this.#config.stabilizationMs));
    return { kind: 'admit' };
  }

  #unlessGated({ id, name }: DaemonRef, nowMs: number): AdmitDecision {
    const untilMs = this.#gateUntilMs.get(`${id} ${name}`) ?? nowMs;
    return untilMs > nowMs ? { kind: 'gate', untilMs, reason: 'daemon-backoff' } : { kind: 'admit' };
  }

  #drain(id: bigint, nowMs: number): AdmitDecision {
    const young = this.#drained.filter(({ atMs }) => nowMs - atMs < DRAIN_SPAN_MS);
    if (young.length >= this.#config.drainRatePerSec) return { kind: 'defer', retryAfterMs: DRAIN_RETRY_MS };
    this.#drained = [...this.#drained, { id, atMs: nowMs }];
    return { kind: 'admit' };
  }
}
