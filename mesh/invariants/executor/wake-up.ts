/**
 * The executor works as long as there is work. Virtual time moves only when nobody can go on. So whatever is ready is taken
 * up in the millisecond in which it is ready and the executor is free, or when its node resumes: a queued action, a
 * deferred one whose deadline is reached, the close of an empty queue, the idle tick of `netMesh021`. Only a dispatch takes
 * time. Which of several goes first is left open, except for the close: it comes after all that is queued, and before all
 * that is due.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { Putoffs } from '../model/actions.ts';
import { Deferred } from '../model/deferred.ts';
import { Incarnations } from '../model/incarnations.ts';
import { numberOf } from '../model/numbers.ts';

/** Between two idle ticks. */
const TICK_MS = 100;
/** A tick handled later than this shifts the ticks that follow. */
const OVERLOOKED_MS = 5;

class Work {
  readonly inc: number;
  readonly putoffs: Putoffs;
  queued = 0;
  closed = false;
  paused = false;
  /** The executor has ended, by itself or by a throw. */
  over = false;
  /** The action in hand, 0 if none is. */
  hand = 0n;
  /** The dispatcher has it. */
  dispatched = false;
  /** When the executor must do something; infinite while there is nothing to do, or it cannot. */
  dueAtMs = Number.POSITIVE_INFINITY;
  /** When the next idle tick is due; infinite where there is none, or none is known. */
  tickAtMs = Number.POSITIVE_INFINITY;
  /** The same before the depth was last fed, in case that turns out to be no tick. */
  formerTickAtMs = Number.POSITIVE_INFINITY;
  /** An idle tick was handled. */
  ticked = false;
  /** Deadlines by order. Those of actions that were taken up since are dropped when they come first. */
  private readonly deferred = new Deferred();
  /** Deadline of each action by id; negative while it is not deferred. */
  private readonly deadlines: number[] = [];

  constructor(inc: number, maxDefers: number) {
    this.inc = inc;
    this.putoffs = new Putoffs(maxDefers);
  }

  get firstDeadlineMs(): number {
    const { deferred } = this;
    while (deferred.length > 0 && this.deadlines[deferred.firstId] !== deferred.firstDeadlineMs) deferred.removeFirst();
    return deferred.length > 0 ? deferred.firstDeadlineMs : Number.POSITIVE_INFINITY;
  }

  /** Id of the action that `firstDeadlineMs` belongs to. */
  get firstId(): number {
    return this.deferred.firstId;
  }

  defer(id: number, deadlineMs: number): void {
    while (this.deadlines.length <= id) this.deadlines.push(-1);
    this.deadlines[id] = deadlineMs;
    this.deferred.add(id, deadlineMs);
  }

  takeUp(id: number): void {
    if (id < this.deadlines.length) this.deadlines[id] = -1;
  }

  /** Sets when the executor must do something, given what there is to do now. */
  plan(nowMs: number): void {
    if (this.paused || this.over || this.dispatched) this.dueAtMs = Number.POSITIVE_INFINITY;
    else if (this.hand !== 0n || this.queued > 0 || this.closed) this.dueAtMs = nowMs;
    else this.dueAtMs = Math.max(nowMs, Math.min(this.firstDeadlineMs, this.tickAtMs));
  }
}

