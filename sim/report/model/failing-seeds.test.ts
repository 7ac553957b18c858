/** Failing seeds as people read them: grouped, never a flood, and with nothing in them that can pass for a line of its own. */
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { Failure, Problem } from '../../sweep/counts/tally.ts';
import { failingSeedLines } from './failing-seeds.ts';

const plain = picocolors.createColors(false);
const replay = (seed: bigint): string => `npx sim run --seed ${seed}`;

const failure = (seed: bigint, invariant: string, message = 'it broke'): Failure => ({
  seed,
  invariant,
  atMs: 7,
  message,
});

function lines(failures: readonly Failure[], problems: readonly Problem[] = [], truncated = false): readonly string[] {
  return failingSeedLines({ failures: [...failures], problems: [...problems], truncated }, replay, plain);
}

describe('the failing seeds of a sweep', () => {
  it('are told by invariant, each with its first seed, that seed again as a command, and the others', () => {
    const failures = [failure(3n, 'b', 'b broke'), failure(3n, 'a', 'a broke'), failure(5n, 'a'), failure(9n, 'a')];
    const problems: Problem[] = [{ seed: 4n, verdict: 'foreign-await', problem: 'waiting for t' }];
    expect(`\n${lines(failures, problems).join('\n')}`).toMatchInlineSnapshot(`
      "

      b: 1 seed
        at 7 ms: b broke
        npx sim run --seed 3

      a: 3 seeds
        at 7 ms: a broke
        npx sim run --seed 3
        also seeds 5, 9

      foreign-await: 1 seed
        waiting for t
        npx sim run --seed 4

      The JSON lists every seed with what it violates: run the same command with --json."
    `);
  });

  it('are none where none fails', () => {
    expect(lines([])).toEqual([]);
  });

  it('name as many seeds as fit, whole, and say how many more there are', () => {
    const seeds = Array.from({ length: 3000 }, (_, i) => 18_446_744_073_709_540_000n + BigInt(i));
    const [, , , , first = '', second = ''] = lines(seeds.map((seed) => failure(seed, 'a')));
    const told = [...`${first} ${second}`.matchAll(/\d{20}/g)].map(([seed]) => BigInt(seed));
    expect(told).toEqual(seeds.slice(1, 1 + told.length));
    expect(told.length).toBeGreaterThan(3);
    expect(second).toMatch(new RegExp(`\\d{20} and ${seeds.length - 1 - told.length} more$`));
  });

  it('are no more than a screen or two, however many they are and whatever they say', () => {
    const nasty = '\u001b[2J\r\nnpx sim rm\u202e '.repeat(500);
    const failures = Array.from({ length: 9000 }, (_, i) => failure(BigInt(i), `invariant-${i % 30}`, nasty));
    const problems: Problem[] = [{ seed: 4n, verdict: 'nondeterminism', problem: nasty }];
    const all = lines(failures, problems, true);
    expect(all.length).toBeLessThan(60);
    for (const line of all) {
      expect(line.length).toBeLessThanOrEqual(100);
      expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
    }
    expect(all.join('\n')).toMatch(/\nand invariant-8 \(300 seeds\), invariant-9 \(300 seeds\)/);
    expect(all.join('\n')).toContain('--json');
    expect(all.at(-1)).toContain('Only the lowest failing seeds');
  });
});
