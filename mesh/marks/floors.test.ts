import { describe, expect, it } from 'vitest';
import { meshFloors } from './floors.ts';
import { MESH_MARKS } from './marks.ts';

describe('the floors under the marks', () => {
  it.each(['calm', 'swarm', 'storm'] as const)('of %s are shares, of marks that there are', (profile) => {
    const floors = Object.entries(meshFloors(profile, 'strict'));
    expect(floors.length).toBeGreaterThan(10);
    for (const [mark, share] of floors) {
      expect(MESH_MARKS).toContain(mark);
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThanOrEqual(0.5);
    }
  });

  it('of swarm leave out few marks: those that hardly any run reaches', () => {
    const floors = meshFloors('swarm', 'strict');
    expect(MESH_MARKS.filter((mark) => floors[mark] === undefined)).toEqual([
      'executor.retry-after-close',
      'log.crash-kept-unsynced',
      'codec.reason-above-65535',
      'decoder.empty',
      'network.inbound-full',
    ]);
  });

  it('ask nothing of other presets that they cannot do', () => {
    const [strict, old] = [meshFloors('swarm', 'strict'), meshFloors('swarm', 'netMesh021')];
    expect(Object.keys(strict).filter((mark) => !(mark in old))).toEqual(['executor.closed-with-deferred']);
    expect(strict).toMatchObject(old);
  });
});
