import { describe, expect, it } from 'vitest';
import { FakeBroadcaster } from '../testing/fake-broadcast.testing.ts';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { broadcastModel } from './broadcast-model.ts';

/** A timeout of 500 ms; b1, b2 and b3 are live, b4 is dead. */
function setup(timeoutMs = 500) {
  const mesh = new FakeMesh({ broadcastTimeoutMs: timeoutMs });
  const checker = mesh.checker(broadcastModel);
  const cast = new FakeBroadcaster(mesh);
  for (const backend of ['b1', 'b2', 'b3']) cast.register(backend);
  cast.register('b4', false);
  return { mesh, checker, cast };
}

function send(cast: FakeBroadcaster, op: string): void {
  cast.send(op, 'b1', 1);
  cast.send(op, 'b2', 2);
  cast.send(op, 'b3', 3);
}

const DEAD = { skippedDead: ['b4'] };

describe('broadcast-model', () => {
  it('holds when answers in time count, and those that are late or missing are timeouts', () => {
    const { mesh, cast, checker } = setup();
    cast.ask('k1');
    send(cast, 'k1');
    mesh.after(500);
    cast.answer('k1', 'b1', 1);
    cast.answer('k1', 'b2', 2, 'rejected');
    mesh.after(1);
    cast.answer('k1', 'b3', 3);
    cast.result('k1', { acks: ['b1'], failures: [['b2', 'rejected']], timeouts: ['b3'], ...DEAD });
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('holds when the result comes as soon as all have answered, and however late a paused node looks', () => {
    for (const late of [0, 5000]) {
      const { mesh, cast, checker } = setup();
      cast.ask('k1');
      send(cast, 'k1');
      if (late > 0) cast.pause();
      for (const [i, backend] of ['b1', 'b2', 'b3'].entries()) cast.answer('k1', backend, i + 1);
      mesh.after(late);
      if (late > 0) cast.resume();
      cast.result('k1', { acks: ['b1', 'b2', 'b3'], ...DEAD });
      expect(checker.found).toBeNull();
    }
  });

  it('takes a timeout of 0 for 1', () => {
    const { mesh, cast, checker } = setup(0);
    cast.ask('k1');
    send(cast, 'k1');
    mesh.after(1);
    cast.answer('k1', 'b1', 1);
    cast.result('k1', { acks: ['b1'], timeouts: ['b2', 'b3'], timeoutMs: 1, ...DEAD });
    expect(checker.found).toBeNull();
  });

  it('takes a backend that died before its answer for a timeout, even if it lives again', () => {
    const { mesh, cast, checker } = setup();
    cast.ask('k1');
    send(cast, 'k1');
    cast.live('b1', false);
    cast.live('b1', true);
    cast.answer('k1', 'b1', 1);
    cast.answer('k1', 'b2', 2);
    cast.live('b2', false);
    cast.answer('k1', 'b3', 3);
    mesh.after(1);
    cast.result('k1', { acks: ['b2', 'b3'], timeouts: ['b1'], ...DEAD });
    expect(checker.found).toBeNull();
  });

  it('checks a backend replaced in flight by the endpoint that was sent to', () => {
    const { cast, checker } = setup();
    cast.ask('k1');
    send(cast, 'k1');
    cast.register('b1', false);
    cast.live('b1', false);
    cast.answer('k1', 'b1', 1, 'backend_error');
    cast.answer('k1', 'b2', 2);
    cast.answer('k1', 'b3', 3);
    cast.result('k1', { acks: ['b2', 'b3'], failures: [['b1', 'backend_error']], ...DEAD });
    expect(checker.found).toBeNull();
  });

  it.each([
    ['another reason', { acks: ['b1'], failures: [['b2', 'backend_error']], timeouts: ['b3'] }],
    ['another backend', { acks: ['b1'], failures: [['b3', 'rejected']], timeouts: ['b3'] }],
    ['a failure too few', { acks: ['b1'], failures: [], timeouts: ['b3'] }],
    [
      'a failure too many',
      {
        acks: ['b1'],
        failures: [
          ['b2', 'rejected'],
          ['b3', 'rejected'],
        ],
        timeouts: ['b3'],
      },
    ],
    ['an ack too few', { acks: [], failures: [['b2', 'rejected']], timeouts: ['b3'] }],
    ['an ack too many', { acks: ['b1', 'b3'], failures: [['b2', 'rejected']], timeouts: ['b3'] }],
    ['another ack', { acks: ['b3'], failures: [['b2', 'rejected']], timeouts: ['b3'] }],
  ] as const)('fires for a result with %s', (_what, told) => {
    const { mesh, cast, checker } = setup();
    cast.ask('k1');
    send(cast, 'k1');
    cast.answer('k1', 'b1', 1);
    cast.answer('k1', 'b2', 2, 'rejected');
    mesh.after(501);
    cast.result('k1', { ...told, ...DEAD });
    expect(checker.found?.message).toContain(
      'expected of k1: acks b1, timeouts b3, failures b2 (rejected), dead b4, found: ',
    );
  });

  it('does not let a late answer leak into the next broadcast', () => {
    const { mesh, cast, checker } = setup();
    cast.ask('k1');
    cast.ask('k2');
    send(cast, 'k1');
    mesh.after(501);
    cast.result('k1', { timeouts: ['b1', 'b2', 'b3'], ...DEAD });
    send(cast, 'k2');
    cast.answer('k1', 'b1', 1);
    mesh.after(501);
    cast.result('k2', { timeouts: ['b1', 'b2', 'b3'], ...DEAD });
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('fires when a late answer did leak', () => {
    const { mesh, cast, checker } = setup();
    cast.ask('k1');
    cast.ask('k2');
    send(cast, 'k1');
    mesh.after(501);
    cast.result('k1', { timeouts: ['b1', 'b2', 'b3'], ...DEAD });
    send(cast, 'k2');
    cast.answer('k1', 'b1', 1);
    mesh.after(501);
    cast.result('k2', { acks: ['b1'], timeouts: ['b2', 'b3'], ...DEAD });
    expect(checker.found).toMatchObject({ kind: 'broadcast-result' });
    expect(checker.found?.message).toBe(
      'expected of k2: acks none, timeouts b1 b2 b3, failures none, dead b4, found: acks b1, timeouts b2 b3, failures none, dead b4',
    );
  });

  it.each([
    ['counts a late answer', 501, { acks: ['b1'], timeouts: ['b2', 'b3'], ...DEAD }],
    ['drops an answer in time', 500, { timeouts: ['b1', 'b2', 'b3'], ...DEAD }],
    ['takes an ack for a failure', 500, { failures: [['b1', 'rejected']], timeouts: ['b2', 'b3'], ...DEAD }],
    ['forgets the dead', 500, { acks: ['b1'], timeouts: ['b2', 'b3'] }],
  ] as const)('fires when the result %s', (_what, answeredAtMs, lists) => {
    const { mesh, cast, checker } = setup();
    cast.ask('k1');
    send(cast, 'k1');
    mesh.after(answeredAtMs);
    cast.answer('k1', 'b1', 1);
    mesh.nowMs = 501;
    cast.result('k1', lists);
    expect(checker.found).toMatchObject({ kind: 'broadcast-result' });
    expect(checker.found?.message).toContain('expected of k1: ');
  });

  it('fires when a backend that died and came back is taken for answering', () => {
    const { mesh, cast, checker } = setup();
    cast.ask('k1');
    send(cast, 'k1');
    cast.live('b1', false);
    cast.live('b1', true);
    cast.answer('k1', 'b1', 1);
    mesh.after(501);
    cast.result('k1', { acks: ['b1'], timeouts: ['b2', 'b3'], ...DEAD });
    expect(checker.found?.message).toContain('timeouts b1 b2 b3');
  });

  it('fires when it does not wait for one that could still answer', () => {
    const { mesh, cast, checker } = setup();
    cast.ask('k1');
    send(cast, 'k1');
    cast.answer('k1', 'b1', 1);
    cast.answer('k1', 'b2', 2);
    mesh.after(499);
    cast.result('k1', { acks: ['b1', 'b2'], timeouts: ['b3'], ...DEAD });
    expect(checker.found?.message).toBe('expected k1 to wait for b3 until 500 ms, found its result at 499 ms');
  });

  it('fires when an answer comes in the millisecond of the timeout, after the result was given', () => {
    const { mesh, cast, checker } = setup();
    cast.ask('k1');
    send(cast, 'k1');
    mesh.after(500);
    cast.result('k1', { timeouts: ['b1', 'b2', 'b3'], ...DEAD });
    expect(checker.found).toBeNull();
    cast.answer('k1', 'b1', 1);
    expect(checker.found).toMatchObject({ kind: 'backend-answer' });
    expect(checker.found?.message).toContain('because it arrived at 500 ms and not after 500 ms');
  });

  it('fires when the timeout it tells is not the policy', () => {
    const { mesh, cast, checker } = setup();
    cast.ask('k1');
    send(cast, 'k1');
    mesh.after(501);
    cast.result('k1', { timeouts: ['b1', 'b2', 'b3'], timeoutMs: 501, ...DEAD });
    expect(checker.found?.message).toBe('expected a timeout of 500 ms in the result of k1, found 501 ms');
  });

  it('fires when a backend that timed out stands there with another timeout', () => {
    const { mesh, cast, checker } = setup();
    cast.waitedMs = 0n;
    cast.ask('k1');
    send(cast, 'k1');
    mesh.after(501);
    cast.result('k1', { timeouts: ['b1', 'b2', 'b3'], ...DEAD });
    expect(checker.found?.message).toBe(
      'expected the backends that timed out in k1 to stand there with 500 ms, found 0 ms',
    );
  });

  it('fires when the result names another operation, or sums itself up wrongly', () => {
    for (const wrong of ['operation', 'count'] as const) {
      const { cast, checker } = setup();
      if (wrong === 'operation') cast.quiesced = 'idle_timeout';
      else cast.miscount = 1;
      cast.ask('k1');
      send(cast, 'k1');
      for (const [i, backend] of ['b1', 'b2', 'b3'].entries()) cast.answer('k1', backend, i + 1);
      cast.result('k1', { acks: ['b1', 'b2', 'b3'], ...DEAD });
      expect(checker.found?.message).toContain(
        wrong === 'operation' ? 'to name what was asked for' : 'to count 3 sendings, found 4',
      );
    }
  });

  it('fires when two broadcasts overlap or change places', () => {
    const overlap = setup();
    overlap.cast.ask('k1');
    overlap.cast.ask('k2');
    send(overlap.cast, 'k1');
    overlap.cast.send('k2', 'b1', 1);
    expect(overlap.checker.found?.message).toContain('now k1, found k2 sent');
    const swapped = setup();
    swapped.cast.ask('k1');
    swapped.cast.ask('k2');
    swapped.cast.result('k2', DEAD);
    expect(swapped.checker.found?.message).toContain('next k1, found k2');
  });

  it('fires when it does not send to all at once, or not the same', () => {
    const later = setup();
    later.cast.ask('k1');
    later.cast.send('k1', 'b1', 1);
    later.mesh.after(1);
    later.cast.send('k1', 'b2', 2);
    expect(later.checker.found).toMatchObject({ kind: 'backend-send' });
    const other = setup();
    other.cast.ask('k1');
    other.cast.send('k1', 'b1', 1);
    other.cast.send('k1', 'b2', 2, 'release /srv');
    expect(other.checker.found?.message).toContain('found release /srv sent to b2');
  });

  it('fires at the end when a broadcast has no result, but for one that a crash ended', () => {
    const { mesh, cast, checker } = setup();
    cast.ask('k1');
    send(cast, 'k1');
    mesh.crash(1, 0);
    mesh.boot();
    mesh.end();
    expect(checker.found).toBeNull();
    cast.ask('k2');
    mesh.end();
    expect(checker.found?.message).toBe('expected a result of k2 on node 1 by the end of the run, found none');
  });

  it('tells failures with their reasons', () => {
    const { mesh, cast, checker } = setup();
    cast.ask('k1');
    send(cast, 'k1');
    cast.answer('k1', 'b1', 1, 'rejected');
    mesh.after(501);
    cast.result('k1', { acks: ['b1'], timeouts: ['b2', 'b3'], ...DEAD });
    expect(checker.found?.message).toContain(
      'expected of k1: acks none, timeouts b2 b3, failures b1 (rejected), dead b4',
    );
  });

  it('fires when only the order of the acks is wrong', () => {
    const { cast, checker } = setup();
    cast.ask('k1');
    send(cast, 'k1');
    for (const [i, backend] of ['b1', 'b2', 'b3'].entries()) cast.answer('k1', backend, i + 1);
    cast.result('k1', { acks: ['b1', 'b3', 'b2'], ...DEAD });
    expect(checker.found).toMatchObject({ kind: 'broadcast-result' });
  });

  it.each([true, false])('fires when the result is wrong about whether all acked: %s', (said) => {
    const { mesh, cast, checker } = setup();
    mesh.spoil('broadcast-result', (event) => ({ ...event, result: { ...event.result, allLiveBackendsAcked: said } }));
    cast.ask('k1');
    send(cast, 'k1');
    for (const [i, backend] of ['b1', 'b2', 'b3'].entries()) {
      if (!said || i > 0) cast.answer('k1', backend, i + 1);
    }
    if (said) mesh.after(501);
    if (said) cast.result('k1', { acks: ['b2', 'b3'], timeouts: ['b1'], ...DEAD });
    else cast.result('k1', { acks: ['b1', 'b2', 'b3'], ...DEAD });
    expect(checker.found?.message).toBe(
      `expected k1 to say ${!said} of whether all live backends acked, found ${said}`,
    );
  });

  describe('who is registered', () => {
    it('is told to whoever registers another, or says that one lives or died', () => {
      const { cast, checker } = setup();
      expect(cast.register('b5')).toBe(5);
      expect(cast.register('b5', false)).toBe(6);
      cast.register('b5');
      for (const live of [false, true]) for (const backend of ['b5', 'b4', 'b6']) cast.live(backend, live);
      expect(checker.found).toBeNull();
    });

    it.each([
      ['b1', 0, 'expected b1 on node 1 to take the place of endpoint 1, found nobody given back'],
      ['b1', 2, 'expected b1 on node 1 to take the place of endpoint 1, found endpoint 2 given back'],
      ['b5', 1, 'expected b5 on node 1 to take the place of nobody, found endpoint 1 given back'],
    ])('fires when %s comes in the place of endpoint %i', (backend, replaced, message) => {
      const { cast, checker } = setup();
      cast.register(backend, true, replaced);
      expect(checker.found?.message).toBe(message);
    });

    it.each([
      ['b1', false, 'expected node 1 to know b1 when l said whether it lives, found that it says it does not'],
      ['b4', false, 'expected node 1 to know b4 when l said whether it lives, found that it says it does not'],
      ['b5', true, 'expected node 1 to know nothing of b5 when l said whether it lives, found that it says it does'],
    ])('fires when the broadcaster is wrong about %s', (backend, found, message) => {
      const { cast, checker } = setup();
      cast.live(backend, false, found);
      expect(checker.found?.message).toBe(message);
    });

    it('dies with the node', () => {
      const { mesh, cast, checker } = setup();
      mesh.crash(1, 0);
      mesh.boot();
      cast.register('b1', true, 0);
      cast.live('b2', true, false);
      expect(checker.found).toBeNull();
    });
  });

  it('asks nothing of a node that stays down', () => {
    const { mesh, cast, checker } = setup();
    cast.ask('k1');
    send(cast, 'k1');
    mesh.crash(1, 0);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  describe('in time', () => {
    function answerAll(cast: FakeBroadcaster, op: string): void {
      for (const [i, backend] of ['b1', 'b2', 'b3'].entries()) cast.answer(op, backend, i + 1);
    }

    it('is a result at once when all have answered, later it is not', () => {
      for (const late of [0, 1]) {
        const { mesh, cast, checker } = setup();
        cast.ask('k1');
        send(cast, 'k1');
        mesh.after(100);
        answerAll(cast, 'k1');
        mesh.after(late);
        cast.result('k1', { acks: ['b1', 'b2', 'b3'], ...DEAD });
        expect(checker.found?.message).toBe(
          late === 0
            ? undefined
            : 'expected the result of k1, sent by node 1 at 0 ms, at 100 ms at the latest, found none by 101 ms',
        );
      }
    });

    it.each([0, 100, 501])('is a result %i ms after the last answer where one backend died before', (atMs) => {
      const { mesh, cast, checker } = setup();
      cast.ask('k1');
      send(cast, 'k1');
      cast.live('b2', false);
      cast.answer('k1', 'b1', 1);
      cast.answer('k1', 'b3', 3);
      mesh.after(atMs);
      cast.result('k1', { acks: ['b1', 'b3'], timeouts: ['b2'], ...DEAD });
      expect(checker.found).toBeNull();
    });

    it.each(['broadcast-result', 'backend-answer', 'broadcast', 'crash', 'pause'] as const)(
      'is a result a millisecond after the timeout, later it is not: fires at %s',
      (what) => {
        const { mesh, cast, checker } = setup();
        mesh.after(7);
        cast.ask('k1');
        send(cast, 'k1');
        mesh.after(502);
        if (what === 'broadcast-result') cast.result('k1', { timeouts: ['b1', 'b2', 'b3'], ...DEAD });
        else if (what === 'backend-answer') cast.answer('k1', 'b1', 1);
        else if (what === 'broadcast') cast.ask('k2');
        else if (what === 'crash') mesh.crash(1, 0);
        else cast.pause();
        expect(checker.found).toMatchObject({ kind: what });
        expect(checker.found?.message).toBe(
          'expected the result of k1, sent by node 1 at 7 ms, at 508 ms at the latest, found none by 509 ms',
        );
      },
    );

    it('is a paused node that gives its result when it resumes, but not one that does so later', () => {
      for (const late of [0, 1]) {
        const { mesh, cast, checker } = setup();
        cast.ask('k1');
        send(cast, 'k1');
        mesh.after(400);
        cast.pause();
        mesh.after(5000);
        cast.resume();
        mesh.after(late);
        cast.result('k1', { timeouts: ['b1', 'b2', 'b3'], ...DEAD });
        expect(checker.found?.message).toBe(
          late === 0
            ? undefined
            : 'expected the result of k1, sent by node 1 at 0 ms, at 5400 ms at the latest, found none by 5401 ms',
        );
      }
    });

    it('is a broadcast that is sent when it is asked for, or the one before is over, or the node resumes', () => {
      for (const late of [0, 1]) {
        const { mesh, cast, checker } = setup();
        cast.ask('k1');
        mesh.after(late);
        send(cast, 'k1');
        expect(checker.found?.message).toBe(
          late === 0
            ? undefined
            : 'expected k1 to be sent by node 1 at 0 ms, when nothing was before it any more, found it not sent by 1 ms',
        );
      }
      for (const late of [0, 1]) {
        const { mesh, cast, checker } = setup();
        cast.ask('k1');
        cast.ask('k2');
        send(cast, 'k1');
        mesh.after(100);
        answerAll(cast, 'k1');
        cast.result('k1', { acks: ['b1', 'b2', 'b3'], ...DEAD });
        cast.pause();
        mesh.after(30);
        cast.resume();
        mesh.after(late);
        send(cast, 'k2');
        expect(checker.found?.message).toBe(
          late === 0
            ? undefined
            : 'expected k2 to be sent by node 1 at 130 ms, when nothing was before it any more, found it not sent by 131 ms',
        );
      }
    });

    it('is a result at once when there is nobody to send to, later it is not', () => {
      for (const late of [0, 1]) {
        const { mesh, cast, checker } = setup();
        for (const backend of ['b1', 'b2', 'b3']) cast.live(backend, false);
        cast.ask('k1');
        mesh.after(late);
        cast.result('k1', { skippedDead: ['b1', 'b2', 'b3', 'b4'] });
        expect(checker.found?.message).toBe(
          late === 0
            ? undefined
            : 'expected k1 to be sent by node 1 at 0 ms, when nothing was before it any more, found it not sent by 1 ms',
        );
      }
    });

    it('is a result that takes no less long because another broadcast was asked for meanwhile', () => {
      const { mesh, cast, checker } = setup();
      cast.ask('k1');
      send(cast, 'k1');
      mesh.after(100);
      cast.ask('k2');
      mesh.after(401);
      cast.result('k1', { timeouts: ['b1', 'b2', 'b3'], ...DEAD });
      send(cast, 'k2');
      expect(checker.found).toBeNull();
    });

    it('are broadcasts of a node that has had nothing to do for long', () => {
      const { mesh, cast, checker } = setup();
      cast.ask('k1');
      send(cast, 'k1');
      answerAll(cast, 'k1');
      cast.result('k1', { acks: ['b1', 'b2', 'b3'], ...DEAD });
      mesh.after(60_000);
      cast.ask('k2');
      send(cast, 'k2');
      expect(checker.found).toBeNull();
    });
  });

  describe('whoever asked', () => {
    /** The result of k1 has just been given, to everybody but the one who asked. */
    function unreplied() {
      const all = setup();
      const { mesh, cast } = all;
      cast.replies = false;
      cast.ask('k1');
      send(cast, 'k1');
      mesh.after(501);
      cast.result('k1', { timeouts: ['b1', 'b2', 'b3'], ...DEAD });
      return all;
    }

    it.each(['broadcast', 'pause', 'crash', 'the end'] as const)('gets the result: fires at %s', (what) => {
      const { mesh, cast, checker } = unreplied();
      mesh.after(1);
      if (what === 'broadcast') cast.ask('k2');
      else if (what === 'pause') cast.pause();
      else if (what === 'crash') mesh.crash(1, 0);
      else mesh.end();
      expect(checker.found).toMatchObject({ kind: what });
      expect(checker.found?.message).toMatch(
        /^expected whoever asked node 1 for k1 to get its result at 501 ms, .*, found none$/,
      );
    });

    it('gets the result that was given, and no other', () => {
      const { mesh, cast, checker } = setup();
      cast.ask('k1');
      send(cast, 'k1');
      mesh.after(501);
      mesh.spoil('broadcast-result', (event) => ({
        ...event,
        result: { ...event.result, skippedDead: [] },
      }));
      cast.result('k1', { timeouts: ['b1', 'b2', 'b3'], ...DEAD });
      mesh.after(1);
      cast.ask('k2');
      expect(checker.found).toMatchObject({ kind: 'broadcast' });
      expect(checker.found?.message).toMatch(
        /^expected whoever asked node 1 for k1 to get its result at 501 ms, \{.*skippedDead: \[\],.*, found \{.*skippedDead: \[\{/,
      );
    });

    it('may get it in the same millisecond, or when the node resumes', () => {
      for (const paused of [false, true]) {
        const { mesh, cast, checker } = unreplied();
        cast.ask('k2');
        send(cast, 'k2');
        if (paused) {
          cast.pause();
          mesh.after(300);
          cast.answer('k2', 'b1', 1);
          cast.resume();
        }
        cast.reply('k1');
        mesh.after(1);
        cast.ask('k3');
        expect(checker.found).toBeNull();
      }
    });

    it('gets nothing from a node that died', () => {
      const { mesh, checker } = unreplied();
      mesh.crash(1, 0);
      mesh.after(1);
      mesh.boot();
      mesh.end();
      expect(checker.found).toBeNull();
    });

    it('gets it a pause later at most', () => {
      const { mesh, cast, checker } = unreplied();
      cast.pause();
      mesh.after(300);
      cast.resume();
      mesh.after(1);
      mesh.end();
      expect(checker.found?.message).toContain('to get its result at 801 ms, ');
    });
  });

  describe('after a result in the millisecond of the timeout', () => {
    /** b1 and b2 answered, b2 once more than needed; b3 did not, and b1 has died since. */
    function resulted() {
      const all = setup();
      const { mesh, cast } = all;
      cast.ask('k0');
      cast.ask('k1');
      send(cast, 'k0');
      mesh.after(500);
      cast.result('k0', { timeouts: ['b1', 'b2', 'b3'], ...DEAD });
      send(cast, 'k1');
      cast.live('b1', false);
      cast.answer('k1', 'b2', 2);
      mesh.after(500);
      cast.result('k1', { acks: ['b2'], timeouts: ['b1', 'b3'], ...DEAD });
      return all;
    }

    it('an answer of the one that was waited for should have counted', () => {
      const { cast, checker } = resulted();
      cast.answer('k1', 'b3', 3);
      expect(checker.found).toMatchObject({ kind: 'backend-answer' });
      expect(checker.found?.message).toContain('expected the answer of b3 to k1 to count');
    });

    it('nothing changes by the dead, by those that have answered, by strangers or by answers to another', () => {
      const { cast, checker } = resulted();
      cast.answer('k1', 'b1', 1);
      cast.answer('k1', 'b2', 2);
      cast.answer('k1', 'b9', 9);
      cast.answer('k0', 'b3', 3);
      expect(checker.found).toBeNull();
    });
  });
});
