/** The bounded ring, and the appender that is one, against the list of everything that ever arrived. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BufferingAppender } from '../src/chain/appenders.ts';
import { BoundedRing } from '../src/ring/bounded-ring.ts';
import { commandSequences, Step, testProperty } from './property.testing.ts';

/** Capacity 0 counts as 1; what has arrived is never forgotten. */
interface Arrivals {
  readonly capacity: number;
  readonly items: number[];
}

interface Rings {
  readonly ring: BoundedRing<number>;
  readonly appender: BufferingAppender<number>;
}

function held({ capacity, items }: Arrivals): number[] {
  return items.slice(-Math.max(1, capacity));
}

/** The whole of what can be asked of a ring. */
function compare(model: Arrivals, { ring, appender }: Rings): void {
  const expected = held(model);
  const evicted = model.items.length - expected.length;
  assert.deepEqual(ring.toArray(), expected);
  assert.deepEqual(appender.records(), expected);
  assert.deepEqual([ring.length, ring.evicted, ring.newest], [expected.length, evicted, expected.at(-1)]);
  assert.deepEqual([appender.length, appender.droppedCount], [expected.length, evicted]);
  for (let index = -1; index <= expected.length; index += 1) assert.equal(ring.at(index), expected[index]);
}

function step(text: string, act: (model: Arrivals, rings: Rings) => void): Step<Arrivals, Rings> {
  return new Step(text, (model, rings) => {
    act(model, rings);
    compare(model, rings);
  });
}

/** Items may be equal, for a ring is no set. */
const item = fc.integer({ min: 0, max: 9 });

const pushing = fc.array(item, { minLength: 1, maxLength: 12 }).map((items) => {
  return step(`push ${items.join(' ')}`, (model, { ring, appender }) => {
    for (const arrived of items) {
      model.items.push(arrived);
      ring.push(arrived);
      assert.equal(appender.append(arrived), null);
    }
  });
});

/** What the node loop does to mark an entry whose append failed. */
const replacing = item.map((replacement) => {
  return step(`replace the newest by ${replacement}`, (model, { ring, appender }) => {
    if (model.items.length > 0) model.items[model.items.length - 1] = replacement;
    ring.replaceNewest(replacement);
    appender.ring.replaceNewest(replacement);
  });
});

testProperty(
  'a ring holds the newest items in order of arrival and counts exactly those it let go',
  fc.asyncProperty(fc.nat({ max: 12 }), commandSequences([pushing, replacing], 20), async (capacity, sequence) => {
    const setup = () => ({
      model: { capacity, items: [] },
      real: { ring: new BoundedRing<number>(capacity), appender: new BufferingAppender<number>(capacity) },
    });
    await fc.asyncModelRun(setup, sequence);
  }),
);

testProperty(
  'what a ring gave away as its content stays as it was',
  fc.property(fc.nat({ max: 8 }), fc.array(item), item, (capacity, items, late) => {
    const ring = new BoundedRing<number>(capacity);
    for (const arrived of items) ring.push(arrived);
    const given = ring.toArray();
    const before = [...given];
    ring.push(late);
    assert.deepEqual(given, before);
    given.push(late);
    assert.deepEqual(ring.toArray(), [...items, late].slice(-Math.max(1, capacity)));
  }),
);
