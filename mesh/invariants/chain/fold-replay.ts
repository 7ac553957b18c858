/**
 * A fold is the same however it is done. Each incarnation of each node folds every chain it keeps from its first entry
 * on, each entry once, in seq order, whether it rebuilds after a restart, tails the log or has written it; and the ring
 * that comes of it in pieces is the ring that the same entries give in one go, for decoders of one version.
 */

import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { FailureRecord } from '../../../src/chain/records.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { inWords } from '../model/actions.ts';
import { entriesOf } from '../model/entries.ts';
import { Incarnations } from '../model/incarnations.ts';
import { sameBytes } from '../model/wire/bytes.ts';
import { sameFailure } from '../model/wire/records.ts';

const MIXED = -1;
const NONE = -2;

class Progress {
  entries = 0;
  next = 0n;
  /** Version of all decoders so far, or MIXED. */
  reader = NONE;
}

class Folds {
  readonly inc: number;
  /** By chain. */
  readonly chains: Progress[] = [];

  constructor(inc: number, nodes: number) {
    this.inc = inc;
    for (let chain = 0; chain <= nodes; chain++) this.chains.push(new Progress());
  }
}

/** What some entries gave in one go, kept for the other nodes that hold the same ones. */
interface InOneGo {
  readonly reader: number;
  readonly payloads: readonly Uint8Array[];
  readonly ring: readonly FailureRecord[];
}

export const foldReplay: Invariant<MeshEvent, MeshView> = {
  id: 'fold-replay',
  holds: 'folding in one go, in pieces, after a restart or on another node gives the same ring',
  create(context) {
    const { view } = context;
    const { config } = view;
    const read = entriesOf(view);
    const kept = new Incarnations((_node, inc) => new Folds(inc, config.nodes));
    /** By chain: the seq of its first entry. */
    const firstSeq: (bigint | undefined)[] = config.codecs.map(() => undefined);

    function inOneGo(
      chain: number,
      reader: number,
      payloads: readonly Uint8Array[],
      known: InOneGo[],
    ): readonly FailureRecord[] {
      for (const other of known) {
        if (other.reader === reader && samePayloads(other.payloads, payloads)) return other.ring;
      }
      const entries: { payload: Uint8Array; version: number }[] = [];
      let seq = firstSeq[chain - 1] ?? 0n;
      for (const payload of payloads) {
        // Entries that push nothing cannot change the ring, so one in four of them is enough to see that they do not.
        const { record, pushes } = read.read(chain, seq, payload);
        if (record === null || pushes !== null || (seq & 3n) === 0n) entries.push({ payload, version: reader });
        seq++;
      }
      const ring = view.fold(config.codecs[chain - 1] ?? 'msgpack', entries);
      known.push({ reader, payloads, ring });
      return ring;
    }

    /** False once a difference was reported. */
    function replay(node: number, chain: number, progress: Progress, known: InOneGo[]): boolean {
      const copy = view.node(node).chain(chain);
      const payloads = copy.payloads();
      if (payloads.length !== progress.entries) {
        context.violate(
          `expected node ${node} to have folded the ${payloads.length} entries of its copy of chain ${chain}, found ${progress.entries} folded`,
        );
        return false;
      }
      if (progress.reader < 0) return true;
      const ring = inOneGo(chain, progress.reader, payloads, known);
      const { folded } = copy;
      let same = ring.length === folded.length;
      for (let i = 0; same && i < ring.length; i++) {
        const expected = ring[i];
        const found = folded.at(i);
        same = expected !== undefined && found !== undefined && sameFailure(expected, found);
      }
      if (same) return true;
      const found: unknown[] = [];
      for (let i = 0; i < folded.length; i++) found.push(folded.at(i));
      context.violate(
        `expected the ring that node ${node} folded of chain ${chain} in pieces to be the one it gives in one go, ${ring.length} entries, found ${folded.length} or others`,
        { expected: inWords(ring), found: inWords(found) },
      );
      return false;
    }

    return {
      on: {
        crash(event) {
          kept.end(event.node);
        },
        'log-append'(event) {
          firstSeq[event.node - 1] ??= event.seq;
        },
        'append-action'(event) {
          if (event.seq === null) return;
          const own = kept.of(event.node, event.inc).chains[event.node];
          if (own === undefined || (own.entries > 0 && own.next > event.seq)) return;
          context.violate(
            `expected node ${event.node} to fold entry ${event.seq} of its own log as it appended it, found it not folded`,
          );
        },
        fold(event) {
          const progress = kept.of(event.node, event.inc).chains[event.chain];
          if (progress === undefined) return;
          const expected = progress.entries === 0 ? (firstSeq[event.chain - 1] ?? event.seq) : progress.next;
          if (event.seq !== expected) {
            context.violate(
              `expected node ${event.node} to fold entry ${expected} of chain ${event.chain} next, found entry ${event.seq}`,
            );
            return;
          }
          progress.entries++;
          progress.next = event.seq + 1n;
          if (progress.reader !== event.reader) progress.reader = progress.reader === NONE ? event.reader : MIXED;
        },
      },
      end() {
        const known: InOneGo[][] = config.codecs.map(() => []);
        for (let node = 1; node <= config.nodes; node++) {
          const { up, inc } = view.node(node);
          if (!up) continue;
          // One that was never seen to fold anything is looked at all the same.
          const folds = kept.of(node, inc);
          for (let chain = 1; chain < folds.chains.length; chain++) {
            const progress = folds.chains[chain];
            const others = known[chain - 1];
            if (progress !== undefined && others !== undefined && !replay(node, chain, progress, others)) return;
          }
        }
      },
    };
  },
};

function samePayloads(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const x = a[i];
    const y = b[i];
    if (x === undefined || y === undefined || !sameBytes(x, y)) return false;
  }
  return true;
}
