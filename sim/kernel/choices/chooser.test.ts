import { describe, expect, test } from 'vitest';
import { CLOSED } from '../../../src/runtime/port.ts';
import { Kernel } from '../kernel.ts';
import { type Chooser, DrawnTwiceError, PlainChooser, SeededChooser, UniqueNames } from './chooser.ts';
import { name, parseName } from './name.ts';
import { RecordingChooser, ScriptedChooser } from './recording.ts';

const texts = ['a', 'op:k7/attempt:2/latency', 'fault:f3', 'n1/i0/executor/t:1500/n:0'];

describe('a seeded chooser', () => {
  test('draws from a name alone, in any order and however often', () => {
    const forth = new SeededChooser(7n);
    const back = new SeededChooser(7n);
    const names = Array.from({ length: 100 }, (_, i) => name('x', i));
    const first = names.map((each) => forth.draw(each, 1e6));
    expect(
      names
        .toReversed()
        .map((each) => back.draw(each, 1e6))
        .reverse(),
    ).toEqual(first);
    expect(names.map((each) => forth.draw(each, 1e6))).toEqual(first);
  });

  test('tells seeds apart in either half', () => {
    const seeds = [0n, 1n, 1n << 31n, 1n << 32n, 1n << 63n];
    expect(new Set(seeds.map((seed) => new SeededChooser(seed).rank(name('x')))).size).toBe(seeds.length);
  });

  test('refuses a seed that is not a u64', () => {
    expect(() => new SeededChooser(-1n)).toThrow(RangeError);
    expect(() => new SeededChooser(1n << 64n)).toThrow(RangeError);
  });

  test.each([2, 3, 7, 10, 1000, 3_000_000_000])('draws evenly below %i', (bound) => {
    const chooser = new SeededChooser(99n);
    const buckets = Math.min(bound, 10);
    const counts = new Array<number>(buckets).fill(0);
    const draws = 20_000;
    for (let i = 0; i < draws; i++) {
      const value = chooser.draw(name('even', i), bound);
      expect(Number.isInteger(value) && value >= 0 && value < bound).toBe(true);
      const bucket = Math.floor((value / bound) * buckets);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    const expected = draws / buckets;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // Nine degrees of freedom at most: past 28 comes once in a thousand.
    expect(chiSquare).toBeLessThan(28);
  });

  test('takes the plain choice for names that are not listed as seeded', () => {
    const all = new SeededChooser(5n);
    const some = new SeededChooser(5n, { seeded: ['fault:f3', 'a'] });
    for (const text of texts) {
      const listed = text === 'fault:f3' || text === 'a';
      expect(some.draw(parseName(text), 1e9)).toBe(listed ? all.draw(parseName(text), 1e9) : 0);
      expect(some.rank(parseName(text))).toBe(listed ? all.rank(parseName(text)) : 0);
    }
  });

  test('lets pinned choices win over seed and plain choice, as far as their bound goes', () => {
    const chooser = new SeededChooser(5n, { seeded: ['a'], choices: { a: 3, 'fault:f3': 12 } });
    expect([chooser.draw(name('a'), 10), chooser.rank(name('a'))]).toEqual([3, 3]);
    expect([chooser.draw(parseName('fault:f3'), 20), chooser.draw(parseName('fault:f3'), 5)]).toEqual([12, 4]);
    for (const value of [-1, 0.5, 2 ** 32])
      expect(() => new SeededChooser(5n, { choices: { a: value } })).toThrow(RangeError);
  });

  test('says which listed names nothing was drawn by', () => {
    const chooser = new SeededChooser(5n, { seeded: ['a', 'b', 'both'], choices: { both: 1, 'fault:f3': 12 } });
    expect(chooser.undrawn).toEqual(['a', 'b', 'both', 'fault:f3']);
    for (const drawn of ['a', 'both', 'other']) chooser.draw(name(drawn), 10);
    expect(chooser.undrawn).toEqual(['b', 'fault:f3']);
    chooser.rank(name('b'));
    expect(chooser.undrawn).toEqual(['fault:f3']);
    expect(new SeededChooser(5n).undrawn).toEqual([]);
  });
});

test('a recording replays as a script', () => {
  const recording = new RecordingChooser(new SeededChooser(3n));
  const drawn = texts.map((text) => [recording.draw(parseName(text), 50), recording.rank(parseName(`${text}/rank`))]);
  expect(recording.recorded.get('fault:f3')).toEqual({ value: drawn[2]?.[0], bound: 50 });
  const script = new ScriptedChooser(recording.script());
  expect(texts.map((text) => [script.draw(parseName(text), 50), script.rank(parseName(`${text}/rank`))])).toEqual(
    drawn,
  );
  expect(script.draw(name('unknown'), 50)).toBe(0);
  expect(new ScriptedChooser({}, new SeededChooser(3n)).rank(name('a'))).toBe(new SeededChooser(3n).rank(name('a')));
});

test('a name that is drawn twice is an error that says which', () => {
  const chooser = new UniqueNames(new PlainChooser());
  chooser.draw(name('op', 'k1'), 5);
  chooser.rank(name('op', 'k2'));
  expect(() => chooser.draw(name('op', 'k2'), 5)).toThrow(DrawnTwiceError);
  expect(() => chooser.rank(name('op', 'k1'))).toThrow('the name op:k1 was drawn twice');
});

describe('ranks by hash', () => {
  test('are those of the names, for every kind of wait', async () => {
    const order = async (chooser: Chooser): Promise<string[]> => {
      const kernel = new Kernel({ chooser });
      const { root } = kernel;
      const ran: string[] = [];
      const channel = root.channel<number>(8);
      for (let task = 0; task < 6; task++) {
        root.spawn('sleeper', async () => {
          for (let i = 0; i < 5; i++) {
            await root.sleep(1 + (i % 2));
            ran.push(`sleeper ${task}`);
          }
        });
        root.spawn(
          'receiver',
          async () => {
            for (let item = await channel.receive(); item !== CLOSED; item = await channel.receive()) {
              ran.push(`receiver ${task}: ${item}`);
            }
          },
          task % 2 === 0 ? name('op', `k${task}`) : undefined,
        );
      }
      for (let at = 0; at < 6; at++) {
        for (let i = 0; i < 3; i++) {
          kernel.schedule(at, name('op', `send${at % 3}`), () => {
            ran.push(`send ${at} ${i}`);
            channel.trySend(at);
          });
        }
      }
      kernel.schedule(9, name('op', 'close'), () => channel.close());
      expect(await kernel.run()).toEqual({ kind: 'idle' });
      return ran;
    };
    for (let seed = 1n; seed <= 20n; seed++) {
      const seeded = new SeededChooser(seed);
      expect(seeded.rankOfHash).toBeDefined();
      const byName: Chooser = {
        draw: (drawn, bound) => seeded.draw(drawn, bound),
        rank: (ranked) => seeded.rank(ranked),
      };
      const ran = await order(seeded);
      expect(ran).toEqual(await order(byName));
      expect(ran.length).toBeGreaterThan(60);
    }
  });

  test('are not given where some names are treated in a way of their own', () => {
    expect(new SeededChooser(1n, { seeded: [] }).rankOfHash).toBeUndefined();
    expect(new SeededChooser(1n, { choices: { a: 1 } }).rankOfHash).toBeUndefined();
  });
});
