import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fifo } from './fifo.ts';

type Step = { readonly kind: 'push' | 'unshift' | 'remove'; readonly item: number } | { readonly kind: 'shift' };

const item = fc.nat(12);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('push', 'unshift', 'remove'), item }),
  fc.record({ kind: fc.constant('shift') }),
);

test('a queue holds what a list would, whatever is done with it, also beyond its first places and around its end', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      const fifo = new Fifo<number>();
      const list: number[] = [];
      for (const done of steps) {
        switch (done.kind) {
          case 'push':
          case 'unshift':
            // `remove` is for items that stand in it once.
            if (list.includes(done.item)) continue;
            fifo[done.kind](done.item);
            list[done.kind](done.item);
            break;
          case 'remove':
            fifo.remove(done.item);
            if (list.includes(done.item)) list.splice(list.indexOf(done.item), 1);
            break;
          case 'shift':
            expect(fifo.shift()).toBe(list.shift());
        }
        expect(fifo.length).toBe(list.length);
        expect([...fifo]).toEqual(list);
      }
    }),
    { numRuns: 300 },
  );
});
