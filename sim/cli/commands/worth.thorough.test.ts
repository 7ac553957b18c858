/** `sim sweep` that goes on until something is reached, as long as that takes. */
import { describe, expect, it } from 'vitest';
import { sim } from '../testing/command.testing.ts';
import { TELL_WORKER, underWay } from '../testing/under-way.testing.ts';

const words = (line: string): readonly string[] => line.split(' ');

describe('sim sweep --until-stable', () => {
  it('ends with 2, and says so, when its runs were too few, by default for less than 2 %', async () => {
    const { status, out, err } = await sim(words('sweep --runs 4 --profile calm --json --until-stable'));
    expect(status).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ runs: 4, goals: { stable: { below: 0.02, reached: false } } });
    expect(err).toContain('not stable: new pairs may be in 2.0 % of runs or more');
  });

  it.concurrent.each(['0', '1', '100%', '-1%', 'x', '1 %', '0x1', '1% --until-stable 2%'])(
    'is refused with %s',
    async (share) => {
      const { status, out, err } = await sim(words(`sweep --runs 1 --until-stable=${share}`));
      expect({ status, out }).toEqual({ status: 64, out: '' });
      expect(err).toMatch(/^sim: [^\n]+\n$/);
    },
  );

  it('ends with 0 when it came to be stable', async () => {
    const { status, out, err } = await sim(words('sweep --runs 160 --until-stable 95% --json'));
    expect(JSON.parse(out)).toMatchObject({ runs: 160, goals: { stable: { below: 0.95, reached: true } } });
    expect(err).toContain('stable after 160 runs: new pairs in less than 95.0 % of runs');
    expect(status).toBe(0);
  });

  it('ends with 2 when its time was up first', async () => {
    const { status, out } = await sim(words('sweep --time 2s --json --until-stable 0.001'));
    expect(status).toBe(2);
    expect(JSON.parse(out).goals.stable).toMatchObject({ below: 0.001, reached: false });
  });

  it('says what it has when it is interrupted, and ends with 130', async () => {
    const { child, ended } = await underWay(TELL_WORKER, ['--until-stable']);
    child.kill('SIGINT');
    const { status, out } = await ended;
    expect(status).toBe(130);
    const { runs, behaviours, goals } = JSON.parse(out);
    expect(behaviours.runs).toBe(runs);
    expect(goals.stable.reached).toBe(false);
  });
});

describe('sim sweep --check-coverage', () => {
  it('ends with 2 where floors are undecided, which is otherwise only said', async () => {
    const [checked, unchecked] = await Promise.all([
      sim(words('sweep --runs 4 --json --check-coverage')),
      sim(words('sweep --runs 4 --json')),
    ]);
    expect([checked.status, unchecked.status]).toEqual([2, 0]);
    expect(JSON.parse(checked.out).goals).toEqual({ floorsDecided: { reached: false } });
    expect(JSON.parse(unchecked.out).floors.some(({ state }: { state: string }) => state === 'undecided')).toBe(true);
  });
});
