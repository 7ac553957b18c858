/** `sim sweep` that goes on until something is reached, as long as that takes. */
import { describe, expect, it } from 'vitest';
import { signalled, sim } from './command.testing.ts';

const words = (line: string): readonly string[] => line.split(' ');

describe('sim sweep --until-stable', () => {
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
    const { status, out } = await sim(words('sweep --until-stable --json'), { env: signalled('SIGINT', 1000) });
    expect(status).toBe(130);
    const { runs, behaviours, goals } = JSON.parse(out);
    expect(behaviours.runs).toBe(runs);
    expect(goals.stable.reached).toBe(false);
  });
});
