/**
 * The windows of admission (docs/specification/control-plane.md section 5), derived from the log of dispatches. A dispatch
 * that begins at t was admitted at t and reserves what its action reserves; a dispatch that fails gives it back. A window
 * of w ms that began at s is open again at s + w.
 */
import type { MeshOsAction } from '../../../src/action/action.ts';

/** Drain admissions count while they are younger than this. */
export const DRAIN_SPAN_MS = 1000;
/** By how much a migration over the drain rate is put off. */
export const DRAIN_RETRY_MS = 100;

/** Pull cooldown and stabilization of chains. An admitted pull starts both, an admitted drop the second. */
export class ReplicaWindows {
  private readonly cooldownMs: number;
  private readonly stabilizationMs: number;
  private pulledBy = 0n;
  private pulledAtMs = 0;
  private readonly changedAtMs = new Map<bigint, number>();

  constructor(cooldownMs: number, stabilizationMs: number) {
    this.cooldownMs = cooldownMs;
    this.stabilizationMs = stabilizationMs;
  }

  /** Milliseconds until the next pull may be admitted; 0 or less if it may. */
  cooldownLeft(nowMs: number): number {
    return this.pulledBy === 0n ? 0 : this.pulledAtMs + this.cooldownMs - nowMs;
  }

  /** Milliseconds until the chain is stable; 0 or less if it is. */
  stabilizationLeft(chain: bigint, nowMs: number): number {
    const changedAtMs = this.changedAtMs.get(chain);
    return changedAtMs === undefined ? 0 : changedAtMs + this.stabilizationMs - nowMs;
  }

  dispatched(id: bigint, action: MeshOsAction, nowMs: number): void {
    if (action.kind === 'pull_replica') {
      this.pulledBy = id;
      this.pulledAtMs = nowMs;
      this.changedAtMs.set(action.chain, nowMs);
    } else if (action.kind === 'drop_replica') {
      this.changedAtMs.set(action.chain, nowMs);
    }
  }

  /** The dispatch failed. The cooldown is given back only if this action took it, the chain's window in any case. */
  failed(id: bigint, action: MeshOsAction): void {
    if (action.kind === 'pull_replica') {
      if (this.pulledBy === id) this.pulledBy = 0n;
      this.changedAtMs.delete(action.chain);
    } else if (action.kind === 'drop_replica') {
      this.changedAtMs.delete(action.chain);
    }
  }
}

/** Migrations that were admitted and count against the drain rate. */
export class DrainSlots {
  private readonly ids: bigint[] = [];
  private readonly atMs: number[] = [];

  /** How many count now. */
  taken(nowMs: number): number {
    let elapsed = 0;
    while (elapsed < this.atMs.length && nowMs - (this.atMs[elapsed] ?? 0) >= DRAIN_SPAN_MS) elapsed++;
    if (elapsed > 0) {
      this.ids.splice(0, elapsed);
      this.atMs.splice(0, elapsed);
    }
    return this.ids.length;
  }

  dispatched(id: bigint, nowMs: number): void {
    this.ids.push(id);
    this.atMs.push(nowMs);
  }

  /** The dispatch failed. The slot is given back if this action took one. */
  failed(id: bigint): void {
    const index = this.ids.indexOf(id);
    if (index < 0) return;
    this.ids.splice(index, 1);
    this.atMs.splice(index, 1);
  }
}
