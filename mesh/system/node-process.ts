/**
 * One simulated node over all its incarnations: starts it with everything it is given wrapped, kills it, pauses it, and
 * puts what is meant for it into its inbox. What survives a crash (disks, wall-clock shift, names of log entries) lives
 * here; what dies with the node lives in an `Incarnation`.
 */

import { SimDisk } from '../../sim/cluster/disk.ts';
import { labelOf, type Name } from '../../sim/kernel/choices/name.ts';
import type { TraceValue } from '../../sim/kernel/trace/trace.ts';
import { seqNumber } from '../../src/chain/frame.ts';
import { checksumAtEnd } from './checksum.ts';
import { type Cluster, Incarnation } from './incarnation.ts';

const TO = labelOf('to');
const TRY = labelOf('try');

/** What backends registered at a node's first start are said to come from. */
const START = 'start';

export class NodeProcess {
  readonly node: number;
  /** By the number of the node that writes the chain. */
  readonly disks: readonly SimDisk[];
  readonly #cluster: Cluster;
  readonly #entryNames: Name[] = [];
  /** How often each entry was sent, by receiver. */
  readonly #tries = new Map<number, number[]>();
  #incarnations = 0;
  #wallShiftMs = 0;
  #pauses = 0;
  /** While an incarnation opens its logs; nothing that it does to its disks then is news. */
  #opening = true;
  #current: Incarnation;

  constructor(cluster: Cluster, node: number) {
    this.#cluster = cluster;
    this.node = node;
    this.disks = cluster.config.codecs.map((_codec, index) => new SimDisk(this.#diskHost(index + 1)));
    this.#current = this.#incarnate();
  }

  get current(): Incarnation {
    return this.#current;
  }

  /** The first start. */
  boot(): void {
    this.#current.start(this.#wallShiftMs);
    for (let index = 1; index <= this.#cluster.config.backends; index += 1) {
      this.#current.register(START, `b${index}`, true);
    }
  }

  /** A new incarnation after a crash. */
  restart(): void {
    this.#pauses = 0;
    this.#current = this.#incarnate();
    this.#current.start(this.#wallShiftMs);
  }

  /** Kills the node; `cut` says how many bytes of each chain it keeps are left. False if it is down already. */
  crash(cut: (disk: SimDisk, chain: number) => number): boolean {
    const { current } = this;
    if (!current.up) return false;
    current.stop();
    const own = this.disks[this.node - 1];
    if (own === undefined) throw new Error(`node ${this.node} keeps no log of its own`);
    const { synced, written } = own;
    const before = this.disks.map((disk) => ({ synced: disk.synced, written: disk.written }));
    this.disks.forEach((disk, index) => {
      disk.crash(cut(disk, index + 1));
    });
    const at = { node: this.node, inc: current.inc };
    this.#cluster.emit({ kind: 'crash', ...at, synced, written, kept: own.written });
    before.forEach((had, index) => {
      this.#cluster.emit({ kind: 'log-cut', ...at, chain: index + 1, ...had, kept: this.disks[index]?.written ?? 0 });
    });
    return true;
  }

  pause(): void {
    this.#pauses += 1;
    if (this.#pauses > 1 || !this.#current.up) return;
    this.#current.group.pause();
    this.#cluster.emit({ kind: 'pause', node: this.node, inc: this.#current.inc });
  }

  resume(): void {
    if (this.#pauses === 0) return;
    this.#pauses -= 1;
    if (this.#pauses > 0 || !this.#current.up) return;
    this.#current.group.resume();
    this.#cluster.emit({ kind: 'resume', node: this.node, inc: this.#current.inc });
  }

  jumpClock(byMs: number): void {
    this.#wallShiftMs += byMs;
    this.#current.group.shiftWallClock(byMs);
    this.#cluster.emit({ kind: 'clock-jump', node: this.node, inc: this.#current.inc, byMs });
  }

  /** Whether nothing is left to do: cheap, for it is asked after every step of settle. */
  get drained(): boolean {
    return this.#current.idle && this.disks.every((disk) => disk.synced === disk.written);
  }

  /** What is left to do, in words. */
  waiting(): readonly string[] {
    const waits = this.#current.waiting().map((what) => `n${this.node}: ${what}`);
    this.disks.forEach((disk, index) => {
      const unsynced = disk.written - disk.synced;
      if (unsynced > 0) waits.push(`n${this.node}: ${unsynced} bytes of n${index + 1}'s chain are not synced`);
    });
    return waits;
  }

  finalState(): TraceValue[] {
    return [this.node, ...this.#current.finalState(), this.disks.map(({ content }) => content)];
  }

  #incarnate(): Incarnation {
    const inc = this.#incarnations;
    this.#incarnations += 1;
    this.#opening = true;
    const incarnation = new Incarnation(this.#cluster, this.node, inc, this.disks, {
      entryAppended: (seq, where) => {
        this.#entryNames[Number(seq)] = where;
        for (const tries of this.#tries.values()) tries[Number(seq)] = 0;
      },
      entryName: (seq, to) => {
        // An entry that was never appended is a finding about the node, so that it travels, too.
        const where = this.#entryNames[seq] ?? this.#current.background('stray');
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
        if (!this.#opening) cluster.emit({ kind: 'sync-begin', node: this.node, inc: this.#current.inc, chain });
        const { sync } = cluster.config;
        const { group } = this.#current;
        let delay = sync.minMs;
        if (sync.maxMs > sync.minMs) {
          const where = this.#current.background('sync').child('chain', chain);
          delay += cluster.kernel.draw(where, sync.maxMs - sync.minMs + 1);
        }
        for (const fault of cluster.faults.of('sync-slow')) {
          if (fault.node !== this.node) continue;
          cluster.faults.struck(fault);
          delay += fault.extraMs;
        }
        if (delay > 0) await group.sleep(delay);
        return beganMs;
      },
      synced: (bytes: number, beganMs: number) => {
        if (this.#opening) return;
        cluster.emit({ kind: 'sync', node: this.node, inc: this.#current.inc, chain, bytes, beganMs });
      },
      wrote: (bytes: Uint8Array, end: number) => {
        if (chain === this.node || this.#opening) return;
        cluster.emit({
          kind: 'copy-write',
          node: this.node,
          inc: this.#current.inc,
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
