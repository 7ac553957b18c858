import { describe, expect, it } from 'vitest';
import type { MeshConfig } from '../../scenario/scenario.ts';
import { FRAME_EXTRA_BYTES } from '../model/wire/frames.ts';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { reRequest } from './re-request.ts';

/** Node 2 copies the chain of node 1, whose first entry is 0; requests are repeated after 100 ms. */
class Rig {
  readonly mesh: FakeMesh;
  readonly judge: ReturnType<FakeMesh['judge']>;

  constructor(config: Partial<MeshConfig> = {}) {
    this.mesh = new FakeMesh(config);
    this.judge = this.mesh.judge(reRequest);
    this.mesh.start();
  }

  get message(): string | undefined {
    return this.judge.found?.message;
  }

  /** Node 1 writes so many entries of 7 bytes, synced or not. */
  write(entries: number, synced = true): this {
    const node = this.mesh.node(1);
    for (let i = 0; i < entries; i++) node.fresh(node.submit(`k${this.mesh.events.length}`), { is: 'ok' });
    return synced ? this.sync(1, node.chain(1).bytes().length) : this;
  }

  /** So much of the node's file of chain 1 is durable. */
  sync(node: number, bytes: number): this {
    this.mesh.emit({ kind: 'sync', ...this.mesh.node(node).at, chain: 1, bytes, beganMs: this.mesh.nowMs });
    return this;
  }

  /** Node 2 asks for chain 1. */
  ask(seq: number, to = 1): this {
    this.mesh.emit({ kind: 'send', from: 2, to, message: 'request', chain: 1, seq: BigInt(seq), fate: 'sent' });
    return this;
  }

  /** Node 1 has a request of node 2 for its chain. */
  asked(seq: number, accepted = true): this {
    const message = { from: 2, to: 1, message: 'request', chain: 1, seq: BigInt(seq) } as const;
    this.mesh.emit({ kind: 'deliver', ...message, damaged: false, accepted, frame: null });
    return this;
  }

  send(...seqs: number[]): this {
    const message = { from: 1, to: 2, message: 'entry', chain: 1, fate: 'sent' } as const;
    for (const seq of seqs) this.mesh.emit({ kind: 'send', ...message, seq: BigInt(seq) });
    return this;
  }

  /** An entry comes to node 2, and is not folded. */
  arrive(
    seq: number,
    how: { readonly damaged?: boolean; readonly accepted?: boolean; readonly from?: number } = {},
  ): this {
    const { damaged = false, accepted = true, from = 1 } = how;
    const message = { from, to: 2, message: 'entry', chain: 1, seq: BigInt(seq) } as const;
    this.mesh.emit({ kind: 'deliver', ...message, damaged, accepted, frame: null });
    return this;
  }

  /** Node 2 stores and folds the next so many entries. */
  store(entries = 1, synced = false): this {
    const { mesh } = this;
    const node = mesh.node(2);
    const copy = node.chain(1);
    for (let i = 0; i < entries; i++) {
      const payload = mesh.node(1).chain(1).stored[copy.stored.length] ?? Uint8Array.of(0);
      const bytes = payload.length + FRAME_EXTRA_BYTES;
      const end = copy.bytes().length + bytes;
      mesh.emit({ kind: 'copy-write', ...node.at, chain: 1, bytes, end });
      if (synced) this.sync(2, end);
      node.fold(1, payload, false);
    }
    return this;
  }

  /** The next entry is stored without a write. */
  unwritten(): this {
    this.mesh.spoil('copy-write', () => null);
    return this;
  }

  /** Node 2 crashes and starts again with so many entries of chain 1. */
  restart(kept: number): this {
    this.mesh.crash(2, 0);
    this.mesh.node(2).chain(1).stored.length = kept;
    this.mesh.boot();
    return this;
  }

  pause(node: number): this {
    this.mesh.emit({ kind: 'pause', ...this.mesh.node(node).at });
    return this;
  }

