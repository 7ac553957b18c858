/**
 * Damage is noticed or harmless. Damaged bytes give a well-formed record if they hold one, and that the one which they
 * hold by the judge's own reading, and an error if they do not; an error leaves the fold as it was and is counted; and every
 * entry that is folded anywhere is, byte for byte, the one that its writer's log took, so that nothing damaged in transit
 * gets in.
 */

import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { ActionChainRecord, FailureRecord } from '../../../src/chain/records.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { hex, inWords } from '../model/actions.ts';
import { type Entry, entriesOf, readBody } from '../model/entries.ts';
import { Incarnations } from '../model/incarnations.ts';
import { numberOf } from '../model/numbers.ts';
import { sameBytes } from '../model/wire/bytes.ts';
import { isMsgpackOf } from '../model/wire/msgpack-form.ts';
import { illFormed, sameFailure, sameRecord } from '../model/wire/records.ts';

class Copy {
  rejected = 0;
  /** Length of the ring after the last entry. */
  length = 0;
  /** What was pushed last, and how much in all, by the judge's own reading of what was folded. */
  newest: FailureRecord | undefined = undefined;
  pushed = 0;
  /** The restarted node has rebuilt, so that the view shows this copy. */
  shown = false;
}

class Copies {
  readonly inc: number;
  /** By chain. */
  readonly chains: Copy[] = [];

  constructor(inc: number, nodes: number) {
    this.inc = inc;
    for (let chain = 0; chain <= nodes; chain++) this.chains.push(new Copy());
  }
}

