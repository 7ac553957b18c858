import { describe, expect, it } from 'vitest';
import { MisuseError } from '../kernel/misuse.ts';
import { SimDisk } from './disk.ts';

describe('a disk on virtual time', () => {
  it('may lose to a second crash what was not synced after a first', () => {
    const disk = new SimDisk({ now: () => 0, syncDelay: () => Promise.resolve(0), synced: () => {}, wrote: () => {} });
    disk.write(Uint8Array.of(1, 2));
    disk.syncNow();
    disk.write(Uint8Array.of(3, 4, 5, 6));
    disk.crash(5);
    expect([disk.written, disk.synced, disk.tornCuts()]).toEqual([5, 2, [{ from: 3, to: 4 }]]);
    disk.crash(0);
    expect([disk.written, disk.synced, disk.tornCuts()]).toEqual([2, 2, []]);
    disk.write(Uint8Array.of(7));
    disk.crash(3);
    disk.syncNow();
    disk.crash(0);
    expect([...disk.load()]).toEqual([1, 2, 7]);
  });

  it('knows where its writes end that are not synced, after a crash too', () => {
    const disk = new SimDisk({ now: () => 0, syncDelay: () => Promise.resolve(0), synced: () => {}, wrote: () => {} });
    disk.write(Uint8Array.of(1, 2));
    disk.syncNow();
    disk.write(Uint8Array.of(3, 4, 5));
    disk.write(Uint8Array.of(6));
    disk.write(Uint8Array.of(7, 8));
    expect(disk.wholeCuts()).toEqual([2, 5, 6, 8]);
    disk.crash(7);
    expect(disk.wholeCuts()).toEqual([2, 5, 6, 7]);
    disk.crash(6);
    expect(disk.wholeCuts()).toEqual([2, 5, 6]);
    disk.crash(0);
    expect(disk.wholeCuts()).toEqual([2]);
  });

  it('is cut to a length that there can be, and to no other', () => {
    const disk = new SimDisk({ now: () => 0, syncDelay: () => Promise.resolve(0), synced: () => {}, wrote: () => {} });
    disk.write(Uint8Array.of(1, 2, 3));
    for (const length of [-1, 0.5, Number.NaN]) expect(() => disk.truncate(length)).toThrow(MisuseError);
    disk.truncate(5);
    expect([...disk.load()]).toEqual([1, 2, 3]);
    disk.truncate(1);
    expect([...disk.load()]).toEqual([1]);
  });
});
