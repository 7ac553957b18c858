import { describe, expect, it } from 'vitest';
import type { SendOutcome } from '../../../src/runtime/port.ts';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { handOver } from './hand-over.ts';

/** Node 1 starts at 0 ms. */
function setup() {
  const mesh = new FakeMesh();
  const node = mesh.node(1);
  const checker = mesh.checker(handOver);
  mesh.emit({ kind: 'boot', ...node.at, entries: 0 });
  return { mesh, node, checker };
}

function pause(mesh: FakeMesh): void {
  mesh.emit({ kind: 'pause', ...mesh.node(1).at });
}

function resume(mesh: FakeMesh): void {
  mesh.emit({ kind: 'resume', ...mesh.node(1).at });
}

/** Node 1 ticks at each of these times. */
function tickAt(mesh: FakeMesh, ...timesMs: readonly number[]): void {
  for (const timeMs of timesMs) {
    mesh.nowMs = timeMs;
    mesh.node(1).tick();
  }
}

describe('hand-over', () => {
  it('holds when every tick hands over what was collected, whatever becomes of it, and writes its line', () => {
    const { mesh, node, checker } = setup();
    for (const outcome of ['sent', 'full', 'closed'] as const satisfies readonly SendOutcome[]) {
      mesh.after(250);
      node.collect(`a ${outcome}`);
      node.askLog('asked for');
      node.audit('op');
      mesh.emit({ kind: 'clock-jump', ...node.at, byMs: -60_000 });
      node.collect(`b ${outcome}`);
      mesh.after(250);
      node.tick(outcome);
    }
    tickAt(mesh, 2000, 2500);
    mesh.after(499);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('lets what comes in the millisecond of a tick go before it or after it', () => {
    const { mesh, node, checker } = setup();
    mesh.after(500);
    node.collect('k1');
    node.tick();
    node.collect('k2');
    node.askLog('asked for');
    tickAt(mesh, 1000);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('lets a tick that has begun leave what is collected only then to the next one', () => {
    const { mesh, node, checker } = setup();
    node.collect('k1');
    node.collect('k2');
    mesh.after(500);
    node.enqueue(1n);
    node.collect('k3');
    node.enqueue(2n);
    node.log('tick');
    tickAt(mesh, 1000);
    expect(checker.found).toBeNull();
    expect(mesh.events.at(-2)).toMatchObject({ kind: 'enqueue', id: 3n });
  });

  it('counts from the start of each incarnation', () => {
    const { mesh, node, checker } = setup();
    tickAt(mesh, 500);
    mesh.after(200);
    node.collect('lost');
    mesh.crash(1, 0);
    mesh.after(100);
    mesh.boot();
    mesh.node(1).collect('k1');
    tickAt(mesh, 1300, 1800);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('leaves a node alone that dies in the millisecond of its tick, or stays down', () => {
    const { mesh, checker } = setup();
    mesh.after(500);
    mesh.crash(1, 0);
    mesh.after(5000);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it.each([
    ['one for all, and goes on at the old times', [2300, 2500, 3000, 3500]],
    ['one for all, and goes on from there', [2300, 2800, 3300, 3800]],
    ['each, and goes on at the old times', [2300, 2300, 2300, 2500, 3000]],
  ])('holds when a paused node handles the ticks it missed: %s', (_how, ticksMs) => {
    const { mesh, node, checker } = setup();
    tickAt(mesh, 500, 1000);
    pause(mesh);
    mesh.nowMs = 2300;
    resume(mesh);
    node.collect('k1');
    tickAt(mesh, ...ticksMs);
    mesh.after(499);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('holds when a node is paused again and again', () => {
    const { mesh, checker } = setup();
    mesh.nowMs = 500;
    pause(mesh);
    mesh.nowMs = 510;
    resume(mesh);
    // Paused again before it could do anything.
    pause(mesh);
    mesh.nowMs = 990;
    resume(mesh);
    tickAt(mesh, 990);
    pause(mesh);
    mesh.nowMs = 1010;
    resume(mesh);
    tickAt(mesh, 1010, 1500, 2000);
    mesh.nowMs = 2100;
    pause(mesh);
    mesh.nowMs = 9000;
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it.each([
    ['counts from its start', [500, 1000]],
    ['starts its loop when it resumes', [705, 1205]],
  ])('holds when a node that was paused in the millisecond of its start %s', (_how, ticksMs) => {
    const { mesh, node, checker } = setup();
    pause(mesh);
    mesh.nowMs = 100;
    resume(mesh);
    pause(mesh);
    mesh.nowMs = 205;
    resume(mesh);
    node.collect('k1');
    tickAt(mesh, ...ticksMs);
    expect(checker.found).toBeNull();
    mesh.after(501);
    mesh.end();
    expect(checker.found).not.toBeNull();
  });

  it.each([
    ['at once', [900, 1000, 1500]],
    ['500 ms later', [1400, 1900, 2400]],
  ])('holds when such a node resumes after its first tick was due and ticks %s', (_how, ticksMs) => {
    const { mesh, checker } = setup();
    pause(mesh);
    mesh.nowMs = 900;
    resume(mesh);
    tickAt(mesh, ...ticksMs);
    mesh.after(499);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('fires when such a node has not ticked 500 ms after it resumed', () => {
    const { mesh, checker } = setup();
    pause(mesh);
    mesh.nowMs = 205;
    resume(mesh);
    tickAt(mesh, 706);
    expect(checker.found?.message).toContain('a line at 705 ms at the latest, found neither by 706 ms');
  });

  it('fires when a node that is paused later counts from its resumption', () => {
    const { mesh, checker } = setup();
    mesh.nowMs = 1;
    pause(mesh);
    mesh.nowMs = 205;
    resume(mesh);
    tickAt(mesh, 705);
    expect(checker.found?.message).toContain('a line at 500 ms at the latest, found neither by 705 ms');
  });

  it.each([501, 520, 1000])('fires when the first tick comes at %i ms', (atMs) => {
    const { mesh, checker } = setup();
    tickAt(mesh, atMs);
    expect(checker.found).toMatchObject({ kind: 'append-log' });
    expect(checker.found?.message).toBe(
      `expected node 1 (incarnation 0) to hand over what it collected and to log a line at 500 ms at the latest, found neither by ${atMs} ms`,
    );
  });

  it('fires when a later tick is late, at what the loop does first', () => {
    for (const first of ['take', 'enqueue', 'append-log'] as const) {
      const { mesh, node, checker } = setup();
      tickAt(mesh, 500);
      mesh.nowMs = first === 'append-log' ? 1020 : 900;
      if (first !== 'append-log') node.collect('k1');
      mesh.nowMs = 1020;
      if (first === 'take') node.collect('k2');
      node.tick();
      expect(checker.found).toMatchObject({ kind: first });
      expect(checker.found?.message).toContain('a line at 1000 ms at the latest, found neither by 1020 ms');
    }
  });

  it.each(['pause', 'crash', 'the end'] as const)('fires when a tick has not come by the time of %s', (what) => {
    const { mesh, checker } = setup();
    mesh.nowMs = 501;
    if (what === 'pause') pause(mesh);
    else if (what === 'crash') mesh.crash(1, 0);
    else mesh.end();
    expect(checker.found).toMatchObject({ kind: what });
    expect(checker.found?.message).toContain('found neither by 501 ms');
  });

  it('fires when a tick comes too early', () => {
    const { mesh, checker } = setup();
    tickAt(mesh, 500, 999);
    expect(checker.found?.message).toBe(
      "expected no log record of node 1 (incarnation 0) that nobody asked for before its tick at 1000 ms, found 'tick: 0 handed over, 0 dropped (queue full), 0 refused (queue closed)' at 999 ms",
    );
  });

  it('fires when something is handed over between ticks', () => {
    const { mesh, node, checker } = setup();
    tickAt(mesh, 500);
    mesh.nowMs = 700;
    node.submit('k1');
    expect(checker.found).toMatchObject({ kind: 'enqueue' });
    expect(checker.found?.message).toBe(
      'expected node 1 (incarnation 0) to hand nothing over before its tick at 1000 ms, found action 1 handed over at 700 ms',
    );
  });

  it('fires when something is handed over at a second turn in the millisecond of a tick', () => {
    const { mesh, node, checker } = setup();
    tickAt(mesh, 500);
    node.submit('k1');
    expect(checker.found?.message).toContain('before its tick at 1000 ms, found action 1 handed over at 500 ms');
  });

  it('fires when a tick leaves something behind', () => {
    for (const handed of [0n, 1n]) {
      const { mesh, node, checker } = setup();
      node.collect('k1');
      node.collect('k2');
      mesh.nowMs = 500;
      if (handed > 0n) node.enqueue(handed);
      node.log('tick');
      expect(checker.found).toMatchObject({ kind: 'append-log' });
      expect(checker.found?.message).toBe(
        `expected node 1 (incarnation 0) to have handed over all 2 actions collected when it logged the line of its tick at 500 ms, found only ${handed} handed over`,
      );
    }
  });

  it.each([
    ['twice', [1n, 1n], 2],
    ['out of turn', [2n, 1n], 1],
  ] as const)('fires when an action is handed over %s', (_how, ids, next) => {
    const { mesh, node, checker } = setup();
    node.collect('k1');
    node.collect('k2');
    mesh.nowMs = 500;
    for (const id of ids) node.enqueue(id);
    expect(checker.found).toMatchObject({ kind: 'enqueue' });
    expect(checker.found?.message).toContain(`the order of their ids and each once, next ${next}, found action`);
  });

  it('fires when a tick hands over without a line, as soon as the loop goes on later', () => {
    const { mesh, node, checker } = setup();
    node.collect('k1');
    mesh.nowMs = 500;
    node.enqueue(1n);
    node.collect('k2');
    expect(checker.found).toBeNull();
    mesh.nowMs = 501;
    node.collect('k3');
    expect(checker.found).toMatchObject({ kind: 'take' });
    expect(checker.found?.message).toBe(
      'expected node 1 (incarnation 0) to log a line when it handed over what it collected, at 500 ms, found none by 501 ms',
    );
  });

  it.each([
    ['level info', { level: 'info', daemonId: null }, 'of level info and no daemon'],
    ['a daemon', { level: 'debug', daemonId: 0n }, 'of level debug and daemon 0'],
  ] as const)('fires when the line of a tick has %s', (_what, wrong, found) => {
    const { mesh, checker } = setup();
    mesh.spoil('append-log', (event) => ({ ...event, record: { ...event.record, ...wrong } }));
    tickAt(mesh, 500);
    expect(checker.found?.message).toBe(
      `expected the line of the tick of node 1 (incarnation 0) at 500 ms to be of level debug and no daemon, found 'tick: 0 handed over, 0 dropped (queue full), 0 refused (queue closed)' ${found}`,
    );
  });

  it('fires when a tick writes a second line, or the loop one more than was asked for', () => {
    for (const asked of [false, true]) {
      const { mesh, node, checker } = setup();
      tickAt(mesh, 500);
      if (asked) node.askLog('asked for');
      expect(checker.found).toBeNull();
      node.log('2 dropped');
      expect(checker.found?.message).toContain("before its tick at 1000 ms, found '2 dropped' at 500 ms");
    }
  });

  it('does not take the line of a tick for a record that was asked for and never made', () => {
    const { mesh, node, checker } = setup();
    node.collect('k1');
    mesh.emit({ kind: 'take', ...node.at, op: 'l1', input: 'log' });
    tickAt(mesh, 500, 1000);
    expect(checker.found).toBeNull();
    mesh.emit({ kind: 'take', ...node.at, op: 'l2', input: 'log' });
    node.collect('k2');
    node.log('nobody asked');
    expect(checker.found?.message).toContain("before its tick at 1500 ms, found 'nobody asked' at 1000 ms");
  });

  describe('after a pause', () => {
    /** Paused from 1100 ms to 2300 ms. */
    function resumed() {
      const all = setup();
      const { mesh } = all;
      tickAt(mesh, 500, 1000);
      mesh.nowMs = 1100;
      pause(mesh);
      mesh.nowMs = 2300;
      resume(mesh);
      return all;
    }

    it('fires when the node does not handle at once the ticks it missed', () => {
      const { mesh, checker } = resumed();
      tickAt(mesh, 2301);
      expect(checker.found?.message).toContain('a line at 2300 ms at the latest, found neither by 2301 ms');
    });

    it('fires when it does not tick again within 500 ms', () => {
      const { mesh, checker } = resumed();
      tickAt(mesh, 2300, 2801);
      expect(checker.found?.message).toContain('a line at 2800 ms at the latest, found neither by 2801 ms');
    });

    it.each([2999, 3001])('fires when it then ticks at 2500 ms and next at %i ms', (atMs) => {
      const { mesh, checker } = resumed();
      tickAt(mesh, 2300, 2500);
      expect(checker.found).toBeNull();
      tickAt(mesh, atMs);
      expect(checker.found?.message).toContain('3000 ms');
    });

    it.each([1999, 2001])('keeps to the old times if none was missed: fires at %i ms', (atMs) => {
      const { mesh, checker } = setup();
      tickAt(mesh, 500, 1000);
      mesh.nowMs = 1100;
      pause(mesh);
      mesh.nowMs = 1500;
      resume(mesh);
      tickAt(mesh, 1500);
      expect(checker.found).toBeNull();
      tickAt(mesh, atMs);
      expect(checker.found?.message).toContain('2000 ms');
    });
  });

  it('holds when an action says, from hand-over to dispatch, when it was taken out of the inbox', () => {
    const mesh = new FakeMesh();
    const checker = mesh.checker(handOver);
    const node = mesh.node(1);
    mesh.start();
    mesh.after(300);
    node.collect('k1');
    mesh.wallOffsetMs -= 5000;
    mesh.after(200);
    node.tick();
    node.fresh(1n, { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('fires when an action says that it was emitted at another time, to the queue or to the dispatcher', () => {
    for (const [kind, how] of [
      ['enqueue', 'handed over'],
      ['dispatch', 'dispatched'],
    ] as const) {
      for (const emittedAtMs of [0, 10_500, 1_700_000_000_300]) {
        const mesh = new FakeMesh();
        const checker = mesh.checker(handOver);
        const node = mesh.node(1);
        mesh.start();
        mesh.after(300);
        node.collect('k1');
        mesh.after(200);
        mesh.spoil(kind, (event) => ({ ...event, pending: { ...event.pending, emittedAtMs } }));
        node.tick();
        if (kind === 'dispatch') node.fresh(1n, { is: 'ok' });
        expect(checker.found).toMatchObject({ kind });
        expect(checker.found?.message).toBe(
          `expected action 1 of node 1 (incarnation 0) to be ${how} as emitted at 300 ms, when it was taken out of the inbox, found ${emittedAtMs - 10_000} ms`,
        );
      }
    }
  });
});
