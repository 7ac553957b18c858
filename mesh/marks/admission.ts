/**
 * Marks of admission. A deferred pull does not say whether a cooldown or a chain's window held it back, so the windows are
 * followed here, from what was admitted and released.
 */
import type { DaemonRef, MeshOsAction } from '../../src/action/action.ts';
import { type Handlers, type MarkContext, PerNode } from './observer.ts';

export const ADMISSION_MARKS = [
  'admission.pull-cooldown-deferred',
  'admission.pull-at-exact-cooldown',
  'admission.stabilizing-deferred',
  'admission.drop-stabilizing-deferred',
  'admission.chain-open-at-exact-bound',
  'admission.released-cooldown-reused',
  'admission.drain-limited',
  'admission.drain-slot-at-exact-second',
  'admission.released-drain-slot-reused',
  'admission.released-beside-another-at-once',
  'admission.gated',
  'admission.gate-open-at-exact-bound',
  'admission.gate-shortened',
  'admission.gate-extended',
  'admission.gate-set-too-late',
  'admission.id-above-2^53',
] as const;

type AdmissionMark = (typeof ADMISSION_MARKS)[number];

const SECOND_MS = 1000;
const LAST_EXACT_ID = 9_007_199_254_740_992n;

class Admission {
  lastPullAt = Number.NEGATIVE_INFINITY;
  /** End of a cooldown that a failed dispatch gave back. */
  releasedUntil = Number.NEGATIVE_INFINITY;
  /** The action admitted last: the only one that a release can be about. */
  admitted: MeshOsAction | undefined;
  readonly chains = new Map<bigint, number>();
  readonly gates = new Map<string, number>();
  readonly drains: number[] = [];
  /** When the slots were taken that failed dispatches gave back. */
  readonly releasedDrains: number[] = [];
}

function gateKey(daemon: DaemonRef): string {
  return `${daemon.id}/${daemon.name}`;
}

export function admissionMarks({ mark, now, config }: MarkContext<AdmissionMark>): Handlers {
  const nodes = new PerNode(config.nodes, () => new Admission());

  function admitted(admission: Admission, action: MeshOsAction, nowMs: number): void {
    admission.admitted = action;
    switch (action.kind) {
      case 'pull_replica':
        if (config.pullCooldownMs > 0 && nowMs === admission.lastPullAt + config.pullCooldownMs) {
          mark('admission.pull-at-exact-cooldown');
        }
        if (nowMs < admission.releasedUntil) mark('admission.released-cooldown-reused');
        admission.lastPullAt = nowMs;
        openChain(admission, action.chain, nowMs);
        break;
      case 'drop_replica':
        openChain(admission, action.chain, nowMs);
        break;
      case 'migrate_blob':
        if (admission.drains[admission.drains.length - config.drainRatePerSec] === nowMs - SECOND_MS) {
          mark('admission.drain-slot-at-exact-second');
        }
        if (admission.releasedDrains.length > 0 && slots(admission, nowMs) >= config.drainRatePerSec) {
          mark('admission.released-drain-slot-reused');
        }
        admission.drains.push(nowMs);
        break;
      case 'start_daemon':
      case 'stop_daemon':
      case 'apply_backoff':
        if (admission.gates.size > 0 && admission.gates.get(gateKey(action.daemon)) === nowMs) {
          mark('admission.gate-open-at-exact-bound');
        }
    }
  }

  /** Slots of the last second, including those that were given back. */
  function slots({ drains, releasedDrains }: Admission, nowMs: number): number {
    const young = (takenAt: number): boolean => takenAt > nowMs - SECOND_MS;
    const taken = drains.length - 1 - drains.findLastIndex((takenAt) => !young(takenAt));
    const released = releasedDrains.filter(young).length;
    return released === 0 ? 0 : taken + released;
  }

  function openChain(admission: Admission, chain: bigint, nowMs: number): void {
    if (config.stabilizationMs > 0 && admission.chains.get(chain) === nowMs) {
      mark('admission.chain-open-at-exact-bound');
    }
    if (chain > LAST_EXACT_ID) mark('admission.id-above-2^53');
    admission.chains.set(chain, nowMs + config.stabilizationMs);
  }

  function releaseDrain({ drains, releasedDrains }: Admission): void {
    const takenAt = drains.pop();
    if (takenAt === undefined) return;
    if (drains.at(-1) === takenAt) mark('admission.released-beside-another-at-once');
    releasedDrains.push(takenAt);
  }

  function deferred(admission: Admission, action: MeshOsAction, nowMs: number): void {
    if (action.kind === 'migrate_blob') mark('admission.drain-limited');
    else if (action.kind === 'drop_replica') mark('admission.drop-stabilizing-deferred');
    else if (action.kind === 'pull_replica') {
      const stabilizing = (admission.chains.get(action.chain) ?? 0) > nowMs;
      mark(stabilizing ? 'admission.stabilizing-deferred' : 'admission.pull-cooldown-deferred');
    }
  }

  return {
    boot({ node }) {
      nodes.reset(node);
    },
    admit({ node, decision, action }) {
      if (decision === 'admit') admitted(nodes.of(node), action, now());
      else if (decision === 'defer') deferred(nodes.of(node), action, now());
      else mark('admission.gated');
    },
    release({ node }) {
      const admission = nodes.of(node);
      const action = admission.admitted;
      if (action?.kind === 'migrate_blob') releaseDrain(admission);
      else if (action?.kind === 'drop_replica') admission.chains.delete(action.chain);
      else if (action?.kind === 'pull_replica') {
        admission.chains.delete(action.chain);
        admission.releasedUntil = admission.lastPullAt + config.pullCooldownMs;
        admission.lastPullAt = Number.NEGATIVE_INFINITY;
      }
    },
    gate({ node, daemonId, daemonName, untilMs }) {
      const { gates } = nodes.of(node);
      const key = gateKey({ id: daemonId, name: daemonName });
      const earlier = gates.get(key);
      if (untilMs <= now()) mark('admission.gate-set-too-late');
      if (earlier !== undefined && earlier > now()) {
        if (untilMs < earlier) mark('admission.gate-shortened');
        else if (untilMs > earlier) mark('admission.gate-extended');
      }
      gates.set(key, untilMs);
    },
  };
}
