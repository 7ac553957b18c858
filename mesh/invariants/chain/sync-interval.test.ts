import { describe, expect, it } from 'vitest';
import type { MeshConfig, MeshFault } from '../../scenario/scenario.ts';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { syncInterval } from './sync-interval.ts';

/** Syncs every 10 ms that take up to 1 ms; node 2 copies the chain of node 1, an entry of which takes 5 bytes. */
class Rig {
  readonly mesh: FakeMesh;
  readonly checker: ReturnType<FakeMesh['checker']>;
  /** By node: the bytes of chain 1 there. */
  private readonly ends = [0, 0, 0];

  constructor(config: Partial<MeshConfig> = {}, faults: readonly MeshFault[] = []) {
    this.mesh = new FakeMesh(config);
    const known = new Map(faults.map((fault, index) => [`f${index}`, { key: `f${index}`, ...fault }]));
    Object.defineProperty(this.mesh.view, 'faults', { value: known });
    this.checker = this.mesh.checker(syncInterval);
    this.mesh.start();
  }

  get message(): string | undefined {
    return this.checker.found?.message;
  }

  /** An entry is written to chain 1: by its writer, or to the copy. */
  write(node = 1): this {
    const { mesh } = this;
    const end = (this.ends[node] ?? 0) + 5;
    this.ends[node] = end;
    const payload = Uint8Array.of(1);
    const { at } = mesh.node(node);
    if (node === 2) mesh.emit({ kind: 'copy-write', ...at, chain: 1, bytes: 5, end });
    else
      mesh.emit({ kind: 'log-append', ...at, seq: BigInt(end / 5), payload, damaged: false, original: payload, end });
    return this;
  }

  /** A sync of chain 1 ends; it began so long ago, and left so many entries. */
  sync(node = 1, agoMs = 0, left = 0): this {
    const bytes = (this.ends[node] ?? 0) - 5 * left;
    const beganMs = this.mesh.nowMs - agoMs;
    this.mesh.emit({ kind: 'sync', ...this.mesh.node(node).at, chain: 1, bytes, beganMs });
    return this;
  }

  /** Node 2 appends to its own chain. */
  own(): this {
    const { mesh } = this;
    const node = mesh.node(2);
    node.fresh(node.submit(`k${mesh.events.length}`), { is: 'ok' });
    return this;
  }

  /** A sync of node 2's own chain ends. */
  ownSync(agoMs = 0): this {
    const { mesh } = this;
    const node = mesh.node(2);
    const bytes = node.chain(2).bytes().length;
    mesh.emit({ kind: 'sync', ...node.at, chain: 2, bytes, beganMs: mesh.nowMs - agoMs });
    return this;
  }

  crash(node = 1): this {
    this.mesh.crash(node, 0);
    return this;
  }

  boot(): this {
    this.mesh.boot();
    return this;
  }

  pause(node = 1): this {
    this.mesh.emit({ kind: 'pause', ...this.mesh.node(node).at });
    return this;
  }

  resume(node = 1): this {
    this.mesh.emit({ kind: 'resume', ...this.mesh.node(node).at });
    return this;
  }

  after(ms: number): this {
    this.mesh.after(ms);
    return this;
  }
}

