/**
 * Copies are fetched by asking.
 *
 * - A replica asks the chain's writer, and nobody else, for the entries after the newest that it holds. It holds everything that
 *   was synced before it crashed.
 * - Within `reRequestMs` it asks again or has got something new. It repeats a request in vain no sooner.
 * - The writer sends what was asked for in order, each entry once a request, and nothing that a crash could still take from it.
 *
 * Only an entry that the replica lacks puts the next request off: a damaged message does not, nor does an entry that it holds.
 * An entry that comes before its turn may put it off or not, and may make the replica ask at once; so may a damaged or a lost
 * message. From when the entry came, the replica may also ask for the rest as soon as it likes.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { DurableEntries } from '../model/durable.ts';
import { Feed } from '../model/feed.ts';
import { Incarnations } from '../model/incarnations.ts';
import { numberOf } from '../model/numbers.ts';

/** One chain as one node follows it. */
class Replica {
  /** The entry after the newest that it holds; -1 while it holds none. */
  next = -1;
  askedMs = -1;
  /** When it must ask at the latest, unless it gets something new. */
  dueMs: number;
  /** Something came, or was lost, since it last asked: it may ask at any time. */
  free = true;
  /** When that came (for a paused node, when it resumes). Each of several messages of a millisecond may make it ask. */
  freedMs = -1;
  /** An entry waits for the paused node. */
  early = false;

  constructor(dueMs: number) {
    this.dueMs = dueMs;
  }
}

/** What a node fetches and serves between two crashes. */
class Life {
  paused = false;
  /** By chain. */
  readonly replicas: (Replica | undefined)[] = [undefined];
  /** By follower. */
  readonly feeds: (Feed | undefined)[] = [undefined];

  constructor(node: number, nodes: number, dueMs: number) {
    for (let other = 1; other <= nodes; other++) {
      this.replicas.push(other === node ? undefined : new Replica(dueMs));
      this.feeds.push(other === node ? undefined : new Feed());
    }
  }
}

/** The file in which a node keeps a chain, over all its incarnations. */
class Kept {
  readonly entries = new DurableEntries();
  /** The newest entry that is durable together with all before it; -1 if none is. */
  newest = -1;
  /** Length of the file after the last write, until it is known which entry was written; else -1. */
  end = -1;

  /** More is durable, or known. `first` is the chain's first seq. */
  advance(first: number): void {
    if (this.newest < 0 && this.entries.has(first)) this.newest = first;
    while (this.newest >= 0 && this.entries.has(this.newest + 1)) this.newest++;
  }
}

