/** Strategies of exploration are choosers: nothing of the kernel knows them. */
import { describe, expect, test } from 'vitest';
import { Kernel } from '../kernel.ts';
import { type Chooser, PlainChooser, SeededChooser } from './chooser.ts';
import { type Name, name } from './name.ts';
import { RecordingChooser, ScriptedChooser } from './recording.ts';

/** Two tasks that each read a counter and write it back: the second write loses the first one if both read before. */
async function counted(chooser: Chooser): Promise<number> {
  const kernel = new Kernel({ chooser });
  let counter = 0;
  for (const role of ['left', 'right']) {
    kernel.root.spawn(role, async () => {
      const read = counter;
      await kernel.root.yield();
      counter = read + 1;
    });
  }
  await kernel.run();
  return counter;
}

/** Depth first through every choice: ranks of `breadth` levels, draws in full. */
class ExhaustiveChooser implements Chooser {
  readonly #breadth: number;
  readonly #path: { value: number; readonly bound: number }[] = [];
  #depth = 0;

  constructor(breadth: number) {
    this.#breadth = breadth;
  }

  draw(_name: Name, bound: number): number {
    return this.#next(bound);
  }

  rank(_name: Name): number {
    return this.#next(this.#breadth);
  }

  /** Moves to the next unexplored run; false when there is none. */
  advance(): boolean {
    this.#depth = 0;
    for (;;) {
      const last = this.#path.at(-1);
      if (last === undefined) return false;
      last.value += 1;
      if (last.value < last.bound) return true;
      this.#path.pop();
    }
  }

  #next(bound: number): number {
    const step = this.#path[this.#depth] ?? { value: 0, bound };
    this.#path[this.#depth] = step;
    this.#depth += 1;
    return step.value;
  }
}

/** Burckhardt et al., "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS 2010. */
class PctChooser implements Chooser {
  readonly #seeded: SeededChooser;
  readonly #priorities = new Map<string, number>();
  readonly #changes: ReadonlySet<number>;
  #ranked = 0;

  constructor(seed: bigint, depth: number, steps: number) {
    this.#seeded = new SeededChooser(seed);
    this.#changes = new Set(Array.from({ length: depth - 1 }, (_, i) => this.#seeded.draw(name('change', i), steps)));
  }

  draw(drawn: Name, bound: number): number {
    return this.#seeded.draw(drawn, bound);
  }

  /** A task keeps its priority until a change point, where it falls behind all others. */
  rank(ranked: Name): number {
    const task = taskOf(ranked);
    let priority = this.#priorities.get(task) ?? this.#seeded.draw(name('priority', task), 2 ** 31);
    if (this.#changes.has(this.#ranked)) priority = 2 ** 31 + this.#ranked;
    this.#ranked += 1;
    this.#priorities.set(task, priority);
    return priority;
  }
}

/** A wait is named after its task, or after what woke it and its task. */
function taskOf(ranked: Name): string {
  for (let at: Name | undefined = ranked; at !== undefined; at = at.parent) {
    if (at.label === 'wake') return String(at.value);
    if (at.label === 't') return String(at.parent);
  }
  return String(ranked);
}

describe('a race that only some schedules lose', () => {
  test('is found by going through all schedules, and so is its end', async () => {
    const chooser = new ExhaustiveChooser(2);
    const outcomes = new Map<number, number>();
    let runs = 0;
    do {
      const count = await counted(chooser);
      outcomes.set(count, (outcomes.get(count) ?? 0) + 1);
      runs += 1;
    } while (chooser.advance() && runs < 1000);
    expect([...outcomes.keys()].sort()).toEqual([1, 2]);
    expect(runs).toBeLessThan(100);
  });

  test('is found by PCT within a few seeds', async () => {
    const outcomes = new Set<number>();
    for (let seed = 1n; seed <= 30n; seed++) outcomes.add(await counted(new PctChooser(seed, 2, 4)));
    expect(outcomes).toEqual(new Set([1, 2]));
  });

  test('is found by seeds, and replayed from a recording and from a script made of it', async () => {
    const outcomes = new Set<number>();
    for (let seed = 1n; seed <= 30n; seed++) {
      const recording = new RecordingChooser(new SeededChooser(seed));
      const count = await counted(recording);
      outcomes.add(count);
      expect(await counted(new ScriptedChooser(recording.script()))).toBe(count);
      expect(await counted(new SeededChooser(0n, { seeded: [], choices: recording.script() }))).toBe(count);
    }
    expect(outcomes).toEqual(new Set([1, 2]));
    expect(await counted(new PlainChooser())).toBe(1);
  });
});