export const wireDamage: Invariant<MeshEvent, MeshView> = {
  id: 'wire-damage',
  holds:
    'damaged bytes give an error or a well-formed record, an error changes nothing, and nothing damaged in transit is folded',
  create(context) {
    const { view } = context;
    const kept = new Incarnations((_node, inc) => new Copies(inc, view.config.nodes));
    const entries = entriesOf(view);
    /** By chain and seq: what entered the writer's log. */
    const written: (Entry | undefined)[][] = view.config.codecs.map(() => []);
    /** Those that were damaged before they were appended. */
    const damaged = new Set<Entry>();

    /** An entry may be counted after it is seen to be folded; `underWay` is 1 for one that is seen just now. */
    function counted(node: number, inc: number, chain: number, copy: Copy, underWay = 0): boolean {
      const shown = view.node(node);
      if (shown.inc !== inc) return true;
      const found = shown.chain(chain).rejectedDamaged;
      if (found === copy.rejected || found === copy.rejected + underWay) return true;
      context.violate(
        `expected node ${node} to have counted ${copy.rejected} damaged entries of chain ${chain}, found ${found}`,
      );
      return false;
    }

    function whole(node: number, copies: Copies): void {
      for (let chain = 1; chain < copies.chains.length; chain++) {
        const copy = copies.chains[chain];
        if (copy !== undefined && !counted(node, copies.inc, chain, copy, 0)) return;
      }
    }

    type Fold = Extract<MeshEvent, { kind: 'fold' }>;

    /**
     * Whether bytes in which the judge reads `record` hold it for a decoder, too: of msgpack, only the form that the encoder
     * gives a record counts; postcard has more forms than one.
     */
    function holds(codec: 'msgpack' | 'postcard', bytes: Uint8Array, record: ActionChainRecord): boolean {
      return codec === 'postcard' || isMsgpackOf(record, bytes, 1);
    }

    /** The entry that its writer's log took, if it is this one; else a violation is reported. */
    function genuine(event: Fold): Entry | null {
      const entry = written[event.chain - 1]?.[numberOf(event.seq)];
      if (entry !== undefined && (entry === entries.shown(event) || sameBytes(entry.bytes, event.payload))) {
        return entry;
      }
      context.violate(
        `expected node ${event.node} to fold entry ${event.seq} of chain ${event.chain} as it was written, found other bytes`,
        { expected: entry === undefined ? 'no such entry' : hex(entry.bytes), found: hex(event.payload) },
      );
      return null;
    }

    function outcomeFits(event: Fold, entry: Entry): boolean {
      if ((event.payload.length === 0) !== (event.outcome === 'empty')) {
        context.violate(
          `expected 'empty' of a decoder for entries without bytes and no others, found '${event.outcome}' for ${event.payload.length} bytes`,
        );
        return false;
      }
      if (event.outcome !== 'folded' && event.outcome !== 'malformed') return true;
      const { bytes, record } = entry;
      const codec = view.config.codecs[event.chain - 1] ?? 'msgpack';
      // One that was not damaged is as the encoder made it.
      const held = record !== null && (!damaged.has(entry) || holds(codec, bytes, record));
      if (held === (event.outcome === 'folded')) return true;
      context.violate(
        `expected entry ${event.seq} of chain ${event.chain}, which holds ${held ? 'a' : 'no'} record, to be ${held ? 'folded' : 'rejected'} by node ${event.node}, found it ${event.outcome}`,
      );
      return false;
    }

    /** An error left the ring as it was. */
    function unchanged(event: Fold, copies: Copies, copy: Copy): void {
      if (event.length !== copy.length) {
        context.violate(
          `expected the folded ring of chain ${event.chain} on node ${event.node} to stay at ${copy.length} entries over a rejected one, found ${event.length}`,
        );
        return;
      }
      const shown = view.node(event.node);
      if (event.rebuild || shown.inc !== copies.inc) return;
      const ring = shown.chain(event.chain).folded;
      const newest = ring.at(ring.length - 1);
      const same =
        newest === undefined || copy.newest === undefined ? newest === copy.newest : sameFailure(newest, copy.newest);
      if (same && ring.evicted === copy.pushed - ring.length) return;
      context.violate(
        `expected the folded ring of chain ${event.chain} on node ${event.node} to end with ${inWords(copy.newest)} after a rejected entry as before it, found ${inWords(newest)} and ${ring.evicted} evicted`,
      );
    }

    return {
      on: {
        crash(event) {
          whole(event.node, kept.of(event.node, event.inc));
          kept.end(event.node);
        },
        'log-append'(event) {
          const chain = written[event.node - 1];
          if (chain === undefined) return;
          const index = numberOf(event.seq);
          while (chain.length <= index) chain.push(undefined);
          const entry = entries.shown(event);
          chain[index] = entry;
          if (event.damaged) damaged.add(entry);
        },
        fold(event) {
          const copies = kept.of(event.node, event.inc);
          const copy = copies.chains[event.chain];
          if (copy === undefined) return;
          const entry = genuine(event);
          if (entry === null || !outcomeFits(event, entry)) return;
          if (event.outcome === 'folded') {
            if (entry.pushes !== null) {
              copy.newest = entry.pushes;
              copy.pushed++;
            }
          } else {
            unchanged(event, copies, copy);
          }
          const rejected = event.outcome === 'malformed' || event.outcome === 'empty';
          if (
            copy.rejected > 0 &&
            copy.shown &&
            !counted(event.node, copies.inc, event.chain, copy, rejected ? 1 : 0)
          ) {
            return;
          }
          if (rejected) copy.rejected++;
          copy.length = event.length;
          copy.shown = !event.rebuild;
        },
        probe(event) {
          if (event.outcome === 'threw') {
            context.violate(
              `expected an error or a record of the ${event.codec} decoder for ${hex(event.bytes)}, found that it threw`,
            );
            return;
          }
          if ((event.bytes.length === 0) !== (event.outcome === 'empty')) {
            context.violate(
              `expected 'empty' of the ${event.codec} decoder for no bytes and nothing else, found '${event.outcome}' for ${event.bytes.length} bytes`,
            );
            return;
          }
          if (event.outcome !== 'record' && event.outcome !== 'malformed') return;
          const read = readBody(event.codec, event.bytes);
          const record = read !== null && holds(event.codec, event.bytes, read) ? read : null;
          if (event.outcome === 'malformed') {
            if (record === null) return;
            context.violate(
              `expected ${inWords(record)} of the ${event.codec} decoder for ${hex(event.bytes)}, found an error`,
            );
            return;
          }
          const flaw = illFormed(event.decoded);
          if (flaw !== null || event.decoded === null) {
            context.violate(
              `expected a well-formed record of the ${event.codec} decoder for ${hex(event.bytes)}, found that ${flaw}`,
            );
            return;
          }
          if (record !== null && sameRecord(record, event.decoded)) return;
          const expected = record === null ? 'an error' : inWords(record);
          const found = inWords(event.decoded);
          context.violate(
            `expected ${expected} of the ${event.codec} decoder for ${hex(event.bytes)}, found ${found}`,
            { expected, found },
          );
        },
      },
      end() {
        kept.forEach((copies, node) => {
          whole(node, copies);
        });
      },
    };
  },
};
