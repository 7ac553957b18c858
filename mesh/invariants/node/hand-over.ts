/**
 * The loop of a running node ticks every 500 ms of monotonic time from the node's start on.
 *
 * - A tick hands over everything that was collected since the last one, in the order of ids, whatever happens to it in the queue,
 *   and writes one line of level debug. Between ticks nothing is handed over, and no log record is written that nobody asked for.
 * - A paused node handles a missed tick when it resumes. Whether its ticks then keep to their old times is left open, but another
 *   one comes within 500 ms.
 * - An action is emitted when the loop takes it out of the inbox and gives it its id. It says so, by the node's monotonic clock,
 *   from there to the dispatcher.
 * - A node that is paused in the millisecond of its start may start its loop, and count from there, when it resumes.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { Incarnations } from '../model/incarnations.ts';
import { numberOf } from '../model/numbers.ts';

const EVERY_MS = 500;

class Loop {
  readonly inc: number;
  /** When each submission was taken out of the inbox. Their ids are 1 … */
  readonly takenAtMs: number[] = [];
  /** Id handed over last. */
  handed = 0;
  /** How many must be handed over when the tick under way is done; -1 while none is. */
  due = -1;
  /** The loop has taken out a log operation, whose record comes next. */
  logAsked = false;
  paused = false;
  /** The next tick, or the end of the one under way, comes no sooner than this … */
  fromMs: number;
  /** … and no later. */
  byMs: number;
  /** The loop has started by then, unless it was paused in that millisecond. */
  private startByMs: number;
  private started = true;
  /** The next tick may have been missed in a pause. */
  private late = false;
  /** Nothing but missed ticks since the last pause. */
  private open = false;
  private lastMs = -1;
  private stops = false;

  constructor(inc: number, startMs: number) {
    this.inc = inc;
    this.startByMs = startMs;
    this.fromMs = startMs + EVERY_MS;
    this.byMs = this.fromMs;
  }

  pausedAt(nowMs: number): void {
    this.paused = true;
    this.started = nowMs > this.startByMs;
  }

  resumed(nowMs: number): void {
    this.paused = false;
    if (!this.started) {
      this.startByMs = nowMs;
      this.byMs = nowMs + EVERY_MS;
    }
    if (this.fromMs >= nowMs) return;
    this.late = true;
    this.fromMs = nowMs;
    this.byMs = Math.max(this.byMs, nowMs);
  }

  /** It hands over what is left, at once, and never again. */
  stopping(nowMs: number): void {
    this.stops = true;
    this.fromMs = nowMs;
    this.byMs = nowMs;
  }

  /** What a tick does is done without waiting for anything. */
  begun(nowMs: number): void {
    this.due = this.takenAtMs.length;
    this.fromMs = nowMs;
    this.byMs = nowMs;
  }

  ticked(nowMs: number): void {
    this.open = this.late || (this.open && nowMs === this.lastMs);
    this.late = false;
    this.due = -1;
    this.lastMs = nowMs;
    this.byMs = this.stops ? Number.POSITIVE_INFINITY : nowMs + EVERY_MS;
    this.fromMs = this.open || this.stops ? nowMs : this.byMs;
  }
}

