/** What faults of links do to messages, on a network that knows no protocol. */
import { describe, expect, it } from 'vitest';
import { ActiveFaults } from '../faults/active.ts';
import type { Active } from '../faults/kind.ts';
import type { LinkFault } from '../faults/link/links.ts';
import { SeededChooser } from '../kernel/choices/chooser.ts';
import { rootName } from '../kernel/choices/name.ts';
import { Kernel } from '../kernel/kernel.ts';
import { SimNetwork } from './network.ts';

interface Seen {
  readonly fates: readonly string[];
  /** When each copy arrived, from node to node. */
  readonly arrived: readonly (readonly [at: number, link: string])[];
  readonly struck: readonly string[];
}

/** Sends a message over every link of three nodes, at once, with these faults on. */
async function sent(faults: readonly (Active & LinkFault)[], seed = 1n): Promise<Seen> {
  const kernel = new Kernel({ chooser: new SeededChooser(seed) });
  const fates: string[] = [];
  const arrived: (readonly [number, string])[] = [];
  const struck: string[] = [];
  const active = new ActiveFaults<Active & LinkFault>(
    (name, bound) => kernel.draw(name, bound),
    ({ key }) => struck.push(key),
  );
  const network = new SimNetwork<string>({
    kernel,
    latency: { minMs: 10, maxMs: 10 },
    faults: (kind) => active.of(kind),
    fires: (fault, percent, where) => active.fires(fault, percent, where),
    sent: (_from, _to, message, _msg, { fate, copies }) => fates.push(`${message} ${fate} ${copies}`),
    arrived: (_from, _to, message) => arrived.push([kernel.now, message]),
  });
  for (const fault of faults) active.begin(fault);
  for (const from of [1, 2, 3]) {
    for (const to of [1, 2, 3]) {
      if (from !== to) network.send(from, to, `${from}-${to}`, rootName.child('from', from).child('to', to));
    }
  }
  await kernel.run();
  return { fates, arrived, struck };
}

const all = { key: 'f', from: 1, to: 2, percent: 100, forMs: 10 } as const;

describe('a network', () => {
  it('brings every message once, after its latency', async () => {
    const { fates, arrived, struck } = await sent([]);
    expect(fates).toEqual(['1-2 sent 1', '1-3 sent 1', '2-1 sent 1', '2-3 sent 1', '3-1 sent 1', '3-2 sent 1']);
    expect(arrived.map(([at]) => at)).toEqual([10, 10, 10, 10, 10, 10]);
    expect(struck).toEqual([]);
  });

  it('loses, doubles and delays on the link that is struck, and on no other', async () => {
    const lost = await sent([{ ...all, kind: 'link-loss' }]);
    expect(lost.fates.filter((fate) => !fate.endsWith('sent 1'))).toEqual(['1-2 lost 0']);
    expect(lost.arrived.map(([, link]) => link)).not.toContain('1-2');
    const doubled = await sent([{ ...all, kind: 'link-duplicate' }]);
    expect(doubled.arrived.filter(([, link]) => link === '1-2')).toHaveLength(2);
    expect(doubled.arrived).toHaveLength(7);
    const late = await sent([{ ...all, kind: 'link-delay', extraMs: 30 }]);
    expect(late.arrived.filter(([at]) => at !== 10)).toEqual([[40, '1-2']]);
    expect([lost.struck, doubled.struck, late.struck]).toEqual([['f'], ['f'], ['f']]);
  });

  it('draws how late a message is that others overtake', async () => {
    const times = new Set<number>();
    for (let seed = 1n; seed <= 40n; seed += 1n) {
      const { arrived } = await sent([{ ...all, kind: 'link-reorder', extraMs: 5 }], seed);
      for (const [at, link] of arrived) if (link === '1-2') times.add(at);
    }
    expect([...times].sort((a, b) => a - b)).toEqual([10, 11, 12, 13, 14, 15]);
  });

  it('cuts nodes off both ways, or lets their messages out', async () => {
    const cut = await sent([{ key: 'f', kind: 'partition', nodes: [1], oneWay: false, forMs: 10 }]);
    expect(cut.arrived.map(([, link]) => link)).toEqual(['2-3', '3-2']);
    const oneWay = await sent([{ key: 'f', kind: 'partition', nodes: [1], oneWay: true, forMs: 10 }]);
    expect(oneWay.arrived.map(([, link]) => link).sort()).toEqual(['1-2', '1-3', '2-3', '3-2']);
  });

  it('asks a message that is cut off, or lost, for nothing more', async () => {
    const partition = { key: 'p', kind: 'partition', nodes: [1], oneWay: false, forMs: 10 } as const;
    const loss = { ...all, key: 'l', kind: 'link-loss' } as const;
    const duplicate = { ...all, key: 'd', kind: 'link-duplicate' } as const;
    expect((await sent([duplicate, loss, partition])).struck).toEqual(['p']);
    expect((await sent([duplicate, loss])).struck).toEqual(['l']);
  });

  it('strikes about as many of a hundred as it is told to', async () => {
    let lost = 0;
    for (let seed = 1n; seed <= 400n; seed += 1n) {
      lost += (await sent([{ ...all, kind: 'link-loss', percent: 30 }], seed)).struck.length;
    }
    expect(lost).toBeGreaterThan(80);
    expect(lost).toBeLessThan(160);
  });
});
