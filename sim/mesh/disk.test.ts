import { describe, expect, it } from 'vitest';
import { MisuseError } from '../kernel/misuse.ts';
import { SimDisk } from './disk.ts';

describe('a disk on virtual time', () => {
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
