/**
 * A counter on three nodes, which may be added to on any of them: each keeps on its disk how much was added there, and tells
 * the others now and then. It knows nothing of MeshOS. With the semantics `early`, a bug, an addition is acknowledged before
 * it is synced, so that a crash may lose it.
 */
import { ClusterNode, SimCluster } from '../cluster/cluster.ts';
import { hardwareEdits } from '../cluster/edits.ts';
import { drawHardware } from '../faults/draw-hardware.ts';
import { HARDWARE_KINDS, type HardwareFault } from '../faults/hardware.ts';
import type { Invariant } from '../invariant/invariant.ts';
import { Stream } from '../kernel/choices/streams.ts';
import type { Harness, Keyed, Scenario, World } from '../world.ts';

type Add = { readonly kind: 'add'; readonly node: number };
type Acked = { readonly kind: 'acked'; readonly op: string; readonly node: number };
type View = { readonly totals: () => readonly number[]; readonly asked: () => number };
type Counts = readonly number[];

const NODES = 3;

class Replica extends ClusterNode<Counts> {
  /** What is known to be durable, by the node that it was added on, node 1 first. */
  readonly counts = Array.from({ length: NODES }, () => 0);

  started(): void {
    this.site.disk.truncate(this.site.disk.written - (this.site.disk.written % 2));
    this.group.spawn('recover', () => this.#durable());
    this.group.spawn('gossip', async () => {
      for (;;) {
        await this.group.sleep(50);
        for (let to = 1; to <= NODES; to += 1) if (to !== this.site.node) this.site.send(to, [...this.counts]);
      }
    });
  }

  /** Two bytes a time, on the disk before they are acknowledged: one byte alone was torn by a crash. */
  async add(early: boolean, acknowledge: () => void): Promise<void> {
    this.site.disk.write(Uint8Array.of(1, 1));
    if (early) acknowledge();
    await this.#durable();
    if (!early) acknowledge();
  }

  get isSynced(): boolean {
    return this.counts[this.site.node - 1] === this.site.disk.written / 2;
  }

  receive(_from: number, counts: Counts): void {
    for (const [index, count] of counts.entries()) this.#learn(index, count);
  }

  async #durable(): Promise<void> {
    const { disk, node } = this.site;
    const { written } = disk;
    await disk.sync();
    this.#learn(node - 1, written / 2);
  }

  #learn(index: number, count: number): void {
    this.counts[index] = Math.max(count, this.counts[index] ?? 0);
  }
}

const nothingLost: Invariant<Acked, View> = {
  id: 'nothing-lost',
  holds: 'in the end every node counts all that was acknowledged, and no more than was asked for',
  create: ({ view, violate }) => {
    let acknowledged = 0;
    return {
      on: {
        acked: () => {
          acknowledged += 1;
        },
      },
      end: () => {
        for (const [index, total] of view.totals().entries()) {
          if (total < acknowledged) violate(`node ${index + 1} counts ${total} of ${acknowledged} acknowledged`);
          if (total > view.asked()) violate(`node ${index + 1} counts ${total}, and ${view.asked()} were asked for`);
        }
      },
    };
  },
};

function build({ semantics, workload }: Scenario<object, Add, HardwareFault>, harness: Harness<Acked>) {
  const cluster = new SimCluster<Counts, Replica>(harness, {
    nodes: NODES,
    latency: { minMs: 1, maxMs: 20 },
    sync: { minMs: 1, maxMs: 10 },
    incarnate: (site) => new Replica(site),
  });
  const totals = () => cluster.all.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0));
  const agreed = () =>
    cluster.all.every(({ isSynced }) => isSynced) && new Set(cluster.all.map(({ counts }) => counts.join())).size === 1;
  return {
    view: { totals, asked: () => workload.length },
    ...cluster.members,
    apply: ({ key, node }: Keyed & Add) => {
      const replica = cluster.on(node);
      const acknowledge = () => harness.emit({ kind: 'acked', op: key, node });
      if (replica.up) replica.group.spawn('add', () => replica.add(semantics === 'early', acknowledge));
    },
    drained: agreed,
    finalState: totals,
  };
}

export const replicatedCounter: World<object, Add, HardwareFault, Acked, View> = {
  name: 'replicated-counter',
  semantics: ['sound', 'early'],
  ambient: 'forbidden',
  events: { acked: ['op', 'node'] },
  marks: [],
  faultKinds: HARDWARE_KINDS.map(({ kind }) => kind),
  invariants: [nothingLost],
  schemas: async () => {
    const { parts, fault } = (await import('../faults/hardware-schema.ts')).hardwareSchema(['acked'], NODES);
    const { z, key, time: at, node } = parts;
    return { config: z.strictObject({}), operation: z.strictObject({ key, at, kind: z.literal('add'), node }), fault };
  },
  generate: (seed, profile, semantics) => {
    const stream = new Stream(`${seed}/workload`);
    const workload = Array.from({ length: stream.int(1, 20) }, (_, index) => {
      return { key: `a${index + 1}`, at: stream.int(0, 1000), kind: 'add' as const, node: stream.int(1, NODES) };
    }).sort((a, b) => a.at - b.at);
    const faults = drawHardware({ seed, profile, nodes: NODES, spanMs: 1000 });
    const name = `${profile} seed ${seed}`;
    return { format: 1, name, world: 'replicated-counter', semantics, seed, config: {}, workload, faults };
  },
  edits: hardwareEdits,
  build,
};