describe('sync-interval', () => {
  it('holds when what is written is synced at the next of the times, in the own log and in copies', () => {
    const rig = new Rig();
    rig.after(3).write().after(2).write().after(6).sync(1, 1).write().after(3).write(2).after(6).sync().sync(2);
    rig.after(4).write(2).mesh.settled();
    const other = new Rig();
    for (let i = 0; i < 5; i++) other.after(10).write().write(2).own().after(10).sync().sync(2).ownSync();
    other.mesh.settled();
    other.mesh.end();
    expect([rig.message, other.message]).toEqual([undefined, undefined]);
  });

  it.each([1, 2])('fires when a sync in node %i begins later than syncEvery after what it covers', (node) => {
    const rig = new Rig().after(3).write(node).after(10).sync(node).after(4).write(node).after(11);
    expect(rig.message).toBeUndefined();
    expect(rig.sync(node).checker.found).toMatchObject({ kind: 'sync' });
    expect(rig.message).toBe(
      `expected node ${node} to begin by 27 ms to sync what it wrote to its log of chain 1 at 17 ms, found that it began at 28 ms`,
    );
  });

  it('counts from the first of the writes that a sync covers', () => {
    const rig = new Rig().after(3).write().after(9).write().after(2).sync();
    expect(rig.message).toContain('to begin by 13 ms to sync what it wrote to its log of chain 1 at 3 ms');
  });

  it('does not count how long the sync takes', () => {
    expect(new Rig().after(3).write().after(11).sync(1, 1).message).toBeUndefined();
    expect(new Rig().after(3).write().after(11).sync(1, 0).message).toContain('found that it began at 14 ms');
  });

  it('counts what came while a sync ran from the end of it', () => {
    const rig = new Rig().write().after(10).write().after(4).sync(1, 4, 1).after(10);
    expect(rig.message).toBeUndefined();
    const late = new Rig().write().after(10).write().after(4).sync(1, 4, 1).after(11).sync();
    expect(rig.sync().message).toBeUndefined();
    expect(late.message).toContain('to begin by 24 ms to sync what it wrote to its log of chain 1 at 14 ms');
  });

  it('fires when syncs of a log begin sooner after each other than syncEvery', () => {
    const rig = new Rig().after(3).write().sync().after(9).write().sync();
    expect(rig.message).toBe(
      'expected node 1 to sync its log of chain 1 every 10 ms, found syncs that began at 3 ms and at 12 ms',
    );
    expect(new Rig().after(3).write().sync().after(9).write().after(1).sync().message).toBeUndefined();
    // By when they begin, however long they take.
    expect(new Rig().after(3).write().sync().write().after(12).sync(1, 3).message).toContain('at 3 ms and at 12 ms');
  });

  it('looks at each log by itself', () => {
    expect(new Rig().write(2).sync(2).after(5).own().ownSync().message).toBeUndefined();
    expect(new Rig().write(2).own().after(10).ownSync().after(1).sync(2).message).toContain('to begin by 10 ms');
    expect(new Rig().own().ownSync().after(5).own().ownSync().message).toContain('its log of chain 2 every 10 ms');
  });

  it('does not mind a sync of what no write has left, whenever it comes', () => {
    expect(new Rig().write().sync().after(50).sync().message).toBeUndefined();
    expect(new Rig().after(50).sync().message).toBeUndefined();
  });

  it('asks for no sync of what was durable when its write was told', () => {
    const rig = new Rig();
    rig.mesh.before('log-append', () => rig.sync());
    rig.write().after(100).mesh.settled();
    expect(rig.message).toBeUndefined();
    rig.write().after(12).mesh.settled();
    expect(rig.message).toContain('to its log of chain 1 at 100 ms');
  });

  describe('of what is not synced at all', () => {
    it.each(['log-append', 'copy-write', 'sync', 'pause', 'crash', 'settled', 'the end'])('fires at %s', (kind) => {
      for (const late of [false, true]) {
        const rig = new Rig().write(2).after(late ? 12 : 11);
        if (kind === 'log-append') rig.own();
        else if (kind === 'copy-write') rig.write(2);
        else if (kind === 'sync') rig.mesh.emit({ kind, ...rig.mesh.node(2).at, chain: 2, bytes: 0, beganMs: 9 });
        else if (kind === 'pause') rig.pause(2);
        else if (kind === 'crash') rig.crash(2);
        else if (kind === 'settled') rig.mesh.settled();
        else rig.mesh.end();
        if (!late) expect(rig.message).toBeUndefined();
        else {
          expect(rig.checker.found).toMatchObject({ kind });
          expect(rig.message).toBe(
            'expected node 2 to have synced by 11 ms what it wrote to its log of chain 1 at 0 ms, found it not durable at 12 ms',
          );
        }
      }
    });

    it.each([1, 2])('fires for the log of chain %i', (chain) => {
      const rig = chain === 1 ? new Rig().write(2) : new Rig().own();
      rig.after(12).mesh.settled();
      expect(rig.message).toContain(
        `node 2 to have synced by 11 ms what it wrote to its log of chain ${chain} at 0 ms`,
      );
    });

    it('allows for syncs that a fault of the node makes slow', () => {
      const slow = (node: number, extraMs: number) => ({ kind: 'sync-slow', node, extraMs, forMs: 1 }) as const;
      const faults: MeshFault[] = [slow(1, 20), slow(1, 5), slow(2, 7), { kind: 'node-pause', node: 1, forMs: 9 }];
      const rig = new Rig({}, faults).write().after(36).write();
      expect(rig.message).toBeUndefined();
      expect(rig.after(1).write().message).toContain('to have synced by 36 ms');
    });

    it('says it once, of several', () => {
      const rig = new Rig().write().write(2).own().after(100);
      rig.mesh.settled();
      expect(rig.message).toContain('expected node 1');
    });

    it('forgets what died with its node', () => {
      const rig = new Rig().write().after(5).crash().after(100).boot().write().after(10).sync();
      rig.mesh.settled();
      expect(rig.message).toBeUndefined();
    });

    it('knows nothing of the syncs of an incarnation before', () => {
      expect(new Rig().write().sync().after(1).crash().boot().after(1).write().sync().message).toBeUndefined();
    });
  });

  describe('of a pause', () => {
    it('counts from the end of it', () => {
      const rig = new Rig().write().after(2).pause().after(100);
      rig.mesh.settled();
      rig.resume().after(10).sync().after(3).write().after(10).sync();
      expect(rig.message).toBeUndefined();
      const late = new Rig().write().after(2).pause().after(100).resume().after(11).sync();
      expect(late.message).toContain('to begin by 112 ms');
    });

    it.each([1, 2])('counts from the end of it in the log of chain %i', (chain) => {
      for (const lateMs of [0, 1]) {
        const rig = chain === 1 ? new Rig().write(2) : new Rig().own();
        rig
          .pause(2)
          .after(100)
          .resume(2)
          .after(10 + lateMs);
        if (chain === 1) rig.sync(2);
        else rig.ownSync();
        if (lateMs === 0) expect(rig.message).toBeUndefined();
        else expect(rig.message).toContain(`to begin by 110 ms to sync what it wrote to its log of chain ${chain}`);
      }
    });

    it('fires for what is not synced at all after it', () => {
      const rig = new Rig().pause().after(5).resume().write().after(12);
      rig.mesh.settled();
      expect(rig.message).toContain('to have synced by 16 ms what it wrote to its log of chain 1 at 5 ms');
    });

    it('may be followed by a first sync out of time, and by the next in time', () => {
      const rig = new Rig().pause().after(1).resume().write().after(2).sync().after(7).write().sync();
      expect(rig.message).toBeUndefined();
      expect(rig.after(9).write().sync().message).toContain('found syncs that began at 10 ms and at 19 ms');
    });

    it('takes nothing from what is due later', () => {
      expect(new Rig().after(3).write().pause().resume().after(10).sync().message).toBeUndefined();
      expect(new Rig().after(3).write().pause().resume().after(11).sync().message).toContain('to begin by 13 ms');
    });

    it('may be followed by a sync out of time, and by the next in time, which is sooner than syncEvery', () => {
      const rig = new Rig().after(10).write().sync().after(3).write().pause().after(15).resume().sync();
      rig.after(2).write().sync().after(10).write().sync();
      expect(rig.message).toBeUndefined();
      expect(rig.after(9).write().sync().message).toContain('found syncs that began at 40 ms and at 49 ms');
    });
  });

  describe('of a sync that takes longer than syncEvery', () => {
    it('may be followed by one out of time, and by the next in time', () => {
      const rig = new Rig({ sync: { minMs: 0, maxMs: 50 } }).write().after(25).write().sync(1, 15, 1);
      rig.after(1).sync().after(4).write().sync().after(10).write().sync();
      expect(rig.message).toBeUndefined();
      expect(rig.after(9).write().sync().message).toContain('found syncs that began at 40 ms and at 49 ms');
    });

    it('may delay the syncs of other logs that were written while it ran, from its end on', () => {
      const slow = { sync: { minMs: 0, maxMs: 50 } };
      const rig = new Rig(slow).own().after(10).write(2).after(15).ownSync(15).after(10).sync(2);
      expect(rig.message).toBeUndefined();
      const late = new Rig(slow).own().after(10).write(2).after(15).ownSync(15).after(11).sync(2);
      expect(late.message).toContain('to begin by 35 ms');
      const own = new Rig(slow).write(2).after(10).own().after(15).sync(2, 15).after(10).ownSync();
      expect(own.message).toBeUndefined();
      const lateOwn = new Rig(slow).write(2).after(10).own().after(15).sync(2, 15).after(11).ownSync();
      expect(lateOwn.message).toContain('to begin by 35 ms');
    });

    it('does not delay those of logs that were written before it began', () => {
      const slow = { sync: { minMs: 0, maxMs: 50 } };
      const rig = new Rig(slow).own().after(9).write(2).after(16).ownSync(15).sync(2);
      expect(rig.message).toContain('to begin by 19 ms');
    });

    it('does not excuse the next when it takes a millisecond less', () => {
      const slow = { sync: { minMs: 0, maxMs: 50 } };
      const rig = new Rig(slow).write().after(19).sync(1, 9).write().after(1).sync().after(5).write().sync();
      expect(rig.message).toContain('found syncs that began at 20 ms and at 25 ms');
      const long = new Rig(slow).write().after(20).sync(1, 10).write().sync().after(5).write().sync();
      expect(long.message).toBeUndefined();
    });
  });

  describe('with syncEvery 0', () => {
    const within = { syncEveryMs: 0 };

    it('holds when each call syncs what it writes', () => {
      const rig = new Rig(within);
      for (let i = 0; i < 3; i++) {
        rig.mesh.before('log-append', () => {
          rig.sync(1, 0, 0);
        });
        rig.write().write(2).sync(2).after(i);
      }
      rig.crash();
      rig.mesh.end();
      expect(rig.message).toBeUndefined();
    });

    it('fires when an append to the own log has returned and left something', () => {
      const rig = new Rig(within).write();
      expect(rig.checker.found).toMatchObject({ kind: 'log-append' });
      expect(rig.message).toBe(
        'expected node 1 to sync what it writes to its log of chain 1 within the call, found 0 of 5 bytes durable',
      );
    });

    it('fires for the log of the last chain, too', () => {
      expect(new Rig(within).own().message).toContain('to its log of chain 2 within the call, found 0 of');
    });

    it.each(['log-append', 'copy-write', 'crash', 'the end'])('sees at %s what a copy has left', (kind) => {
      const rig = new Rig(within).write(2).sync(2).write(2);
      expect(rig.message).toBeUndefined();
      if (kind === 'log-append') rig.own();
      else if (kind === 'copy-write') rig.write(2);
      else if (kind === 'crash') rig.crash(2);
      else rig.mesh.end();
      expect(rig.checker.found).toMatchObject({ kind });
      expect(rig.message).toContain('its log of chain 1 within the call, found 5 of 10 bytes durable');
    });

    it('does not look at times', () => {
      const rig = new Rig(within).write(2).after(50).sync(2).write(2).sync(2, 20);
      rig.mesh.settled();
      expect(rig.message).toBeUndefined();
    });
  });
});
