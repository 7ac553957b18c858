import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { cadence } from './cadence.ts';

function setup() {
  const mesh = new FakeMesh();
  const checker = mesh.checker(cadence);
  mesh.start();
  const node = mesh.node(1);
  const sync = () => mesh.emit({ kind: 'sync-begin', ...node.at, chain: 1 });
  const pause = () => mesh.emit({ kind: 'pause', ...node.at });
  const resume = () => mesh.emit({ kind: 'resume', ...node.at });
  return { mesh, checker, node, sync, pause, resume };
}

describe('ticks', () => {
  it('keep to the times counted from the start, over a pause, which is made up for once', () => {
    const { mesh, checker, node, pause, resume } = setup();
    mesh.after(500);
    node.tick();
    mesh.after(400);
    pause();
    mesh.after(700);
    resume();
    node.tick();
    mesh.after(400);
    node.tick();
    expect([mesh.nowMs, checker.found]).toEqual([2000, null]);
    mesh.after(499);
    node.tick();
    expect(checker.found?.message).toContain('every 500 ms from 0 ms on, found a tick at 2499 ms');
  });

  it('do not begin to count anew with a pause, nor come twice at a resumption', () => {
    const drifting = setup();
    drifting.mesh.after(400);
    drifting.pause();
    drifting.mesh.after(200);
    drifting.resume();
    drifting.node.tick();
    expect(drifting.checker.found).toBeNull();
    drifting.node.tick();
    expect(drifting.checker.found?.message).toContain('and another one');
  });

  it('may count from the resumption where the node was paused in the millisecond of its start, but then on', () => {
    const { mesh, checker, node, pause, resume } = setup();
    pause();
    mesh.after(30);
    resume();
    mesh.after(500);
    node.tick();
    expect(checker.found).toBeNull();
    mesh.after(470);
    node.tick();
    expect(checker.found?.message).toContain('found a tick at 1000 ms');
  });

  it('come once more when the node is told to stop, beside the one that is due then, and never again', () => {
    for (const [afterMs, ticks] of [
      [1300, 1],
      [1500, 2],
    ] as const) {
      const { mesh, checker, node } = setup();
      for (const ms of [500, 500]) {
        mesh.after(ms);
        node.tick();
      }
      mesh.after(afterMs - 1000);
      mesh.emit({ kind: 'stop', ...node.at });
      for (let i = 0; i < ticks; i++) node.tick();
      expect([afterMs, checker.found]).toEqual([afterMs, null]);
      node.tick();
      expect(checker.found?.message).toContain(`told to stop at ${afterMs} ms, to tick once more then and never again`);
    }
  });

  it('say what they handed over', () => {
    const { mesh, checker, node } = setup();
    for (const op of ['a', 'b', 'c']) node.collect(op);
    mesh.after(500);
    node.enqueue(1n);
    node.enqueue(2n, 'full');
    node.enqueue(3n, 'closed');
    mesh.spoil('append-log', (event) => ({ ...event, record: { ...event.record, message: 'tick' } }));
    node.tick();
    expect(checker.found?.message).toContain(
      "to log 'tick: 1 handed over, 1 dropped (queue full), 1 refused (queue closed)' at 500 ms",
    );
  });
});

describe('syncs', () => {
  it('begin at multiples of syncEvery from the start, or at a resumption that follows one', () => {
    const { mesh, checker, sync, pause, resume } = setup();
    mesh.after(20);
    sync();
    pause();
    mesh.after(15);
    resume();
    sync();
    mesh.after(5);
    sync();
    expect([mesh.nowMs, checker.found]).toEqual([40, null]);
    mesh.after(15);
    sync();
    expect(checker.found?.message).toContain('multiples of 10 ms from 0 ms on');
  });

  it('count from when they began, whatever pauses there are before they end', () => {
    const { mesh, checker, node, sync, pause, resume } = setup();
    mesh.after(5);
    pause();
    mesh.after(8);
    resume();
    sync();
    mesh.after(2);
    pause();
    mesh.after(1);
    resume();
    mesh.emit({ kind: 'sync', ...node.at, chain: 1, bytes: 1, beganMs: 13 });
    expect([mesh.nowMs, checker.found]).toEqual([16, null]);
  });
});
