/** What faults of machines and disks do to nodes of any world. */
import { describe, expect, it } from 'vitest';
import type { HardwareFault } from '../faults/hardware.ts';
import { SeededChooser } from '../kernel/choices/chooser.ts';
import { rootName } from '../kernel/choices/name.ts';
import { Kernel } from '../kernel/kernel.ts';
import { ClusterNode, SimCluster } from './cluster.ts';

/** Writes four bytes every 10 ms, and syncs after the second write. */
class Writer extends ClusterNode<string> {
  readonly found: number = this.site.disk.written;
  readonly heard: string[] = [];
  ticks = 0;

  started(): void {
    this.group.spawn('write', async () => {
      for (;;) {
        await this.group.sleep(10);
        this.ticks += 1;
        this.site.disk.write(Uint8Array.of(1, 2, 3, 4));
        if (this.ticks === 2) await this.site.disk.sync();
      }
    });
  }

  receive(from: number, message: string): void {
    this.heard.push(`${from}: ${message}`);
  }
}

function built(seed = 1n) {
  const kernel = new Kernel({ chooser: new SeededChooser(seed) });
  const injected: string[] = [];
  const made: Writer[] = [];
  const cluster = new SimCluster<string, Writer>(
    { kernel, injected: (key) => injected.push(key) },
    {
      nodes: 2,
      latency: { minMs: 1, maxMs: 1 },
      sync: { minMs: 3, maxMs: 3 },
      incarnate: (site) => {
        const writer = new Writer(site);
        made.push(writer);
        return writer;
      },
    },
  );
  cluster.start();
  const at = (ms: number, fault: HardwareFault & { key: string }, what: 'inject' | 'heal') =>
    kernel.schedule(ms, rootName.child('fault', fault.key), () => {
      if (what === 'inject') cluster.inject(fault, rootName.child('fault', fault.key));
      else cluster.heal(fault);
    });
  return { kernel, cluster, injected, made, at };
}

describe('a cluster', () => {
  it('keeps of a crashed node what is synced, and starts it anew', async () => {
    const lengths = new Set<number>();
    for (let seed = 1n; seed <= 30n; seed += 1n) {
      const { kernel, cluster, injected, made, at } = built(seed);
      const crash = { key: 'f1', kind: 'node-crash', node: 1, forMs: 20 } as const;
      at(45, crash, 'inject');
      at(65, crash, 'heal');
      await kernel.run({ untilMs: 70 });
      expect(injected).toEqual(['f1']);
      // Two writes of node 1 are synced by then, and one or two more are written.
      const restarted = made[2];
      expect(restarted?.found).toBeGreaterThanOrEqual(8);
      expect(restarted?.found).toBeLessThanOrEqual(16);
      lengths.add(restarted?.found ?? 0);
      expect(cluster.on(1)).toBe(restarted);
      expect(cluster.on(2).ticks).toBeGreaterThan(5);
    }
    expect(lengths.size).toBeGreaterThan(3);
  });

  it('tears a write in two', async () => {
    for (let seed = 1n; seed <= 20n; seed += 1n) {
      const { kernel, made, at } = built(seed);
      const torn = { key: 'f1', kind: 'log-torn-tail', node: 1, forMs: 20 } as const;
      at(45, torn, 'inject');
      at(65, torn, 'heal');
      await kernel.run({ untilMs: 66 });
      expect((made[2]?.found ?? 0) % 4).not.toBe(0);
    }
  });

  it('lets a paused node stand still while time goes on', async () => {
    const { kernel, cluster, at } = built();
    const pause = { key: 'f1', kind: 'node-pause', node: 1, forMs: 100 } as const;
    at(15, pause, 'inject');
    at(115, pause, 'heal');
    await kernel.run({ untilMs: 114 });
    expect([cluster.on(1).ticks, cluster.on(2).ticks > 9]).toEqual([1, true]);
    await kernel.run({ untilMs: 116 });
    expect(cluster.on(1).ticks).toBe(2);
  });

  it('moves a wall clock, which stays so over a crash', async () => {
    const { kernel, cluster, at } = built();
    at(5, { key: 'f1', kind: 'clock-jump', node: 1, byMs: 1000 }, 'inject');
    const crash = { key: 'f2', kind: 'node-crash', node: 1, forMs: 5 } as const;
    at(15, crash, 'inject');
    at(20, crash, 'heal');
    await kernel.run({ untilMs: 25 });
    expect([cluster.on(1).group.wallNow(), cluster.on(2).group.wallNow()]).toEqual([1025n, 25n]);
  });

  it('slows syncs', async () => {
    const { kernel, cluster, injected, at } = built();
    at(5, { key: 'f1', kind: 'sync-slow', node: 1, extraMs: 50, forMs: 100 }, 'inject');
    await kernel.run({ untilMs: 40 });
    expect([cluster.on(1).site.disk.synced, cluster.on(2).site.disk.synced]).toEqual([0, 8]);
    expect(injected).toEqual(['f1']);
  });

  it('brings messages to nodes that are up', async () => {
    const { kernel, cluster, at } = built();
    cluster.on(1).site.send(2, 'a');
    const crash = { key: 'f1', kind: 'node-crash', node: 2, forMs: 20 } as const;
    at(10, crash, 'inject');
    kernel.schedule(11, rootName, () => cluster.on(1).site.send(2, 'b'));
    const before = cluster.on(2);
    at(30, crash, 'heal');
    kernel.schedule(31, rootName, () => cluster.on(1).site.send(2, 'c'));
    kernel.schedule(31, rootName, () => before.site.send(1, 'from the dead'));
    await kernel.run({ untilMs: 40 });
    expect([before.heard, cluster.on(2).heard, cluster.on(1).heard]).toEqual([['1: a'], ['1: c'], []]);
  });
});
