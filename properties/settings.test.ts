import { describe, expect, it } from 'vitest';
import { currentCommit, type Environment, readSettings } from './settings.testing.ts';

const COMMIT = 'deadbeef0123456789abcdef0123456789abcdef';

function settings(environment: Environment) {
  return readSettings(environment, () => COMMIT);
}

describe('the settings of the properties', () => {
  it('are 2,000 runs from one seed that is always the same', () => {
    expect(settings({})).toEqual({ runs: 2000, seed: 1, seedOrigin: 'default' });
    expect(settings({ CI: 'false' })).toEqual(settings({}));
  });

  it('take the seed from the commit in CI, cut to the 32 bits that fast-check has', () => {
    expect(settings({ CI: 'true' })).toEqual({ runs: 2000, seed: 0xdeadbeef, seedOrigin: 'commit deadbeef0123' });
    expect(readSettings({ CI: 'true' }, () => null)).toMatchObject({ seed: 1 });
  });

  it('are raised, lowered and replayed by the environment', () => {
    expect(settings({ SIM_RUNS: '100' }).runs).toBe(100);
    expect(settings({ CI: 'true', SIM_SEED: '0xffffffff', SIM_PATH: '12:0:3', SIM_COMMANDS: 'AAB:C' })).toEqual({
      runs: 2000,
      seed: 0xffffffff,
      seedOrigin: 'SIM_SEED',
      path: '12:0:3',
      commands: 'AAB:C',
    });
  });

  it('refuse what they cannot take at its word', () => {
    for (const environment of [
      { SIM_RUNS: '0' },
      { SIM_RUNS: '' },
      { SIM_RUNS: '1e3' },
      { SIM_RUNS: '99999999999999999999' },
      { SIM_SEED: '4294967296' },
      { SIM_SEED: '-1' },
      { SIM_SEED: 'random' },
      { SIM_SEED: '1', SIM_PATH: '12:' },
      { SIM_PATH: '12' },
    ]) {
      expect(() => settings(environment)).toThrow(RangeError);
    }
  });

  it('find the commit that is checked out, if one is', () => {
    expect(currentCommit() ?? COMMIT).toMatch(/^[\da-f]{40}$/);
  });
});
