import { describe, expect, it } from 'vitest';
import { chanceOfNew } from './discovery.ts';
import { drawsOf } from './draws.testing.ts';

describe('the chance of something new', () => {
  it('is the share of samples that show what no other does', () => {
    expect(chanceOfNew({ samples: 200, once: 10, twice: 0 }).estimate).toBe(0.05);
  });

  it('is unknown before the first sample, and bounded where nothing was seen once', () => {
    expect(chanceOfNew({ samples: 0, once: 0, twice: 0 })).toEqual({ estimate: 1, low: 0, high: 1 });
    const none = chanceOfNew({ samples: 1000, once: 0, twice: 0 });
    expect(none).toMatchObject({ estimate: 0, low: 0 });
    expect(none.high * 1000).toBeCloseTo(3.83, 2);
  });

  it('is certain, nearly, where every sample was new', () => {
    const all = chanceOfNew({ samples: 1000, once: 1000, twice: 0 });
    expect(all.estimate).toBe(1);
    expect(all.low).toBeGreaterThan(0.995);
    expect(all.high).toBeCloseTo(1, 12);
  });

  it('is known less well where much was seen twice', () => {
    const { low, high } = chanceOfNew({ samples: 1000, once: 100, twice: 0 });
    const wider = chanceOfNew({ samples: 1000, once: 100, twice: 100 });
    expect(wider.high - wider.low).toBeGreaterThan(1.2 * (high - low));
  });
});

/** What is in a sample: some of the species there are. `chances` are those of the species, by which the truth is known. */
interface Population {
  readonly sample: (draw: () => number) => readonly number[];
  /** The chance that a sample shows a species that is not among those seen. */
  readonly unseen: (seen: ReadonlySet<number>) => number;
}

/** One species a sample. */
function oneOf(chances: readonly number[]): Population {
  return {
    sample: (draw) => {
      let left = draw();
      for (const [species, chance] of chances.entries()) {
        left -= chance;
        if (left < 0) return [species];
      }
      return [chances.length - 1];
    },
    unseen: (seen) => chances.reduce((sum, chance, species) => sum + (seen.has(species) ? 0 : chance), 0),
  };
}

/** Each species or not, by itself. */
function anyOf(chances: readonly number[]): Population {
  return {
    sample: (draw) => [...chances.keys()].filter((species) => draw() < (chances[species] ?? 0)),
    unseen: (seen) => 1 - chances.reduce((none, chance, species) => none * (seen.has(species) ? 1 : 1 - chance), 1),
  };
}

function normed(weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

const zipf = (species: number, power: number): readonly number[] =>
  Array.from({ length: species }, (_, rank) => 1 / (rank + 1) ** power);

describe('the interval of the chance of something new', () => {
  it.each<[string, Population, number]>([
    ['of species as common as each other', oneOf(normed(zipf(300, 0))), 300],
    ['of species some of which are common', oneOf(normed(zipf(400, 1))), 300],
    ['of species nearly all of which were seen', oneOf(normed(zipf(40, 1))), 300],
    ['of samples that show many species', anyOf(zipf(120, 1.5).map((chance) => chance / 2)), 200],
    ['of samples that show rare species in pairs', anyOf(zipf(60, 2)), 150],
  ])('%s covers the truth about 95 times in a hundred', (name, population, samples) => {
    const draw = drawsOf(name);
    const rounds = 400;
    let covered = 0;
    let bias = 0;
    for (let round = 0; round < rounds; round += 1) {
      const drawn = Array.from({ length: samples }, () => population.sample(draw));
      const truth = population.unseen(new Set(drawn.flat()));
      const { estimate, low, high } = chanceOfNew({ samples, ...counted(drawn) });
      if (low <= truth && truth <= high) covered += 1;
      bias += (estimate - truth) / rounds;
    }
    expect(covered / rounds).toBeGreaterThan(0.92);
    expect(Math.abs(bias)).toBeLessThan(0.01);
  });
});

function counted(drawn: readonly (readonly number[])[]): { readonly once: number; readonly twice: number } {
  const times = new Map<number, number>();
  for (const species of drawn.flat()) times.set(species, (times.get(species) ?? 0) + 1);
  const showing = (n: number): number => drawn.filter((sample) => sample.some((s) => times.get(s) === n)).length;
  return { once: showing(1), twice: showing(2) };
}
