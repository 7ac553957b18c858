import { describe, expect, it } from 'vitest';
import { Stream } from '../kernel/choices/streams.ts';
import {
  drawCount,
  drawLengthMs,
  drawPercent,
  drawSwarm,
  drawWindowMaxMs,
  type Hardness,
  LONG_RUN_ONE_IN,
  WINDOW_MAX_MS,
} from './swarm.ts';

const KINDS = ['loss', 'crash', 'pause', 'jump'] as const;

function streamsOf(seed: number): (name: string) => Stream {
  return (name) => new Stream(`${seed}/${name}`);
}

function times<T>(count: number, draw: (nth: number) => T): T[] {
  return Array.from({ length: count }, (_, nth) => draw(nth));
}

describe('the swarm', () => {
  it('has nobody in it, or everybody as hard as can be, where that is asked for', () => {
    expect(drawSwarm(streamsOf(1), KINDS, 'none')).toEqual([]);
    const all = drawSwarm(streamsOf(1), KINDS, 'all').map(({ kind, hardness }) => [kind, hardness]);
    expect(all).toEqual(KINDS.map((kind) => [kind, 3]));
  });

  it('has every combination of kinds in some run', () => {
    const combinations = times(400, (seed) =>
      drawSwarm(streamsOf(seed), KINDS, 'some')
        .map(({ kind }) => kind)
        .join(),
    );
    expect(new Set(combinations).size).toBe(16);
  });

  it('is light in some runs and hard in others', () => {
    const hard = times(400, (seed) => drawSwarm(streamsOf(seed), KINDS, 'some').map(({ hardness }) => hardness)).flat();
    expect(new Set(hard)).toEqual(new Set([1, 2, 3]));
  });

  it('does not change for the others when a kind is added', () => {
    for (let seed = 0; seed < 100; seed += 1) {
      const before = drawSwarm(streamsOf(seed), KINDS, 'some').map(({ kind, hardness }) => `${kind} ${hardness}`);
      const after = drawSwarm(streamsOf(seed), ['new', ...KINDS], 'some')
        .filter(({ kind }) => kind !== 'new')
        .map(({ kind, hardness }) => `${kind} ${hardness}`);
      expect(after).toEqual(before);
    }
  });

  it('has long windows in one run of fifty', () => {
    const long = times(5000, (seed) => drawWindowMaxMs(streamsOf(seed)('windows')) > WINDOW_MAX_MS);
    const share = long.filter(Boolean).length / long.length;
    expect(share * LONG_RUN_ONE_IN).toBeGreaterThan(0.8);
    expect(share * LONG_RUN_ONE_IN).toBeLessThan(1.2);
  });

  it('draws lengths of every magnitude, never beyond what it is told', () => {
    const stream = new Stream('lengths');
    const lengths = times(2000, () => drawLengthMs(stream, 2000));
    expect(Math.min(...lengths)).toBe(1);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(2000);
    for (const [from, to] of [
      [1, 20],
      [21, 200],
      [201, 800],
      [801, 2000],
    ] as const) {
      expect(lengths.filter((length) => length >= from && length <= to).length).toBeGreaterThan(200);
    }
    expect(times(100, () => drawLengthMs(stream, 1))).toEqual(times(100, () => 1));
  });

  it('draws more, and higher shares, the harder it gets', () => {
    const stream = new Stream('amounts');
    const mean = (draw: () => number) => times(500, draw).reduce((sum, value) => sum + value, 0) / 500;
    const counts = ([1, 2, 3] as const).map((hardness: Hardness) => mean(() => drawCount(stream, hardness)));
    const percents = ([1, 2, 3] as const).map((hardness: Hardness) => mean(() => drawPercent(stream, hardness)));
    for (const [light, middle, hard] of [counts, percents]) {
      expect([light ?? 0, middle ?? 0, hard ?? 0]).toEqual([light ?? 0, middle ?? 0, hard ?? 0].sort((a, b) => a - b));
    }
    expect(times(500, () => drawPercent(stream, 1)).every((percent) => percent >= 1 && percent <= 100)).toBe(true);
    expect(times(500, () => drawCount(stream, 1)).every((count) => count >= 1)).toBe(true);
  });
});
