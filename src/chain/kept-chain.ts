/**
 * One chain as one node keeps it, its own or a copy: the log, and the snapshot folded from it. Every entry is folded
 * once, in seq order, when it enters the log; a node that starts folds what its log recovered. An entry that does not
 * decode is counted and passed over, for whoever wrote it will not write it again.
 */
import { framePayload } from './frame.ts';
import type { ChainLog } from './log.ts';
import type { AppendOutcome, ChainFold, PayloadLog } from './ports.ts';
import type { MeshOsSnapshot } from './snapshot.ts';

export class KeptChain implements PayloadLog {
  readonly log: ChainLog;
  readonly snapshot: MeshOsSnapshot;
  /** Entries of another wire version. */
  rejectedVersion = 0;
  /** Entries whose bytes are no record. */
  rejectedDamaged = 0;
  readonly #fold: ChainFold;

  /** `fold` is what folds into `snapshot`. */
  constructor(log: ChainLog, snapshot: MeshOsSnapshot, fold: ChainFold) {
    this.log = log;
    this.snapshot = snapshot;
    this.#fold = fold;
    for (let seq = 1; seq <= log.length; seq += 1) this.#foldEntry(seq);
  }

  append(payload: Uint8Array): AppendOutcome {
    const outcome = this.log.append(payload);
    if (outcome.ok) this.#foldEntry(this.log.length);
    return outcome;
  }

  /** Takes the next entry of a copied chain as it came. */
  appendFrame(frame: Uint8Array): void {
    this.log.appendFrame(frame);
    this.#foldEntry(this.log.length);
  }

  #foldEntry(seq: number): void {
    const frame = this.log.frame(seq);
    if (frame === undefined) return;
    const error = this.#fold.apply(BigInt(seq), framePayload(frame));
    if (error === null) return;
    if (error.kind === 'unsupported_version') this.rejectedVersion += 1;
    else this.rejectedDamaged += 1;
  }
}
