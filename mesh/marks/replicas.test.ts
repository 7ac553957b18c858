import { describe, expect, it } from 'vitest';
import { Watched } from './watched.testing.ts';

describe('marks of replicas', () => {
  it('see entries that overtake each other, and entries that come twice', () => {
    const watched = new Watched();
    expect(watched.deliver(1n).fold(1n).deliver(3n).reached()).toEqual([]);
    expect(watched.deliver(2n).reached()).toEqual(['replica.out-of-order']);
    expect(watched.deliver(3n).reached()).toEqual(['replica.duplicate']);
    expect(watched.fold(2n).fold(3n).deliver(2n).reached()).toEqual(['replica.duplicate']);
  });

  it('see messages lost, cut off, damaged, and sent to nobody', () => {
    const send = { kind: 'send', from: 1, to: 2, message: 'entry', chain: 1, seq: 1n } as const;
    expect(new Watched().event({ ...send, fate: 'lost' }).reached()).toEqual(['network.lost']);
    expect(new Watched().event({ ...send, fate: 'cut' }).reached()).toEqual(['network.cut']);
    expect(new Watched().event({ ...send, fate: 'sent' }).reached()).toEqual([]);
    expect(new Watched().deliver(1n, { accepted: false }).reached()).toEqual(['network.nobody-there']);
    expect(new Watched().deliver(1n, { damaged: true }).reached()).toEqual(['replica.damaged-in-transit']);
  });

  it('do not count a damaged entry as delivered', () => {
    const watched = new Watched().deliver(1n, { damaged: true });
    watched.reached();
    expect(watched.deliver(1n).reached()).toEqual([]);
  });

  it('see entries that do not decode, in a copy and in the own log', () => {
    expect(new Watched().fold(1n, { outcome: 'unsupported_version' }).reached()).toEqual(['replica.rejected-version']);
    expect(new Watched().fold(1n, { outcome: 'malformed' }).reached()).toEqual(['replica.rejected-damaged']);
    expect(new Watched().fold(1n, { chain: 1, outcome: 'malformed' }).reached()).toEqual(['fold.own-entry-rejected']);
    expect(new Watched().fold(1n, { reader: 7 }).reached()).toEqual(['fold.other-version-folded']);
  });

  it('see rings rebuilt after a crash', () => {
    expect(new Watched().fold(1n, { rebuild: true }).reached()).toEqual(['fold.rebuilt-copy']);
    expect(new Watched().fold(1n, { rebuild: true, chain: 1 }).reached()).toEqual(['fold.rebuilt-own']);
    expect(new Watched().fold(1n, { rebuild: true, length: 0 }).reached()).toEqual([]);
  });

  it('see where a restarted replica goes on', () => {
    const crashed = () => {
      const watched = new Watched().boot().deliver(1n).fold(1n).deliver(2n).fold(2n).crash(1).boot();
      watched.reached();
      return watched;
    };
    expect(crashed().request(3n).reached()).toEqual(['replica.resumed-from-copy']);
    expect(crashed().request(2n).reached()).toEqual(['replica.copy-tail-lost']);
    expect(crashed().request(3n).request(2n).reached()).toEqual(['replica.resumed-from-copy']);
    expect(new Watched().boot().request(3n).reached()).toEqual([]);
    expect(new Watched().boot().crash(1).boot().request(1n).reached()).toEqual(['log.crash-with-nothing-unsynced']);
  });
});
