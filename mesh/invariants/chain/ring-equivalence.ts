/**
 * The ring the executor keeps and the ring that the fold makes of its chain tell the same story. E is the executor's ring
 * without the entries whose append to the action chain failed or was damaged; F is the fold of what this incarnation
 * appended undamaged. Both are rings that only ever gain an entry at the new end, so it is enough to look, whenever an
 * action has finished, at what each has gained since; where an incarnation or the run ends, both are compared whole, F
 * folded by the code under test.
 */

import type { CheckContext, Invariant } from '../../../sim/invariant/invariant.ts';
import type { FailureRecord } from '../../../src/chain/records.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { inWords } from '../model/actions.ts';
import { type Entry, entriesOf } from '../model/entries.ts';
import { Incarnations } from '../model/incarnations.ts';
import { RingModel } from '../model/ring.ts';
import { sameButSeq } from '../model/wire/records.ts';

interface RingEntry {
  leftOut: boolean;
}

class Pair {
  readonly inc: number;
  /** One for each entry of the executor's ring. */
  readonly ring: RingModel<RingEntry>;
  /** The undamaged entries of the log that push, as many as a ring can hold of them. */
  readonly chain: RingModel<Entry>;
  /** The ring's newest entry, until the chain record that goes with it is appended. */
  unmatched: RingEntry | null = null;
  payload: Uint8Array | null = null;
  /** How the two differ, to be reported when an action has finished. */
  difference: { readonly expected: string; readonly found: string } | null = null;

  constructor(inc: number, capacity: number) {
    this.inc = inc;
    this.ring = new RingModel(capacity);
    this.chain = new RingModel(capacity);
  }
}

export const ringEquivalence: Invariant<MeshEvent, MeshView> = {
  id: 'ring-equivalence',
  holds: "the executor's ring, seq aside, is the fold of what it appended",
  create(context) {
    const { view } = context;
    const capacity = view.config.recentFailures;
    const pairs = new Incarnations((_node, inc) => new Pair(inc, capacity));
    const entries = entriesOf(view);

    function report(node: number, pair: Pair): void {
      const difference = pair.difference;
      if (difference === null) return;
      context.violate(
        `expected the ring of recent failures of node ${node} to gain what the fold of its chain gained, ${difference.expected}, found ${difference.found}`,
        difference,
      );
    }

    function onlyInRing(pair: Pair, node: number): void {
      const shown = view.node(node).recentFailures;
      pair.difference ??= { expected: 'nothing', found: inWords(shown.at(shown.length - 1)) };
    }

    return {
      on: {
        crash(event) {
          compareWhole(context, event.node, pairs.of(event.node, event.inc));
          pairs.end(event.node);
        },
        'append-failure'(event) {
          const pair = pairs.of(event.node, event.inc);
          // The earlier entry is on the ring and nothing of it was appended to the chain at all.
          if (pair.unmatched !== null) onlyInRing(pair, event.node);
          pair.unmatched = { leftOut: false };
          pair.ring.push(pair.unmatched);
        },
        'log-append'(event) {
          pairs.of(event.node, event.inc).payload = event.payload;
        },
        'append-action'(event) {
          const pair = pairs.of(event.node, event.inc);
          const onRing = pair.unmatched;
          const payload = pair.payload;
          pair.unmatched = null;
          pair.payload = null;
          if (!event.ok || event.damaged) {
            if (onRing !== null) onRing.leftOut = true;
          } else if (payload !== null && event.seq !== null) {
            const entry = entries.read(event.node, event.seq, payload);
            if (entry.pushes !== null) pair.chain.push(entry);
            if (onRing !== null || entry.pushes !== null) gained(pair, event.node, onRing !== null, entry.pushes);
          }
          if (pair.difference !== null && !(event.type === 'failed' && event.ms !== null)) report(event.node, pair);
        },
      },
      end() {
        pairs.forEach((pair, node) => {
          compareWhole(context, node, pair);
        });
      },
    };

    function gained(pair: Pair, node: number, onRing: boolean, folded: FailureRecord | null): void {
      if (pair.difference !== null) return;
      if (folded === null) {
        onlyInRing(pair, node);
        return;
      }
      if (!onRing) {
        pair.difference = { expected: inWords(folded), found: 'nothing' };
        return;
      }
      const ring = view.node(node).recentFailures;
      const newest = ring.at(ring.length - 1);
      if (newest === undefined || !sameButSeq(newest, folded)) {
        pair.difference = { expected: inWords(folded), found: inWords(newest) };
      }
    }
  },
};

function compareWhole(context: CheckContext<MeshView>, node: number, pair: Pair): void {
  const { view } = context;
  const shown = view.node(node);
  if (shown.inc !== pair.inc || pair.ring.arrived + pair.chain.arrived === 0) return;
  const appended: { payload: Uint8Array; version: number }[] = [];
  for (let i = 0; i < pair.chain.length; i++) {
    const entry = pair.chain.at(i);
    if (entry !== undefined) appended.push({ payload: entry.bytes, version: entry.version });
  }
  const folded = view.fold(view.config.codecs[node - 1] ?? 'msgpack', appended);
  const ring: FailureRecord[] = [];
  for (let i = 0; i < shown.recentFailures.length; i++) {
    const entry = shown.recentFailures.at(i);
    // The model has an entry for each of the ring; one too many in the ring is taken as not left out.
    if (entry !== undefined && pair.ring.at(i)?.leftOut !== true) ring.push(entry);
  }
  const nothingLeftOut = ring.length === shown.recentFailures.length;
  const newest = nothingLeftOut ? folded : folded.slice(Math.max(0, folded.length - ring.length));
  const equal =
    newest.length === ring.length &&
    ring.every((entry, i) => {
      const other = newest[i];
      return other !== undefined && sameButSeq(entry, other);
    });
  if (equal) return;
  context.violate(
    `expected the ring of recent failures of node ${node} to be the fold of its chain, ${newest.length} entries, found ${ring.length} or others`,
    { expected: inWords(newest), found: inWords(ring) },
  );
}
