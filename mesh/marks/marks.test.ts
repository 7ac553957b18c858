import { describe, expect, it } from 'vitest';
import { MESH_MARKS } from './marks.ts';
import { HEAT, Watched } from './watched.testing.ts';

describe('the catalogue of marks', () => {
  it('names each mark once', () => {
    expect(new Set(MESH_MARKS).size).toBe(MESH_MARKS.length);
  });

  it('shows an event to every group that cares about its kind', () => {
    const watched = new Watched().boot().offer('sent').enqueue(1n).admit(1n, HEAT).broadcast('k1').crash(1);
    expect(watched.reached()).toEqual([
      'crash.during-broadcast',
      'crash.with-inbox-waiting',
      'crash.with-queued',
      'log.crash-with-nothing-unsynced',
    ]);
  });
});
