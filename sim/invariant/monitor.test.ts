import { describe, expect, it } from 'vitest';
import type { Invariant } from './invariant.ts';
import { Monitor } from './monitor.ts';

interface Tick {
  readonly kind: 'tick';
  readonly n: number;
}

type Rule = Invariant<Tick, null>;

/** Violated at every tick from the third on. */
const early: Rule = {
  id: 'early',
  holds: 'no third tick',
  create: ({ violate }) => ({ on: { tick: ({ n }) => (n >= 3 ? violate(`tick ${n}`) : undefined) } }),
};

const atEnd: Rule = { id: 'at-end', holds: 'never', create: ({ violate }) => ({ on: {}, end: () => violate('over') }) };

const broken: Rule = {
  id: 'broken',
  holds: 'it does not throw',
  create: () => ({
    on: {
      tick: ({ n }) => {
        if (n === 2) throw new TypeError('oops');
      },
    },
  }),
};

function watch(rules: readonly Rule[], ticks: number): Monitor<Tick, null> {
  let now = 0;
  const monitor = new Monitor<Tick, null>(rules, null, () => now);
  for (let n = 1; n <= ticks; n += 1) {
    now = n * 10;
    monitor.observe({ kind: 'tick', n });
  }
  return monitor;
}

describe('Monitor', () => {
  it("keeps an invariant's first violation, with its time and the number of its event, and no other", () => {
    const monitor = watch([early], 5);
    expect(monitor.violations).toEqual([{ invariant: 'early', atMs: 30, event: 3, message: 'tick 3' }]);
  });

  it('asks those that are not violated once more at the end, and the others not', () => {
    const monitor = watch([early, atEnd], 3);
    monitor.end();
    expect(monitor.violations.map(({ invariant }) => invariant)).toEqual(['early', 'at-end']);
  });

  it('keeps what a checker throws apart from violations, and lets the others go on', () => {
    const monitor = watch([broken, early], 3);
    expect(monitor.errors).toMatchObject([{ invariant: 'broken', error: new TypeError('oops') }]);
    expect(monitor.violations.map(({ invariant }) => invariant)).toEqual(['early']);
  });

  it('takes a checker that cannot even be made for a defect', () => {
    const unmade: Rule = {
      id: 'unmade',
      holds: '',
      create: () => {
        throw new Error('no');
      },
    };
    expect(watch([unmade], 1).errors).toMatchObject([{ invariant: 'unmade' }]);
  });

  it('says of how much each invariant was shown, by orders of magnitude, and which were violated', () => {
    const idle: Rule = { id: 'idle', holds: 'never asked', create: () => ({ on: {} }) };
    expect(watch([early, idle], 2).states()).toEqual(['early shown 1']);
    expect(watch([early, idle], 12).states()).toEqual(['early shown 10', 'early violated']);
    expect(watch([broken], 1234).states()).toEqual(['broken shown 1000']);
  });

  it('counts the look at the end among what was shown, once there was one', () => {
    const monitor = watch([atEnd], 3);
    expect(monitor.states()).toEqual([]);
    monitor.end();
    expect(monitor.states()).toEqual(['at-end shown 1', 'at-end violated']);
  });

  it('takes reports of the run as a whole, each id once', () => {
    const monitor = watch([early], 1);
    monitor.report('no-crash', 'first');
    monitor.report('no-crash', 'second');
    expect(monitor.violations).toEqual([{ invariant: 'no-crash', atMs: 10, event: 1, message: 'first' }]);
  });
});
