/**
 * The fold that rebuilds a node's view of recent failures from its action chain: what another node, or the same one
 * after a restart, knows of it. (Source: net-mesh 0.21.0, `MeshOsSnapshotFold`.)
 */
import type { ActionChainRecord } from './records.ts';
import { failureSource, gatedReason, type MeshOsSnapshot } from './snapshot.ts';
import { type DecodeError, describeDecodeError, type RecordDecoder } from './wire.ts';

/** A payload that is no record. */
export class FoldError {
  readonly cause: DecodeError;

  constructor(cause: DecodeError) {
    this.cause = cause;
  }

  get message(): string {
    return `decode failed: ActionChainRecord wire decode: ${describeDecodeError(this.cause)}`;
  }
}

/** Applies a chain's entries, in order, to a snapshot. */
export class MeshOsSnapshotFold {
  readonly #decoder: RecordDecoder;

  constructor(decoder: RecordDecoder) {
    this.#decoder = decoder;
  }

  /** Folds one entry's payload in; on an error the state is exactly as before. */
  apply(payload: Uint8Array, state: MeshOsSnapshot): FoldError | null {
    const decoded = this.#decoder.decode(payload);
    if (!decoded.ok) return new FoldError(decoded.error);
    foldRecord(decoded.value, state);
    return null;
  }
}

/** Folds one record in: a dispatched action leaves no trace, a failed or gated one is a recent failure. */
export function foldRecord(record: ActionChainRecord, state: MeshOsSnapshot): void {
  const disposition = record.disposition;
  if (disposition.type === 'dispatched') return;
  state.recentFailures.push({
    seq: 0n,
    source: failureSource(record.id, record.kind),
    reason:
      disposition.type === 'failed' ? disposition.reason : gatedReason(disposition.reason, disposition.cooldownMs),
    recordedAtMs: record.emittedAtMs,
  });
}
