import { describe, expect, it } from 'vitest';
import { FakeBroadcaster } from '../testing/fake-broadcast.testing.ts';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { broadcastEnd } from './broadcast-end.ts';

/** A broadcast to two backends, `b1` and `b2`, is under way. */
function setup() {
  const mesh = new FakeMesh();
  const checker = mesh.checker(broadcastEnd);
  mesh.start();
  const broadcaster = new FakeBroadcaster(mesh);
  const endpoints = [broadcaster.register('b1'), broadcaster.register('b2')] as const;
  broadcaster.ask('o');
  broadcaster.send('o', 'b1', endpoints[0]);
  broadcaster.send('o', 'b2', endpoints[1]);
  return { mesh, checker, broadcaster, endpoints };
}

describe('a broadcast', () => {
  it('ends when the last has answered', () => {
    const { mesh, checker, broadcaster, endpoints } = setup();
    mesh.after(5);
    broadcaster.answer('o', 'b1', endpoints[0]);
    mesh.after(5);
    broadcaster.answer('o', 'b2', endpoints[1]);
    broadcaster.result('o', { acks: ['b1', 'b2'] });
    mesh.after(5).end();
    expect(checker.found).toBeNull();
  });

  it('ends when the last that has not answered dies, and no later', () => {
    const { mesh, checker, broadcaster, endpoints } = setup();
    broadcaster.answer('o', 'b1', endpoints[0]);
    mesh.after(7);
    broadcaster.live('b2', false);
    expect(checker.found).toBeNull();
    mesh.after(1).end();
    expect(checker.found?.message).toContain('expected node 1 to end o at 7 ms, when everybody had answered or died');
  });

  it('of a paused node ends when that resumes', () => {
    const { mesh, checker, broadcaster, endpoints } = setup();
    broadcaster.pause();
    broadcaster.answer('o', 'b1', endpoints[0]);
    broadcaster.answer('o', 'b2', endpoints[1]);
    mesh.after(7);
    broadcaster.resume();
    broadcaster.result('o', { acks: ['b1', 'b2'] });
    expect(checker.found).toBeNull();
  });
});
