/** Every committed scenario that holds is violated beside the bug that it was kept for. */
import { expect, it } from 'vitest';
import { BUGS, besideBug } from './planted-in-scenarios.testing.ts';

it.each(Object.entries(BUGS))('%s is violated beside the bug it was kept for: %s', async (name, bug) => {
  expect(await besideBug(name, bug)).toBe('violated');
});
