/** Committed scenarios that hold have to be able to break: each is kept for a bug, beside which it is violated. */
import { relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findScenarioFiles } from '../../sim/scenario/file/disk.ts';
import { SCENARIOS } from '../build/scenario-digests.ts';
import { BUGS, besideBug } from './planted-in-scenarios.testing.ts';

describe('a committed scenario that holds', () => {
  it('is here with a bug, each of them', () => {
    const names = findScenarioFiles([SCENARIOS]).map(({ path }) => relative(SCENARIOS, path).replace(/\.yaml$/, ''));
    expect(names.filter((name) => !name.endsWith('-021'))).toEqual(Object.keys(BUGS));
  });

  it.each(Object.entries(BUGS).slice(0, 1))('%s is violated beside the bug it was kept for: %s', async (name, bug) => {
    expect(await besideBug(name, bug)).toBe('violated');
  });
});
