/**
 * What a replica is owed, and what it owes.
 *
 * - It asks in the millisecond of its start, and again at the latest `reRequestMs` after it last asked or its copy last grew.
 *   An entry that comes before its turn is no answer.
 * - An intact entry whose turn it is enters the copy when it is delivered.
 * - The writer sends all that is synced when a request is delivered, and what is synced later when that is synced, for as long as
 *   it lives.
 * - A paused node does what it owes when it resumes.
 *
 * `re-request` checks that requests are not made too often, and that entries are sent in order and only when synced.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { DurableEntries } from '../model/durable.ts';
import { Incarnations } from '../model/incarnations.ts';
import { numberOf } from '../model/numbers.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** A node's copy of one chain. */
class Copy {
  /** When it must ask at the latest. */
  askByMs: number;
  /** The entry that it needs next; -1 while nothing said which. */
  next = -1;
  /** When that entry, once delivered, must be in the copy. */
  storeByMs = NEVER;

  constructor(askByMs: number) {
    this.askByMs = askByMs;
  }
}

/** A node between two crashes. */
class Life {
  paused = false;
  /** By chain. */
  readonly copies: (Copy | undefined)[] = [];
  /** By follower: the first entry that was not sent to it since it last asked; -1 if it never asked. */
  readonly sent: number[] = [];
  /** When everything synced must have been sent to all followers. */
  serveByMs = NEVER;
  /** Nothing is owed earlier. */
  dueMs = NEVER;

  constructor(node: number, nodes: number, nowMs: number) {
    for (let chain = 0; chain <= nodes; chain++) {
      this.copies.push(chain === 0 || chain === node ? undefined : new Copy(nowMs));
      this.sent.push(-1);
    }
  }
}

/** A node's own log, over all its incarnations. */
class Own {
  readonly entries = new DurableEntries();
  /** The newest durable entry; -1 if there is none. */
  newest = -1;
  /** The newest written entry; -1 if there is none. */
  written = -1;

  advance(): void {
    let seq = this.written;
    while (seq > this.newest && !this.entries.has(seq)) seq--;
    if (seq > this.newest) this.newest = seq;
  }
}