export const wakeUp: Invariant<MeshEvent, MeshView> = {
  id: 'wake-up',
  holds: 'what is ready is taken up at once when the executor is free, and a close after all that is queued',
  create(context) {
    const { view } = context;
    const strict = view.semantics === 'strict';
    const works = new Incarnations(begin);

    function begin(_node: number, inc: number): Work {
      const work = new Work(inc, view.config.maxDefers);
      if (!strict) work.tickAtMs = context.now();
      work.plan(context.now());
      return work;
    }

    function inTime(work: Work, node: number): void {
      if (context.now() <= work.dueAtMs) return;
      context.violate(
        `expected the executor of node ${node} to ${dueOf(work)} at ${work.dueAtMs} ms, found that it had not when ${context.now()} ms were reached`,
      );
    }

    /** The memory of a node of which something is seen. Its executor must not be behind then. */
    function seen(event: { readonly node: number; readonly inc: number }): Work {
      const work = works.of(event.node, event.inc);
      inTime(work, event.node);
      return work;
    }

    function closeWins(work: Work, node: number, found: string): void {
      if (!work.closed || work.queued > 0) return;
      context.violate(
        `expected the executor of node ${node} to close and take up nothing else, its queue being closed and empty, found ${found}`,
      );
    }

    /** The depth is fed while nothing is in hand: by the idle tick, unless admission is asked about a due action next. */
    function tick(work: Work, node: number): void {
      const nowMs = context.now();
      closeWins(work, node, 'the depth fed');
      const { tickAtMs } = work;
      if (tickAtMs === Number.POSITIVE_INFINITY) return;
      if (nowMs < tickAtMs && nowMs < work.firstDeadlineMs) {
        context.violate(
          `expected the executor of node ${node} to sleep until its idle tick at ${tickAtMs} ms, found the depth fed at ${nowMs} ms`,
        );
        return;
      }
      work.formerTickAtMs = tickAtMs;
      work.tickAtMs = (nowMs > tickAtMs + OVERLOOKED_MS ? nowMs : tickAtMs) + TICK_MS;
      work.ticked = true;
      work.plan(nowMs);
    }

    /** A due action is taken up. */
    function due(work: Work, node: number, id: bigint): void {
      closeWins(work, node, `action ${id} taken up`);
      work.takeUp(numberOf(id));
      work.hand = id;
      // What was taken for the idle tick was the depth with this action.
      work.tickAtMs = work.formerTickAtMs;
    }

    return {
      on: {
        boot(event) {
          works.of(event.node, event.inc);
        },
        crash(event) {
          seen(event);
          works.end(event.node);
        },
        pause(event) {
          const work = seen(event);
          work.paused = true;
          // Whether its ticks count from before or after the pause cannot be seen.
          if (!work.ticked) work.tickAtMs = Number.POSITIVE_INFINITY;
          work.plan(context.now());
        },
        resume(event) {
          const work = works.of(event.node, event.inc);
          work.paused = false;
          work.plan(context.now());
        },
        enqueue(event) {
          const work = seen(event);
          if (event.outcome !== 'sent') return;
          work.queued++;
          work.plan(context.now());
        },
        'queue-close'(event) {
          const work = seen(event);
          work.closed = true;
          work.plan(context.now());
        },
        dequeue(event) {
          const work = seen(event);
          work.queued--;
          work.hand = event.id;
          work.plan(context.now());
        },
        depth(event) {
          if (strict) return;
          const work = seen(event);
          if (work.hand === 0n && !work.over) tick(work, event.node);
        },
        hook(event) {
          if (strict || !event.threw) return;
          const work = works.of(event.node, event.inc);
          work.over = true;
          work.plan(context.now());
        },
        admit(event) {
          const work = seen(event);
          if (work.hand !== event.id) due(work, event.node, event.id);
          const nowMs = context.now();
          const id = numberOf(event.id);
          if (event.decision === 'defer' && work.putoffs.allow(id)) {
            work.defer(id, nowMs + event.ms);
            work.hand = 0n;
          }
          work.plan(nowMs);
        },
        dispatch(event) {
          const work = seen(event);
          work.dispatched = true;
          work.plan(context.now());
        },
        'dispatch-end'(event) {
          const work = works.of(event.node, event.inc);
          const nowMs = context.now();
          work.dispatched = false;
          if (event.result === 'threw' && !strict) {
            work.over = true;
          } else if (event.retryAfterMs !== null) {
            const id = numberOf(event.id);
            if (work.putoffs.allow(id)) work.defer(id, nowMs + Number(event.retryAfterMs));
          }
          work.plan(nowMs);
        },
        'append-action'(event) {
          const work = seen(event);
          if (work.hand !== event.id) return;
          work.hand = 0n;
          work.plan(context.now());
        },
        // The loop writes a line every 500 ms, whatever the executor does.
        'append-log'(event) {
          seen(event);
        },
        'executor-end'(event) {
          const work = seen(event);
          if (!work.closed || work.queued > 0) {
            context.violate(
              `expected the executor of node ${event.node} to end once its queue is closed and empty, found that it ended with the queue ${work.closed ? 'closed' : 'open'} and ${work.queued} in it`,
            );
            return;
          }
          work.over = true;
          work.plan(context.now());
        },
      },
      end() {
        works.forEach((work, node) => {
          inTime(work, node);
        });
      },
    };
  },
};

function dueOf(work: Work): string {
  if (work.hand !== 0n) return `be done with action ${work.hand}, or have it dispatched,`;
  if (work.queued > 0) return `take up the first of ${work.queued} queued actions`;
  if (work.closed) return 'end, its queue being closed and empty,';
  if (work.firstDeadlineMs <= work.dueAtMs) {
    return `take up what is due, action ${work.firstId} since ${work.firstDeadlineMs} ms,`;
  }
  return 'feed the depth by its idle tick';
}
