/**
 * What a node does by the clock keeps to its times.
 *
 * - The k-th tick of the loop falls on k × 500 ms from the millisecond in which the node started, and each sync on a multiple of
 *   `syncEvery` from it.
 * - A pause shifts none of them. What fell into a pause is done, once, at the resumption. A node that was paused in the very
 *   millisecond of its start may count from its resumption.
 * - Each tick writes one line, which says what became of the actions that it handed over.
 * - A node that is told to stop ticks once more, in that millisecond, and syncs once more what is unsynced.
 *
 * Where this invariant does not say so, `hand-over` and `sync-interval` check that ticks and syncs come at all, and in time.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { Incarnations } from '../model/incarnations.ts';

const TICK_MS = 500;

/** When a node's tasks may have begun to count: one time, or two where it was paused in the millisecond of its start. */
class Starts {
  readonly atMs: number[];
  private unstarted = false;
  pausedMs = -1;
  resumedMs = -1;
  paused = false;

  constructor(startMs: number) {
    this.atMs = [startMs];
  }

  pause(nowMs: number): void {
    this.paused = true;
    this.unstarted = nowMs === this.atMs.at(-1);
    // What fell into a pause that ended in this millisecond may not have been done yet.
    if (nowMs !== this.resumedMs) this.pausedMs = nowMs;
  }

  resume(nowMs: number): void {
    this.paused = false;
    this.resumedMs = nowMs;
    if (this.unstarted && !this.atMs.includes(nowMs)) this.atMs.push(nowMs);
    this.unstarted = false;
  }

  /** The starts from which a multiple of the period leads to `atMs`. */
  fitting(starts: readonly number[], everyMs: number, atMs: number): readonly number[] {
    // Almost always there is one start, and it fits.
    for (const startMs of starts) {
      if (!this.fits(startMs, everyMs, atMs)) return starts.filter((other) => this.fits(other, everyMs, atMs));
    }
    return starts;
  }

  private fits(startMs: number, everyMs: number, atMs: number): boolean {
    if (atMs <= startMs) return false;
    const lastMs = startMs + Math.floor((atMs - startMs) / everyMs) * everyMs;
    return lastMs > startMs && (lastMs === atMs || (atMs === this.resumedMs && lastMs >= this.pausedMs));
  }
}

class Beat {
  readonly starts: Starts;
  /** The starts that fit the ticks so far, and those that fit the syncs. */
  tickStarts: readonly number[] | null = null;
  syncStarts: readonly number[] | null = null;
  tickedMs = -1;
  /** When it was told to stop; -1 before that. */
  stopMs = -1;
  /** Ticks that it may still make then: one more, and the one that is due in that millisecond. */
  stopTicks = 1;
  /** Chains whose logs were synced once more since. */
  readonly stopSynced = new Set<number>();
  logAsked = false;
  handed = 0;
  dropped = 0;
  refused = 0;

  constructor(startMs: number) {
    this.starts = new Starts(startMs);
  }
}

export const cadence: Invariant<MeshEvent, MeshView> = {
  id: 'cadence',
  holds:
    'ticks and syncs keep to the times counted from the start, whatever pauses there are, and each tick says what it did',
  create(context) {
    const { syncEveryMs } = context.view.config;
    const beats = new Incarnations(() => new Beat(context.now()));

    function tick(event: Extract<MeshEvent, { kind: 'append-log' }>, beat: Beat): void {
      const { node, inc } = event;
      const nowMs = context.now();
      const { starts } = beat;
      if (beat.stopMs !== -1) {
        if (beat.stopTicks === 0 || nowMs !== beat.stopMs) {
          context.violate(
            `expected node ${node} (incarnation ${inc}), told to stop at ${beat.stopMs} ms, to tick once more then and never again, found a further tick at ${nowMs} ms`,
          );
        }
        beat.stopTicks -= 1;
        line(event, beat);
        return;
      }
      const fitting = starts.fitting(beat.tickStarts ?? starts.atMs, TICK_MS, nowMs);
      if (fitting.length === 0 || beat.tickedMs === nowMs) {
        context.violate(
          `expected node ${node} (incarnation ${inc}) to tick once every ${TICK_MS} ms from ${starts.atMs.join(' or ')} ms on, found a tick at ${nowMs} ms${beat.tickedMs === nowMs ? ' and another one' : ''}`,
        );
        return;
      }
      beat.tickStarts = fitting.length < starts.atMs.length ? fitting : beat.tickStarts;
      beat.tickedMs = nowMs;
      line(event, beat);
    }

    function line({ node, inc, message, record }: Extract<MeshEvent, { kind: 'append-log' }>, beat: Beat): void {
      const text = `tick: ${beat.handed} handed over, ${beat.dropped} dropped (queue full), ${beat.refused} refused (queue closed)`;
      if (record.message !== text) {
        context.violate(
          `expected node ${node} (incarnation ${inc}) to log '${text}' at ${context.now()} ms, found '${message}'`,
        );
      }
      beat.handed = 0;
      beat.dropped = 0;
      beat.refused = 0;
    }

    return {
      on: {
        boot(event) {
          beats.of(event.node, event.inc);
        },
        crash(event) {
          beats.end(event.node);
        },
        pause(event) {
          beats.of(event.node, event.inc).starts.pause(context.now());
        },
        resume(event) {
          beats.of(event.node, event.inc).starts.resume(context.now());
        },
        stop(event) {
          const beat = beats.of(event.node, event.inc);
          const nowMs = context.now();
          beat.stopMs = nowMs;
          const due = beat.starts.fitting(beat.tickStarts ?? beat.starts.atMs, TICK_MS, nowMs).length > 0;
          if (due && beat.tickedMs !== nowMs) beat.stopTicks += 1;
        },
        take(event) {
          beats.of(event.node, event.inc).logAsked = event.input === 'log';
        },
        enqueue(event) {
          const beat = beats.of(event.node, event.inc);
          beat.logAsked = false;
          if (event.outcome === 'sent') beat.handed++;
          else if (event.outcome === 'full') beat.dropped++;
          else beat.refused++;
        },
        'append-log'(event) {
          const beat = beats.of(event.node, event.inc);
          if (beat.logAsked) beat.logAsked = false;
          else tick(event, beat);
        },
        'sync-begin'(event) {
          if (syncEveryMs === 0) return;
          const { node } = event;
          const beganMs = context.now();
          const beat = beats.of(node, event.inc);
          const { starts } = beat;
          if (beat.stopMs !== -1 && beganMs >= beat.stopMs && !beat.stopSynced.has(event.chain)) {
            beat.stopSynced.add(event.chain);
            return;
          }
          const fitting = starts.fitting(beat.syncStarts ?? starts.atMs, syncEveryMs, beganMs);
          if (fitting.length === 0) {
            context.violate(
              `expected node ${node} to begin its syncs at multiples of ${syncEveryMs} ms from ${starts.atMs.join(' or ')} ms on, found that it began one of its log of chain ${event.chain} at ${beganMs} ms`,
            );
            return;
          }
          if (fitting.length < starts.atMs.length) beat.syncStarts = fitting;
        },
      },
    };
  },
};