export const replication: Invariant<MeshEvent, MeshView> = {
  id: 'replication',
  holds:
    'a replica asks at its start and again in time, takes what is delivered at once, and is sent all that is synced at once',
  create(context) {
    const { nodes, reRequestMs } = context.view.config;
    const lives = new Incarnations((node) => new Life(node, nodes, context.now()));
    const owns = Array.from({ length: nodes + 1 }, () => new Own());
    /** Nothing is due earlier. */
    let soonestMs = NEVER;
    let found = false;

    function due(life: Life, atMs: number): number {
      if (atMs < life.dueMs) life.dueMs = atMs;
      if (atMs < soonestMs) soonestMs = atMs;
      return atMs;
    }

    function violate(message: string): void {
      found = true;
      context.violate(message);
    }

    function lookAtCopy(life: Life, copy: Copy, node: number, chain: number, nowMs: number): void {
      if (copy.askByMs < nowMs) {
        violate(
          `expected node ${node} to ask for chain ${chain} by ${copy.askByMs} ms unless its copy grew, found neither by ${nowMs} ms`,
        );
      } else if (copy.storeByMs < nowMs) {
        violate(
          `expected node ${node} to store entry ${copy.next} of chain ${chain}, which was delivered, at ${copy.storeByMs} ms, found it not stored by ${nowMs} ms`,
        );
      } else {
        due(life, Math.min(copy.askByMs, copy.storeByMs));
      }
    }

    function lookAt(life: Life, node: number): void {
      const nowMs = context.now();
      if (life.dueMs >= nowMs) {
        due(life, life.dueMs);
        return;
      }
      life.dueMs = NEVER;
      if (life.paused || found) return;
      for (let chain = 1; chain <= nodes && !found; chain++) {
        const copy = life.copies[chain];
        if (copy !== undefined) lookAtCopy(life, copy, node, chain, nowMs);
      }
      if (found || life.serveByMs >= nowMs) {
        due(life, life.serveByMs);
        return;
      }
      const newest = owns[node]?.newest ?? -1;
      const follower = life.sent.findIndex((next) => next >= 0 && next <= newest);
      if (follower < 0) {
        life.serveByMs = NEVER;
        return;
      }
      violate(
        `expected node ${node} to have sent node ${follower}, which asked for it, entry ${life.sent[follower]} of its chain by ${life.serveByMs} ms, found it not sent by ${nowMs} ms`,
      );
    }

    /** What was due before this millisecond has been done. */
    function punctual(): void {
      if (context.now() <= soonestMs || found) return;
      soonestMs = NEVER;
      lives.forEach(lookAt);
    }

    function serve(node: number): void {
      const life = lives.current(node);
      if (life !== undefined) life.serveByMs = due(life, Math.min(life.serveByMs, context.now()));
    }

    function delivered(event: Extract<MeshEvent, { kind: 'deliver' }>): void {
      const { from, to, chain } = event;
      const life = lives.current(to);
      if (life === undefined || !event.accepted) return;
      if (event.message === 'request') {
        if (to !== chain) return;
        life.sent[from] = numberOf(event.seq);
        serve(to);
        return;
      }
      const copy = life.copies[chain];
      if (copy === undefined || from !== chain || event.damaged || numberOf(event.seq) !== copy.next) return;
      copy.storeByMs = due(life, Math.min(copy.storeByMs, context.now()));
    }

    function sent(event: Extract<MeshEvent, { kind: 'send' }>): void {
      const { from, to, chain } = event;
      const life = lives.current(from);
      if (life === undefined) return;
      const seq = numberOf(event.seq);
      if (event.message === 'entry') {
        if (from === chain && seq >= (life.sent[to] ?? -1) && (life.sent[to] ?? -1) >= 0) life.sent[to] = seq + 1;
        return;
      }
      const copy = life.copies[chain];
      if (copy === undefined) return;
      copy.next = seq;
      copy.askByMs = due(life, context.now() + reRequestMs);
    }

    return {
      on: {
        boot(event) {
          punctual();
          lives.end(event.node);
          due(lives.of(event.node, event.inc), context.now());
        },
        recover(event) {
          if (event.chain !== event.node) return;
          const own = owns[event.node];
          own?.entries.synced(event.kept);
          own?.advance();
        },
        crash(event) {
          punctual();
          lives.end(event.node);
          const own = owns[event.node];
          if (own === undefined) return;
          own.entries.cut(event.kept);
          while (own.written >= 0 && !own.entries.has(own.written)) own.written--;
          own.newest = Math.min(own.newest, own.written);
        },
        pause(event) {
          punctual();
          lives.of(event.node, event.inc).paused = true;
        },
        resume(event) {
          punctual();
          const life = lives.of(event.node, event.inc);
          const nowMs = context.now();
          life.paused = false;
          life.serveByMs = Math.max(life.serveByMs, nowMs);
          for (const copy of life.copies) {
            if (copy === undefined) continue;
            copy.askByMs = Math.max(copy.askByMs, nowMs);
            copy.storeByMs = Math.max(copy.storeByMs, nowMs);
          }
          due(life, nowMs);
        },
        'log-append'(event) {
          punctual();
          const own = owns[event.node];
          if (own === undefined) return;
          own.written = numberOf(event.seq);
          own.entries.written(own.written, event.end);
          // Where every call syncs, it has synced by now.
          const before = own.newest;
          own.advance();
          if (own.newest > before) serve(event.node);
        },
        sync(event) {
          punctual();
          const own = owns[event.node];
          if (event.chain !== event.node || own === undefined) return;
          own.entries.synced(event.bytes);
          own.advance();
          serve(event.node);
        },
        fold(event) {
          if (event.chain === event.node || event.rebuild) return;
          punctual();
          const life = lives.of(event.node, event.inc);
          const copy = life.copies[event.chain];
          if (copy === undefined) return;
          copy.next = numberOf(event.seq) + 1;
          copy.storeByMs = NEVER;
          copy.askByMs = due(life, context.now() + reRequestMs);
        },
        send(event) {
          punctual();
          sent(event);
        },
        deliver(event) {
          punctual();
          delivered(event);
        },
        settled: punctual,
      },
      end: punctual,
    };
  },
};
