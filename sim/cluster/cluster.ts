/**
 * Nodes on simulated hardware: each with a machine and a disk of its own, and a network between them. What runs on a node,
 * and what its messages are, is the world's; what goes wrong with the hardware is done here.
 *
 *     const cluster = new SimCluster<Counts, Replica>(harness, {
 *       nodes: 3,
 *       latency: { minMs: 1, maxMs: 20 },
 *       sync: { minMs: 1, maxMs: 10 },
 *       incarnate: (site) => new Replica(site),
 *     });
 */
import { ActiveFaults } from '../faults/active.ts';
import { extraSyncMs } from '../faults/disk/sync-slow.ts';
import type { HardwareFault } from '../faults/hardware.ts';
import type { Active } from '../faults/kind.ts';
import { drawMs, type RangeMs } from '../faults/link/link.ts';
import { isMachineFault, machineKind } from '../faults/machine/machines.ts';
import { type Name, rootName } from '../kernel/choices/name.ts';
import type { Group, Kernel } from '../kernel/kernel.ts';
import { SimDisk } from './disk.ts';
import { type Incarnation, Machine, strikeMachine } from './machine.ts';
import { SimNetwork } from './network.ts';

/** Where an incarnation runs. */
export interface Site<Message> {
  /** From 1. */
  readonly node: number;
  /** From 0. */
  readonly incarnation: number;
  /** The tasks of this incarnation, which die with it. */
  readonly group: Group;
  /** Outlives it, but for what is not synced. */
  readonly disk: SimDisk;
  /** To another node; nothing is sent once this incarnation is dead. */
  send(to: number, message: Message): void;
}

/** What runs on a node; a world's own is made of this by what it does when it starts and when a message comes. */
export abstract class ClusterNode<Message> implements Incarnation {
  readonly site: Site<Message>;
  readonly group: Group;
  #up = false;

  constructor(site: Site<Message>) {
    this.site = site;
    this.group = site.group;
  }

  get up(): boolean {
    return this.#up;
  }

  start(wallShiftMs: number): void {
    this.group.shiftWallClock(wallShiftMs);
    this.#up = true;
    this.started();
  }

  stop(): void {
    this.#up = false;
    this.group.kill();
  }

  /** Once an incarnation, in a segment of the world. */
  protected abstract started(): void;
  abstract receive(from: number, message: Message): void;
}

export interface ClusterOptions<Message, I extends ClusterNode<Message>> {
  readonly nodes: number;
  /** How long an undisturbed message takes, and an undisturbed sync. */
  readonly latency: RangeMs;
  readonly sync: RangeMs;
  /** Makes what runs on a node from its start, or a restart, to the next crash. */
  incarnate(site: Site<Message>): I;
}

type Struck = Active & HardwareFault;

export class SimCluster<Message, I extends ClusterNode<Message>> {
  readonly #kernel: Kernel;
  readonly #options: ClusterOptions<Message, I>;
  readonly #faults: ActiveFaults<Struck>;
  readonly #network: SimNetwork<Message>;
  readonly #machines: readonly Machine<I, SimDisk>[];

  constructor(
    harness: { readonly kernel: Kernel; injected(faultKey: string): void },
    options: ClusterOptions<Message, I>,
  ) {
    const { kernel } = harness;
    this.#kernel = kernel;
    this.#options = options;
    this.#faults = new ActiveFaults(
      (name, bound) => kernel.draw(name, bound),
      ({ key }) => harness.injected(key),
    );
    this.#network = new SimNetwork({
      kernel,
      latency: options.latency,
      faults: (kind) => this.#faults.of(kind),
      fires: (fault, percent, where) => this.#faults.fires(fault, percent, where),
      arrived: (from, to, message) => {
        const machine = this.#machine(to);
        if (machine.current.up) machine.current.receive(from, message);
      },
    });
    this.#machines = Array.from({ length: options.nodes }, (_, index) => this.#build(index + 1));
  }

  /** Starts all nodes. */
  start(): void {
    for (const machine of this.#machines) machine.boot();
  }

  /** Stops all nodes. */
  close(): void {
    for (const { current } of this.#machines) current.stop();
  }

  /** What an instance of a world does with hardware. */
  get members() {
    return {
      start: () => this.start(),
      inject: (fault: Struck, where: Name) => this.inject(fault, where),
      heal: (fault: Struck) => this.heal(fault),
      settle: () => {},
      close: () => this.close(),
    };
  }

  /** What runs on a node now, or ran there last. */
  on(node: number): I {
    return this.#machine(node).current;
  }

  /** What runs on each node, node 1 first. */
  get all(): readonly I[] {
    return this.#machines.map(({ current }) => current);
  }

  inject(fault: Struck, where: Name): void {
    if (isMachineFault(fault)) strikeMachine(this.#machine(fault.node), this.#faults, fault, this.#kernel, where);
    else this.#faults.begin(fault);
  }

  heal(fault: Struck): void {
    if (!isMachineFault(fault)) this.#faults.end(fault);
    else if (this.#faults.release(fault)) machineKind(fault.kind)?.release?.(this.#machine(fault.node));
  }

  #machine(node: number): Machine<I, SimDisk> {
    const machine = this.#machines[node - 1];
    if (machine === undefined) throw new RangeError(`there is no node ${node}`);
    return machine;
  }

  #build(node: number): Machine<I, SimDisk> {
    const { root } = this.#kernel;
    const where = rootName.child('node', node);
    let group: Group | undefined;
    let syncs = 0;
    const disk = new SimDisk({
      now: () => this.#kernel.now,
      syncDelay: async () => {
        const beganMs = this.#kernel.now;
        syncs += 1;
        const drawnMs = drawMs(this.#options.sync, (bound) => this.#kernel.draw(where.child('sync', syncs), bound));
        const ms = drawnMs + extraSyncMs(this.#faults, node);
        if (ms > 0) await group?.sleep(ms);
        return beganMs;
      },
    });
    const sends = new Map<number, number>();
    return new Machine<I, SimDisk>({
      disks: [disk],
      incarnate: (incarnation) => {
        const own = root.child(`n${node}/i${incarnation}`);
        group = own;
        const send = (to: number, message: Message): void => {
          if (own.killed) return;
          const nth = (sends.get(to) ?? 0) + 1;
          sends.set(to, nth);
          this.#network.send(node, to, message, where.child('to', to).child('nth', nth));
        };
        return this.#options.incarnate({ node, incarnation, group: own, disk, send });
      },
    });
  }
}
