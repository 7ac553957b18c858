/**
 * One simulated node over all its incarnations. It starts the node with everything wrapped that the node is given, kills
 * it, pauses it, and puts what is meant for it into its inbox. What survives a crash lives here (disks, wall-clock shift,
 * names of log entries). What dies with the node lives in an `Incarnation`.
 */

import { SimDisk } from '../../sim/cluster/disk.ts';
import { type BeforeCrash, Machine } from '../../sim/cluster/machine.ts';
import { extraSyncMs } from '../../sim/faults/disk/sync-slow.ts';
import { drawMs } from '../../sim/faults/link/link.ts';
import { labelOf, type Name } from '../../sim/kernel/choices/name.ts';
import type { TraceValue } from '../../sim/kernel/trace/trace.ts';
import { seqNumber } from '../../src/chain/frame.ts';
import { checksumAtEnd } from './checksum.ts';
import { type Cluster, Incarnation } from './incarnation.ts';

const TO = labelOf('to');
const TRY = labelOf('try');

/** Stands in the trace as the operation that registered the backends of a node's first start. */
const START = 'start';

export class NodeProcess {
  readonly node: number;
  /** By the number of the node that writes the chain. */
  readonly disks: readonly SimDisk[];
  readonly #cluster: Cluster;
  readonly #entryNames: Name[] = [];
  /** How often each entry was sent, by receiver. */
  readonly #tries = new Map<number, number[]>();
  /** True while an incarnation opens its logs: what it then does to its disks is not traced. */
  #opening = true;
  readonly machine: Machine<Incarnation, SimDisk>;

  constructor(cluster: Cluster, node: number) {
    this.#cluster = cluster;
    this.node = node;
    this.disks = cluster.config.codecs.map((_codec, index) => new SimDisk(this.#diskHost(index + 1)));
    this.machine = new Machine({
      disks: this.disks,
      ownDisk: node,
      incarnate: (inc) => this.#incarnate(inc),
      crashed: ({ inc }, before) => this.#crashed(inc, before),
      paused: ({ inc }) => cluster.emit({ kind: 'pause', node, inc }),
      resumed: ({ inc }) => cluster.emit({ kind: 'resume', node, inc }),
      clockJumped: ({ inc }, byMs) => cluster.emit({ kind: 'clock-jump', node, inc, byMs }),
    });
  }

  get current(): Incarnation {
    return this.machine.current;
  }

  /** The first start. */
  boot(): void {
    this.machine.boot();
    for (let index = 1; index <= this.#cluster.config.backends; index += 1) {
      this.current.register(START, `b${index}`, true);
    }
  }

  /** Whether nothing is left to do. Cheap, because it is asked after every step of settle. */
  get drained(): boolean {
    return this.current.idle && this.disks.every((disk) => disk.synced === disk.written);
  }

  /** What is left to do, in words. */
  waiting(): readonly string[] {
    const waits = this.current.waiting().map((what) => `n${this.node}: ${what}`);
    this.disks.forEach((disk, index) => {
      const unsynced = disk.written - disk.synced;
      if (unsynced > 0) waits.push(`n${this.node}: ${unsynced} bytes of n${index + 1}'s chain are not synced`);
    });
    return waits;
  }

  finalState(): TraceValue[] {
    return [this.node, ...this.current.finalState(), this.disks.map(({ content }) => content)];
  }

  #crashed(inc: number, before: readonly BeforeCrash[]): void {
    const own = this.disks[this.node - 1];
    const had = before[this.node - 1];
    if (own === undefined || had === undefined) throw new Error(`node ${this.node} keeps no log of its own`);
    this.#cluster.emit({ kind: 'crash', node: this.node, inc, ...had, kept: own.written });
    before.forEach((disk, index) => {
      const kept = this.disks[index]?.written ?? 0;
      this.#cluster.emit({ kind: 'log-cut', node: this.node, inc, chain: index + 1, ...disk, kept });
    });
  }

  #incarnate(inc: number): Incarnation {
    this.#opening = true;
    const incarnation = new Incarnation(this.#cluster, this.node, inc, this.disks, {
      entryAppended: (seq, where) => {
        this.#entryNames[Number(seq)] = where;
        for (const tries of this.#tries.values()) tries[Number(seq)] = 0;
      },
      entryName: (seq, to) => {
        // An entry that was never appended is a finding about the node, so it travels too.
        const where = this.#entryNames[seq] ?? this.current.background('stray');
        const tries = this.#tries.get(to) ?? [];
        this.#tries.set(to, tries);
        const nth = (tries[seq] ?? 0) + 1;
        tries[seq] = nth;
        return where.numbered(TO, to).numbered(TRY, nth);
      },
    });
    this.#opening = false;
    return incarnation;
  }

  #diskHost(chain: number) {
    const cluster = this.#cluster;
    return {
      now: () => cluster.kernel.now,
      syncDelay: async () => {
        const beganMs = cluster.kernel.now;
        if (!this.#opening) cluster.emit({ kind: 'sync-begin', node: this.node, inc: this.current.inc, chain });
        const { current } = this;
        const drawnMs = drawMs(cluster.config.sync, (bound) =>
          cluster.kernel.draw(current.background('sync').child('chain', chain), bound),
        );
        const delayMs = drawnMs + extraSyncMs(cluster.faults, this.node);
        if (delayMs > 0) await current.group.sleep(delayMs);
        return beganMs;
      },
      synced: (bytes: number, beganMs: number) => {
        if (this.#opening) return;
        cluster.emit({ kind: 'sync', node: this.node, inc: this.current.inc, chain, bytes, beganMs });
      },
      wrote: (bytes: Uint8Array, end: number) => {
        if (chain === this.node || this.#opening) return;
        cluster.emit({
          kind: 'copy-write',
          node: this.node,
          inc: this.current.inc,
          chain,
          seq: seqNumber(bytes),
          bytes: bytes.length,
          end,
          crc: checksumAtEnd(bytes),
        });
      },
    };
  }
}