  resume(node: number): this {
    this.mesh.emit({ kind: 'resume', ...this.mesh.node(node).at });
    return this;
  }

  /** Node 1 asks for chain 2, as it may after a damaged message: so it is always in time and never too soon. */
  other(): this {
    const damaged = { from: 2, to: 1, message: 'entry', chain: 2, seq: 0n, damaged: true } as const;
    this.mesh.emit({ kind: 'deliver', ...damaged, accepted: true, frame: null });
    this.mesh.ask(1);
    return this;
  }

  after(ms: number): this {
    this.mesh.after(ms);
    return this;
  }
}

describe('re-request', () => {
  it('holds when replicas ask, are sent what there is, in order, and ask again in time', () => {
    const rig = new Rig();
    rig.other().ask(0).after(1).asked(0).write(3).send(0, 1, 2);
    rig.after(1).arrive(1).arrive(0).store(2).arrive(2).store();
    rig.after(98).other();
    rig.after(2).ask(3).after(3).asked(3).write(1).send(3);
    rig.after(95).other();
    rig.after(2).ask(3).after(1).asked(3).send(3).arrive(3).store();
    rig.mesh.settled();
    rig.mesh.end();
    expect(rig.message).toBeUndefined();
  });

  describe('of the requests', () => {
    it('fires when another node than the writer is asked', () => {
      const rig = new Rig({ nodes: 3, codecs: ['msgpack', 'msgpack', 'msgpack'] });
      expect(rig.ask(0, 3).message).toBe(
        'expected node 2 to ask node 1 for chain 1, which it writes, found it asking node 3',
      );
    });

    it.each([
      ['an entry that it holds', 1],
      ['an entry after the one it lacks', 3],
      ['all entries', 0],
    ])('fires when one asks for %s', (_what, seq) => {
      const rig = new Rig().write(3).arrive(0).store(2).ask(seq);
      expect(rig.judge.found).toMatchObject({ kind: 'send' });
      expect(rig.message).toBe(
        `expected node 2 to ask for chain 1 from entry 2 on, found it asking from entry ${seq} on`,
      );
    });

    it('fires when one that holds nothing asks for another entry than the first, written or not yet', () => {
      expect(new Rig().write(1).ask(1).message).toContain('from entry 0 on, found it asking from entry 1 on');
      expect(new Rig().ask(1).write(1).after(100).other().ask(1).message).toContain('from entry 0 on, found it asking');
      expect(new Rig().ask(0).after(100).other().ask(1).message).toContain('from entry 0 on, found it asking');
      expect(new Rig().ask(1).after(100).other().ask(2).message).toContain('from entry 1 on, found it asking');
    });

    it('asks for what comes after the newest that was rebuilt', () => {
      for (const [seq, found] of [
        [2, undefined],
        [1, 'from entry 2 on, found it asking from entry 1 on'],
      ] as const) {
        const rig = new Rig().write(3).store(2).restart(2).ask(seq);
        if (found === undefined) expect(rig.message).toBeUndefined();
        else expect(rig.message).toContain(found);
      }
    });

    it('fires when a restarted replica has lost what was synced, and not for what was not', () => {
      for (const [kept, bytes] of [
        [2, 3],
        [1, 3],
        [1, 2],
        [0, 1],
      ] as const) {
        const rig = new Rig().write(3);
        const end = rig.mesh.node(1).chain(1).endOf(bytes);
        rig.store(3).sync(2, end - (kept === 2 ? 1 : 0));
        rig.restart(kept).ask(kept);
        if (kept === 2) expect(rig.message).toBeUndefined();
        else {
          expect(rig.message).toBe(
            `expected node 2 to hold entry ${bytes - 1} of chain 1, which was synced before it crashed, found it asking for entry ${kept} after ${kept === 0 ? 'none' : 'entry 0'}`,
          );
        }
      }
    });

    it('fires when what was synced within the call is lost', () => {
      const rig = new Rig().write(2).store(2, true).restart(1);
      expect(rig.ask(1).message).toContain('to hold entry 1 of chain 1, which was synced before it crashed');
    });

    it.each([0, 1])(
      'fires when the first entry is lost, which was synced later or within the call, if its seq is %i',
      (seq) => {
        for (const within of [false, true]) {
          const rig = new Rig().ask(seq);
          rig.mesh.spoil('fold', (event) => ({ ...event, seq: BigInt(seq) }));
          rig.store(1, within);
          if (!within) rig.sync(2, 100);
          expect(rig.restart(0).ask(seq).message).toContain(`to hold entry ${seq} of chain 1, which was synced before`);
        }
      },
    );

    it('does not fire for entries of which none was synced', () => {
      expect(new Rig().write(2).store(2).restart(0).ask(0).message).toBeUndefined();
    });

    it('does not fire for an entry that was not seen to be written', () => {
      for (const before of [0, 1]) {
        const rig = new Rig().write(2).store(before).unwritten().store().sync(2, 100).restart(before);
        expect(rig.ask(before).message).toBeUndefined();
      }
    });

    it('does not take the last write before a crash for that of an entry after it', () => {
      const rig = new Rig().write(1);
      rig.mesh.emit({ kind: 'copy-write', ...rig.mesh.node(2).at, chain: 1, bytes: 8, end: 8 });
      rig.restart(0).unwritten().store().sync(2, 100).restart(0);
      expect(rig.ask(0).message).toBeUndefined();
    });

    it('fires when an entry is lost that was synced, and then stored once more', () => {
      const rig = new Rig().write(2).store(2, true);
      rig.mesh.spoil('fold', (event) => ({ ...event, seq: 1n }));
      rig.store().restart(1);
      expect(rig.ask(1).message).toContain('to hold entry 1 of chain 1, which was synced before it crashed');
    });

    it('says nothing of a node that asks itself and sends itself what it has', () => {
      const rig = new Rig().write(2);
      const self = { from: 1, to: 1, chain: 1, seq: 1n } as const;
      const delivered = { kind: 'deliver', ...self, damaged: false, accepted: true, frame: null } as const;
      rig.mesh.emit({ kind: 'send', ...self, message: 'request', fate: 'sent' });
      rig.mesh.emit({ ...delivered, message: 'request' });
      rig.after(1);
      for (let times = 0; times < 2; times++) {
        rig.mesh.emit({ kind: 'send', ...self, message: 'entry', fate: 'sent' });
        rig.mesh.emit({ ...delivered, message: 'entry' });
      }
      expect(rig.message).toBeUndefined();
    });

    it('says nothing of what comes to a node that is down', () => {
      const rig = new Rig().write(1);
      rig.mesh.crash(2, 0);
      expect(rig.arrive(0, { accepted: false }).message).toBeUndefined();
    });
  });

  describe('of their times', () => {
    /** Node 2 has asked at 0 ms and got entry 0 at 40 ms; node 1 has nothing to wait for. */
    function started(): Rig {
      return new Rig().write(2).other().ask(0).after(40).arrive(0).store().other();
    }

    it('fires at what comes first after a request was not repeated', () => {
      const rig = new Rig().other().ask(0).after(100).other();
      expect(rig.message).toBeUndefined();
      expect(rig.after(1).other().judge.found).toMatchObject({ kind: 'deliver' });
      expect(rig.message).toBe(
        'expected node 2 to ask for chain 1 by 100 ms unless it got something new of it, found neither at 101 ms',
      );
    });

    it.each(['send', 'deliver', 'fold', 'pause', 'crash', 'settled', 'the end'])(
      'sees at %s that a request was not repeated, or that none was made since the start',
      (kind) => {
        const rig = new Rig({ nodes: 2 }).write(1).after(101);
        expect(rig.message).toBeUndefined();
        if (kind === 'send') rig.send(0);
        else if (kind === 'deliver') rig.asked(0);
        else if (kind === 'fold') rig.mesh.replicate();
        else if (kind === 'pause') rig.pause(2);
        else if (kind === 'crash') rig.mesh.crash(2, 0);
        else if (kind === 'settled') rig.mesh.settled();
        else rig.mesh.end();
        expect(rig.judge.found).toMatchObject({ kind });
        expect(rig.message).toContain('to ask for chain 2 by 100 ms');
      },
    );

    it('sees at once which of several is late first, whichever node it is of', () => {
      const rig = new Rig().other().ask(0).after(90).other().after(5).arrive(0, { damaged: true }).ask(0).after(6);
      rig.mesh.settled();
      expect(rig.message).toBeUndefined();
      rig.after(90).mesh.settled();
      expect(rig.message).toContain('expected node 1 to ask for chain 2 by 190 ms');
    });

    it('counts from what was got new last', () => {
      const rig = started().after(100).other();
      expect(rig.message).toBeUndefined();
      expect(rig.after(1).other().message).toContain('by 140 ms');
    });

    it('counts from an entry that came before its turn, too', () => {
      const rig = started().after(30).arrive(2).other().after(100).other();
      expect(rig.message).toBeUndefined();
      expect(rig.after(1).other().message).toContain('by 170 ms');
    });

    it.each([
      ['a damaged one', 1, { damaged: true }],
      ['one that it holds', 0, {}],
      ['the one that it lacks, which it does not store', 1, {}],
      ['one that its buffer did not take', 2, { accepted: false }],
      ['one that the writer did not send', 2, { from: 3 }],
    ])('does not count from %s', (_what, seq, how) => {
      const rig = started().after(30).arrive(seq, how).other();
      expect(rig.after(71).other().message).toContain('by 140 ms');
    });

    it('fires when a request is repeated too soon, and not at its time', () => {
      const rig = new Rig().other().ask(0).after(99).other();
      expect(rig.ask(0).message).toBe(
        'expected node 2, which asked for entry 0 of chain 1 at 0 ms in vain, to ask again at 100 ms, found it asking at 99 ms',
      );
      expect(new Rig().other().ask(0).after(100).other().ask(0).message).toBeUndefined();
    });

    it('fires when a request is repeated in the millisecond of the first one, or of a restart', () => {
      expect(new Rig().after(1).ask(0).ask(0).message).toContain('at 1 ms in vain');
      expect(new Rig().write(1).store().restart(1).ask(1).ask(1).message).toContain('at 0 ms in vain');
    });

    it('lets one ask as soon as it got what it asked for, once', () => {
      const rig = started().ask(1);
      expect(rig.message).toBeUndefined();
      expect(rig.after(99).ask(1).message).toContain('at 40 ms in vain, to ask again at 140 ms');
    });

    it.each([
      ['a damaged message', 1, { damaged: true }],
      ['one that came before its turn', 2, {}],
      ['one that its buffer did not take', 1, { accepted: false }],
    ])('lets one ask at once for %s', (_what, seq, how) => {
      const rig = started().ask(1).after(5).arrive(seq, how).ask(1);
      expect(rig.message).toBeUndefined();
      expect(rig.after(5).ask(1).message).toContain('at 45 ms in vain');
    });

    it('lets one ask for each of several messages of a millisecond, though they came before it asked, and not later', () => {
      const damaged = { damaged: true };
      const rig = started().ask(1).after(5).arrive(1, damaged).arrive(2, damaged).ask(1).ask(1);
      expect(rig.message).toBeUndefined();
      expect(rig.after(1).ask(1).message).toContain('at 45 ms in vain');
      const paused = started().ask(1).pause(2).after(5).arrive(1, damaged).after(5).resume(2).ask(1).ask(1);
      expect(paused.message).toBeUndefined();
      expect(paused.after(1).ask(1).message).toContain('at 50 ms in vain');
      const idle = started().ask(1).after(5).pause(2).after(5).resume(2);
      expect(idle.ask(1).message).toContain('at 40 ms in vain');
    });

    it('does not let one ask for one that it holds, or from elsewhere', () => {
      expect(started().ask(1).after(5).arrive(0).ask(1).message).toContain('in vain');
      expect(started().ask(1).after(5).arrive(1, { from: 3, damaged: true }).ask(1).message).toContain('in vain');
    });

    it('takes the first entry for what one that holds nothing lacks, not for one before its turn', () => {
      for (const first of [0, 1]) {
        const rig = new Rig().other().ask(first).after(60).arrive(first).other().after(41).other();
        expect(rig.message).toContain('expected node 2 to ask for chain 1 by 100 ms');
        const early = new Rig()
          .other()
          .ask(first)
          .after(60)
          .arrive(first + 1)
          .other()
          .after(41)
          .other();
        expect(early.message).toBeUndefined();
      }
    });

    it('counts anew in each incarnation', () => {
      const rig = new Rig().other().ask(0).after(60).other();
      rig.mesh.crash(2, 0);
      rig.after(70).other();
      rig.mesh.boot();
      rig.ask(0).after(99).other();
      expect(rig.message).toBeUndefined();
      expect(rig.after(2).other().message).toContain('expected node 2 to ask for chain 1 by 230 ms');
    });

    it('is due in time after a restart though all others were silent or down', () => {
      const rig = new Rig();
      rig.other().ask(0).after(10);
      rig.mesh.crash(2, 0);
      rig.pause(1).after(500);
      rig.asked(0);
      rig.mesh.boot();
      rig.after(101).asked(0);
      expect(rig.message).toContain('expected node 2 to ask for chain 1 by 610 ms');
    });

    it('allows for a pause, after which it is due at once', () => {
      const paused = new Rig().other().ask(0).after(50).pause(2).after(49).other().after(99).other().resume(2);
      expect(paused.message).toBeUndefined();
      expect(paused.ask(0).message).toBeUndefined();
      const late = new Rig().other().ask(0).after(50).pause(2).after(49).other().after(99).other().resume(2);
      expect(late.after(1).other().message).toContain('by 198 ms');
      const short = new Rig().other().ask(0).after(50).pause(2).after(10).resume(2).after(40).other();
      expect(short.message).toBeUndefined();
      expect(short.after(1).other().message).toContain('by 100 ms');
    });

    it('counts what came early in a pause from the end of it', () => {
      const rig = started().pause(2).after(90).arrive(2).other().after(60).resume(2).other();
      expect(rig.after(100).other().message).toBeUndefined();
      expect(rig.after(1).other().message).toContain('by 290 ms');
      const again = started().pause(2).after(90).arrive(2).other().after(60).resume(2).ask(1).other().after(50);
      expect(again.pause(2).after(40).resume(2).other().after(11).other().message).toContain('by 290 ms');
    });
  });

  describe('of what is sent', () => {
    it('fires when an entry leaves before it is synced', () => {
      const rig = new Rig().write(1).write(1, false).asked(0).send(0);
      expect(rig.message).toBeUndefined();
      expect(rig.send(1).message).toBe(
        'expected node 1 to send only what is synced of its chain, found it sending entry 1 to node 2',
      );
    });

    it('fires when an entry leaves that was never written', () => {
      expect(new Rig().write(1).asked(0).send(0, 1).message).toContain('found it sending entry 1 to node 2');
    });

    it('takes for synced what a crash left', () => {
      for (const [seq, found] of [
        [1, undefined],
        [2, 'to send only what is synced'],
      ] as const) {
        const rig = new Rig().write(1).write(2, false);
        const kept = rig.mesh.node(1).chain(1).endOf(2);
        rig.mesh.spoil('crash', (event) => ({ ...event, kept }));
        rig.mesh.crash(1, 2);
        rig.mesh.boot();
        rig.asked(0).send(0, 1);
        expect(rig.message).toBeUndefined();
        if (seq === 2) expect(rig.send(2).message).toContain(found);
      }
    });

    it('says nothing of what other nodes send of a chain', () => {
      const rig = new Rig().write(1, false);
      rig.mesh.emit({ kind: 'send', from: 2, to: 1, message: 'entry', chain: 1, seq: 0n, fate: 'sent' });
      expect(rig.message).toBeUndefined();
    });

    it.each([
      ['an entry again', [0, 1, 1], '2'],
      ['an entry out of turn', [0, 2], '1'],
      ['what was not asked for', [2], '0'],
    ])('fires when it is %s', (_what, seqs, expected) => {
      const rig = new Rig()
        .write(3)
        .asked(0)
        .after(1)
        .send(...seqs);
      expect(rig.judge.found).toMatchObject({ kind: 'send', event: rig.mesh.events.length });
      expect(rig.message).toBe(
        `expected node 1 to send entry ${expected} of its chain to node 2 next, found it sending entry ${seqs.at(-1)}`,
      );
    });

    it('begins again with each request that was taken, and with no other', () => {
      const rig = new Rig()
        .write(3)
        .asked(0)
        .after(1)
        .send(0, 1, 2)
        .asked(1)
        .after(1)
        .send(1, 2)
        .asked(0, false)
        .after(1);
      expect(rig.message).toBeUndefined();
      expect(rig.send(0).message).toContain('to send entry 3 of its chain');
    });

    it('does not begin again with a request for another chain', () => {
      const rig = new Rig().write(3).asked(0).after(1).send(0, 1, 2);
      const request = { from: 2, to: 1, message: 'request', chain: 2, seq: 0n } as const;
      rig.mesh.emit({ kind: 'deliver', ...request, damaged: false, accepted: true, frame: null });
      expect(rig.after(1).send(0).message).toContain('to send entry 3 of its chain');
    });

    it('sends each follower what that one asked for', () => {
      const rig = new Rig({ nodes: 3, codecs: ['msgpack', 'msgpack', 'msgpack'] }).write(3);
      const to3 = { from: 1, to: 3, message: 'entry', chain: 1, fate: 'sent' } as const;
      const of3 = { from: 3, to: 1, message: 'request', chain: 1 } as const;
      rig.asked(0).after(1).send(0, 1);
      rig.mesh.emit({ kind: 'deliver', ...of3, seq: 1n, damaged: false, accepted: true, frame: null });
      rig.after(1).send(2);
      rig.mesh.emit({ kind: 'send', ...to3, seq: 1n });
      expect(rig.message).toBeUndefined();
      rig.mesh.emit({ kind: 'send', ...to3, seq: 1n });
      expect(rig.message).toContain('to send entry 2 of its chain to node 3 next');
    });

    it('knows nothing of what an incarnation before was asked for', () => {
      const rig = new Rig().write(3).asked(0).after(1).send(0);
      rig.mesh.spoil('crash', (event) => ({ ...event, kept: 1000 }));
      rig.mesh.crash(1, 3);
      rig.mesh.boot();
      expect(rig.asked(2).after(1).send(2).message).toBeUndefined();
    });

    it('looks at no request in a pause', () => {
      const rig = new Rig().write(4).asked(0).after(1).send(0).pause(1).after(5).asked(0).after(5).resume(1).send(1, 0);
      expect(rig.message).toBeUndefined();
      expect(rig.after(1).send(0).message).toContain('to send entry 1 of its chain');
      const several = new Rig().write(4).asked(0).after(1).send(0).pause(1);
      several.after(5).asked(0).after(5).asked(3).after(5).resume(1).send(1, 0, 3);
      expect(several.message).toBeUndefined();
    });

    it('looks at the requests of a pause in the millisecond in which it ends', () => {
      const rig = new Rig().write(2).asked(0).after(1).send(0).pause(1).after(5).asked(0).after(5).resume(1).after(1);
      expect(rig.send(1).message).toContain('to send entry 0 of its chain');
    });
  });
});
