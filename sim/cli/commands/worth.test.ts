/** What `sim sweep` says its result is worth, and the flags that ask for more of it. */
import { describe, expect, it } from 'vitest';
import { sim } from '../testing/command.testing.ts';

const words = (line: string): readonly string[] => line.split(' ');

describe('the summary of a sweep', () => {
  it('fits a screen, and the JSON has all of it', async () => {
    const { status, out, err } = await sim(words('sweep --runs 6 --from 100 --json'));
    expect(status).toBe(0);
    const lines = err.trimEnd().split('\n');
    expect(lines.length).toBeLessThan(40);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(120);
    expect(err).toMatch(/^violations {2}none in 6 runs: at most 39\.3 % of runs like these/m);
    expect(err).toMatch(/^marks {7}[0-9]+ of 128 reached; never: /m);
    expect(err).toMatch(
      /^floors {6}[0-9]+ of [0-9]+ met, [0-9]+ undecided, half of which [0-9]+ more runs would decide$/m,
    );
    expect(err).toMatch(/^behaviours {2}[0-9]+ pairs of marks and states; new ones in /m);
    expect(err).toMatch(/^mutants {5}/m);
    const result = JSON.parse(out);
    expect(result.violation).toMatchObject({ runs: 6, failed: 0, estimate: 0, low: 0 });
    expect(result.violation.high).toBeCloseTo(1 - 0.05 ** (1 / 6), 10);
    expect(result.virtualMs).toBeGreaterThan(0);
    expect(result.behaviours).toMatchObject({ runs: 6, fingerprints: { distinct: 6 } });
    expect(Object.keys(result.markRuns)).toEqual(Object.keys(result.marks));
    const [floor] = result.floors;
    expect(result.markRuns[floor.mark]).toBe(floor.hits);
    expect(floor).toMatchObject({ atLeast: expect.any(Number), runs: 6, low: expect.any(Number) });
    expect(result).not.toHaveProperty('goals');
  });
});