export const handOver: Invariant<MeshEvent, MeshView> = {
  id: 'hand-over',
  holds: 'every 500 ms the node loop hands over all it has collected and writes one debug line, and neither in between',
  create(context) {
    const loops = new Incarnations((_node, inc) => new Loop(inc, context.now()));

    function onTime(loop: Loop, node: number): boolean {
      const nowMs = context.now();
      if (loop.paused || nowMs <= loop.byMs) return true;
      context.violate(
        loop.due < 0
          ? `expected node ${node} (incarnation ${loop.inc}) to hand over what it collected and to log a line at ${loop.byMs} ms at the latest, found neither by ${nowMs} ms`
          : `expected node ${node} (incarnation ${loop.inc}) to log a line when it handed over what it collected, at ${loop.byMs} ms, found none by ${nowMs} ms`,
      );
      return false;
    }

    type Shown = Extract<MeshEvent, { kind: 'enqueue' | 'dispatch' }>;

    function emittedWhenTaken(loop: Loop, { node, inc, id, pending }: Shown, how: string): void {
      const takenMs = loop.takenAtMs[numberOf(id) - 1];
      const foundMs = pending.emittedAtMs - context.view.node(node).uptimeMs;
      // Other invariants find what was never taken out.
      if (takenMs === undefined || foundMs === takenMs) return;
      context.violate(
        `expected action ${id} of node ${node} (incarnation ${inc}) to be ${how} as emitted at ${takenMs} ms, when it was taken out of the inbox, found ${foundMs} ms`,
      );
    }

    function lineOfTick(event: Extract<MeshEvent, { kind: 'append-log' }>, loop: Loop): void {
      const { node, inc, record } = event;
      const nowMs = context.now();
      if (nowMs < loop.fromMs) {
        context.violate(
          `expected no log record of node ${node} (incarnation ${inc}) that nobody asked for before its tick at ${loop.fromMs} ms, found '${event.message}' at ${nowMs} ms`,
        );
        return;
      }
      if (record.level !== 'debug' || record.daemonId !== null) {
        const daemon = record.daemonId === null ? 'no daemon' : `daemon ${record.daemonId}`;
        context.violate(
          `expected the line of the tick of node ${node} (incarnation ${inc}) at ${nowMs} ms to be of level debug and no daemon, found '${event.message}' of level ${record.level} and ${daemon}`,
        );
        return;
      }
      const due = loop.due < 0 ? loop.takenAtMs.length : loop.due;
      if (loop.handed < due) {
        context.violate(
          `expected node ${node} (incarnation ${inc}) to have handed over all ${due} actions collected when it logged the line of its tick at ${nowMs} ms, found only ${loop.handed} handed over`,
        );
        return;
      }
      loop.ticked(nowMs);
    }

    return {
      on: {
        boot(event) {
          loops.of(event.node, event.inc);
        },
        crash(event) {
          onTime(loops.of(event.node, event.inc), event.node);
          loops.end(event.node);
        },
        pause(event) {
          const loop = loops.of(event.node, event.inc);
          onTime(loop, event.node);
          loop.pausedAt(context.now());
        },
        resume(event) {
          loops.of(event.node, event.inc).resumed(context.now());
        },
        stop(event) {
          const loop = loops.of(event.node, event.inc);
          if (onTime(loop, event.node)) loop.stopping(context.now());
        },
        take(event) {
          const loop = loops.of(event.node, event.inc);
          if (!onTime(loop, event.node)) return;
          loop.logAsked = event.input === 'log';
          if (event.input === 'submit') loop.takenAtMs.push(context.now());
        },
        enqueue(event) {
          const { node, inc } = event;
          const loop = loops.of(node, inc);
          if (!onTime(loop, node)) return;
          const nowMs = context.now();
          if (nowMs < loop.fromMs) {
            context.violate(
              `expected node ${node} (incarnation ${inc}) to hand nothing over before its tick at ${loop.fromMs} ms, found action ${event.id} handed over at ${nowMs} ms`,
            );
            return;
          }
          const id = numberOf(event.id);
          if (id !== loop.handed + 1) {
            context.violate(
              `expected node ${node} (incarnation ${inc}) to hand its actions over in the order of their ids and each once, next ${loop.handed + 1}, found action ${event.id} handed over at ${nowMs} ms`,
            );
            return;
          }
          if (loop.due < 0) loop.begun(nowMs);
          loop.handed = id;
          loop.logAsked = false;
          emittedWhenTaken(loop, event, 'handed over');
        },
        dispatch(event) {
          emittedWhenTaken(loops.of(event.node, event.inc), event, 'dispatched');
        },
        'append-log'(event) {
          const loop = loops.of(event.node, event.inc);
          if (!onTime(loop, event.node)) return;
          if (loop.logAsked) loop.logAsked = false;
          else lineOfTick(event, loop);
        },
      },
      end() {
        loops.forEach((loop, node) => {
          onTime(loop, node);
        });
      },
    };
  },
};