export const reRequest: Invariant<MeshEvent, MeshView> = {
  id: 're-request',
  holds: 'replicas ask for what they lack, in time and not too often, and are sent what is synced, in order',
  create(context) {
    const { nodes, reRequestMs } = context.view.config;
    const lives = new Incarnations((node) => new Life(node, nodes, context.now() + reRequestMs));
    /** By node and chain. */
    const kept: (readonly Kept[])[] = [];
    /** By chain: the seq of its first entry, as it was written or, before that, as it was asked for; else -1. */
    const first: number[] = [];
    const written: boolean[] = [];
    for (let node = 0; node <= nodes; node++) {
      kept.push(Array.from({ length: nodes + 1 }, () => new Kept()));
      first.push(-1);
      written.push(false);
    }
    /** No replica is due earlier. */
    let noneDueBeforeMs = 0;
    let seen = false;

    function lookAt(life: Life, node: number): void {
      if (life.paused) return;
      const nowMs = context.now();
      for (let chain = 1; chain <= nodes; chain++) {
        const replica = life.replicas[chain];
        if (replica === undefined) continue;
        const { dueMs } = replica;
        if (dueMs < noneDueBeforeMs) noneDueBeforeMs = dueMs;
        if (dueMs >= nowMs || seen) continue;
        seen = true;
        context.violate(
          `expected node ${node} to ask for chain ${chain} by ${dueMs} ms unless it got something new of it, found neither at ${nowMs} ms`,
        );
      }
    }

    /** Whether every replica has asked in time. */
    function punctual(): boolean {
      if (context.now() <= noneDueBeforeMs) return true;
      noneDueBeforeMs = Number.POSITIVE_INFINITY;
      lives.forEach(lookAt);
      return !seen;
    }

    function wasActive(replica: Replica): void {
      replica.dueMs = context.now() + reRequestMs;
      mayAsk(replica);
    }

    function mayAsk(replica: Replica): void {
      replica.free = true;
      replica.freedMs = context.now();
    }

    type Send = Extract<MeshEvent, { kind: 'send' }>;
    type Deliver = Extract<MeshEvent, { kind: 'deliver' }>;

    function asked(event: Send): void {
      const { from, to, chain } = event;
      if (to !== chain) {
        context.violate(
          `expected node ${from} to ask node ${chain} for chain ${chain}, which it writes, found it asking node ${to}`,
        );
        return;
      }
      const replica = lives.current(from)?.replicas[chain];
      if (replica === undefined) return;
      const seq = numberOf(event.seq);
      const newest = kept[from]?.[chain]?.newest ?? -1;
      if (newest >= 0 && replica.next <= newest) {
        context.violate(
          `expected node ${from} to hold entry ${newest} of chain ${chain}, which was synced before it crashed, found it asking for entry ${seq} after ${replica.next < 0 ? 'none' : `entry ${replica.next - 1}`}`,
        );
        return;
      }
      const opening = first[chain] ?? -1;
      const expected = replica.next >= 0 ? replica.next : opening;
      if (expected < 0) first[chain] = seq;
      else if (seq !== expected) {
        context.violate(
          `expected node ${from} to ask for chain ${chain} from entry ${expected} on, found it asking from entry ${seq} on`,
        );
        return;
      }
      const nowMs = context.now();
      if (!replica.free && replica.freedMs !== nowMs && nowMs - replica.askedMs < reRequestMs) {
        context.violate(
          `expected node ${from}, which asked for entry ${seq} of chain ${chain} at ${replica.askedMs} ms in vain, to ask again at ${replica.askedMs + reRequestMs} ms, found it asking at ${nowMs} ms`,
        );
        return;
      }
      replica.askedMs = nowMs;
      replica.dueMs = nowMs + reRequestMs;
      replica.free = false;
    }

    function sent(event: Send): void {
      const { from, to, chain } = event;
      if (from !== chain) return;
      const seq = numberOf(event.seq);
      if (kept[from]?.[chain]?.entries.has(seq) !== true) {
        context.violate(
          `expected node ${from} to send only what is synced of its chain, found it sending entry ${seq} to node ${to}`,
        );
        return;
      }
      const feed = lives.current(from)?.feeds[to];
      if (feed === undefined) return;
      if (feed.sent(seq, context.now())) return;
      context.violate(
        `expected node ${from} to send entry ${feed.expected} of its chain to node ${to} next, found it sending entry ${seq}`,
      );
    }

    function gotEntry(event: Deliver): void {
      if (event.from !== event.chain) return;
      const life = lives.current(event.to);
      const replica = life?.replicas[event.chain];
      if (life === undefined || replica === undefined) return;
      if (event.damaged || !event.accepted) {
        mayAsk(replica);
        return;
      }
      const seq = numberOf(event.seq);
      const needed = replica.next >= 0 ? replica.next : (first[event.chain] ?? -1);
      // The entry that it needs is seen again when it is folded.
      if (seq <= needed) return;
      if (life.paused) replica.early = true;
      else wasActive(replica);
    }

    return {
      on: {
        boot(event) {
          lives.end(event.node);
          lives.of(event.node, event.inc);
          noneDueBeforeMs = Math.min(noneDueBeforeMs, context.now() + reRequestMs);
          for (const copy of kept[event.node] ?? []) copy.end = -1;
        },
        crash(event) {
          if (!punctual()) return;
          lives.end(event.node);
          kept[event.node]?.[event.node]?.entries.cut(event.kept);
        },
        pause(event) {
          if (!punctual()) return;
          const life = lives.of(event.node, event.inc);
          life.paused = true;
          for (let other = 1; other <= nodes; other++) life.feeds[other]?.pause(context.now());
        },
        resume(event) {
          const life = lives.of(event.node, event.inc);
          const nowMs = context.now();
          life.paused = false;
          for (let other = 1; other <= nodes; other++) {
            life.feeds[other]?.resume(nowMs);
            const replica = life.replicas[other];
            if (replica === undefined) continue;
            if (replica.free) replica.freedMs = nowMs;
            if (replica.early) wasActive(replica);
            replica.early = false;
            // What fell due during the pause is due now.
            replica.dueMs = Math.max(replica.dueMs, nowMs);
          }
          noneDueBeforeMs = Math.min(noneDueBeforeMs, nowMs);
        },
        'log-append'(event) {
          const seq = numberOf(event.seq);
          if (!written[event.node]) {
            written[event.node] = true;
            first[event.node] = seq;
          }
          kept[event.node]?.[event.node]?.entries.written(seq, event.end);
        },
        'copy-write'(event) {
          const copy = kept[event.node]?.[event.chain];
          if (copy !== undefined) copy.end = event.end;
        },
        sync(event) {
          const copy = kept[event.node]?.[event.chain];
          if (copy === undefined) return;
          copy.entries.synced(event.bytes);
          copy.advance(first[event.chain] ?? -1);
        },
        fold(event) {
          if (event.chain === event.node || !punctual()) return;
          const replica = lives.of(event.node, event.inc).replicas[event.chain];
          const copy = kept[event.node]?.[event.chain];
          if (replica === undefined || copy === undefined) return;
          const seq = numberOf(event.seq);
          replica.next = seq + 1;
          if (event.rebuild) return;
          wasActive(replica);
          if (copy.end < 0) return;
          copy.entries.written(seq, copy.end);
          copy.end = -1;
          copy.advance(first[event.chain] ?? -1);
        },
        send(event) {
          if (!punctual()) return;
          if (event.message === 'request') asked(event);
          else sent(event);
        },
        deliver(event) {
          if (!punctual()) return;
          if (event.message === 'entry') gotEntry(event);
          else if (event.accepted && event.to === event.chain) {
            lives.current(event.to)?.feeds[event.from]?.requested(numberOf(event.seq), context.now());
          }
        },
        settled() {
          punctual();
        },
      },
      end() {
        punctual();
      },
    };
  },
};
