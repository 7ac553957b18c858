import { describe, expect, it } from 'vitest';
import type { MeshOsAction } from '../../src/action/action.ts';
import { MIGRATE, pull, Watched } from './watched.testing.ts';

const START: MeshOsAction = { kind: 'start_daemon', daemon: { id: 1n, name: 'd' } };
const NAMESAKE: MeshOsAction = { kind: 'start_daemon', daemon: { id: 1n, name: 'e' } };

describe('marks of admission', () => {
  it('tell a pull that waits for its chain from one that waits for the cooldown', () => {
    const watched = new Watched({ pullCooldownMs: 50, stabilizationMs: 400 }).at(0).admit(1n, pull(7n));
    watched.reached();
    expect(watched.at(10).defer(2n, 390, pull(7n)).reached()).toEqual(['admission.stabilizing-deferred']);
    expect(watched.defer(3n, 40, pull(8n)).reached()).toEqual(['admission.pull-cooldown-deferred']);
    const drop: MeshOsAction = { kind: 'drop_replica', chain: 7n };
    expect(watched.at(11).defer(4n, 388, drop).reached()).toEqual(['admission.drop-stabilizing-deferred']);
  });

  it('see windows taken in the very millisecond in which they open', () => {
    const watched = new Watched({ pullCooldownMs: 50, stabilizationMs: 400 }).at(0).admit(1n, pull(7n));
    expect(watched.at(50).admit(2n, pull(8n)).reached()).toEqual(['admission.pull-at-exact-cooldown']);
    expect(watched.at(101).admit(3n, pull(9n)).reached()).toEqual([]);
    expect(watched.at(400).admit(4n, pull(7n)).reached()).toEqual(['admission.chain-open-at-exact-bound']);
  });

  it('do not call a window of no length one', () => {
    const watched = new Watched({ pullCooldownMs: 0, stabilizationMs: 0 }).at(0);
    expect(watched.admit(1n, pull(7n)).admit(2n, pull(7n)).reached()).toEqual([]);
  });

  it('see a cooldown used again after a failed dispatch gave it back', () => {
    const watched = new Watched({ pullCooldownMs: 50, stabilizationMs: 400 }).at(0).admit(1n, pull(7n)).release(1n);
    expect(watched.at(49).admit(2n, pull(7n)).reached()).toEqual(['admission.released-cooldown-reused']);
    expect(watched.release(2n).at(99).admit(3n, pull(7n)).reached()).toEqual([]);
  });

  it('see the drain rate at work, and a slot that becomes free after exactly a second', () => {
    const watched = new Watched({ drainRatePerSec: 2 }).at(0).admit(1n, MIGRATE).at(1).admit(2n, MIGRATE);
    expect(watched.defer(3n, 100, MIGRATE).reached()).toEqual(['admission.drain-limited']);
    expect(watched.at(1000).admit(5n, MIGRATE).reached()).toEqual(['admission.drain-slot-at-exact-second']);
    expect(watched.at(1002).admit(4n, MIGRATE).reached()).toEqual([]);
  });

  it('see a drain slot used again that a failed dispatch gave back', () => {
    const watched = new Watched({ drainRatePerSec: 2 }).at(0).admit(1n, MIGRATE).at(1).admit(2n, MIGRATE).release(2n);
    expect(watched.reached()).toEqual([]);
    expect(watched.at(5).admit(3n, MIGRATE).reached()).toEqual(['admission.released-drain-slot-reused']);
    expect(watched.at(1003).admit(4n, MIGRATE).reached()).toEqual([]);
  });

  it('see a slot given back beside one that was taken in the same millisecond', () => {
    const watched = new Watched({ drainRatePerSec: 5 }).at(0).admit(1n, MIGRATE).at(3).admit(2n, MIGRATE);
    expect(watched.release(2n).reached()).toEqual([]);
    expect(watched.admit(3n, MIGRATE).admit(4n, MIGRATE).release(4n).reached()).toEqual([
      'admission.released-beside-another-at-once',
    ]);
  });

  it('see gates at work, opening in the very millisecond, and moved', () => {
    const watched = new Watched().at(0);
    expect(watched.gate(100).gated(1n, START).reached()).toEqual(['admission.gated']);
    expect(watched.gate(50).reached()).toEqual(['admission.gate-shortened']);
    expect(watched.gate(80).reached()).toEqual(['admission.gate-extended']);
    expect(watched.at(80).admit(2n, NAMESAKE).reached()).toEqual([]);
    expect(watched.admit(3n, START).reached()).toEqual(['admission.gate-open-at-exact-bound']);
    expect(watched.gate(80).reached()).toEqual(['admission.gate-set-too-late']);
    expect(watched.at(200).gate(300).reached()).toEqual([]);
  });

  it('forget what a crash forgets', () => {
    const watched = new Watched({ pullCooldownMs: 50 }).at(0).admit(1n, pull(7n)).boot();
    expect(watched.at(50).admit(1n, pull(8n)).reached()).toEqual([]);
  });

  it('see ids that a number cannot hold', () => {
    const watched = new Watched({ pullCooldownMs: 0 }).at(0).admit(1n, pull(2n ** 53n));
    expect(watched.reached()).toEqual([]);
    expect(watched.admit(2n, pull(2n ** 53n + 1n)).reached()).toEqual(['admission.id-above-2^53']);
  });
});
