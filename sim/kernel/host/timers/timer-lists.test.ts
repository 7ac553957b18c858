import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Listed, type TimerList, TimerLists } from './timer-lists.ts';

interface Timer extends Listed {
  readonly id: number;
  list: TimerList<this> | undefined;
}

function timerOf(id: number, durationMs: number, refed: boolean): Timer {
  return { id, durationMs, refed, dueMs: -1, list: undefined, previous: undefined, next: undefined };
}

const step = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), durationMs: fc.integer({ min: 1, max: 6 }), refed: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('remove' as const, 'again' as const, 'refer' as const), at: fc.nat(20) }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 4 }) }),
);

test('holds what a plain list of all timers would hold, and gives the first of each duration', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const lists = new TimerLists<Timer>();
      /** All that are set, in the order in which they were. */
      let set: Timer[] = [];
      const all: Timer[] = [];
      let now = 0;
      for (const each of steps) {
        if (each.kind === 'pass') now += each.ms;
        if (each.kind === 'insert') {
          const timer = timerOf(all.length, each.durationMs, each.refed);
          all.push(timer);
          set.push(timer);
          lists.insert(timer, now);
        } else if (each.kind !== 'pass') {
          const timer = all[each.at];
          if (timer === undefined) continue;
          if (each.kind === 'refer') lists.refer(timer, !timer.refed);
          else set = set.filter((other) => other !== timer);
          if (each.kind === 'remove') lists.remove(timer);
          if (each.kind === 'again') {
            set.push(timer);
            lists.insert(timer, now);
          }
        }
        const dueMs = Math.min(...set.map((timer) => timer.dueMs));
        const firsts = new Map<number, number>();
        for (const { id, durationMs, dueMs: at } of set) {
          if (at === dueMs && !firsts.has(durationMs)) firsts.set(durationMs, id);
        }
        expect(lists.nextMs()).toBe(set.length === 0 ? -1 : dueMs);
        expect(
          lists
            .firsts()
            .map(({ id }) => id)
            .sort(),
        ).toEqual([...firsts.values()].sort());
        expect([...lists.all()].map(({ id }) => id).sort()).toEqual(set.map(({ id }) => id).sort());
        expect(lists.refed).toBe(set.filter(({ refed }) => refed).length);
      }
    }),
  );
});
