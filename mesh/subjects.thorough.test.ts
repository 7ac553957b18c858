import { expect, it } from 'vitest';
import { failuresThatFit } from './subjects.testing.ts';

it('every message of a failure fits a screen of 25 lines of 100 columns and tells more than its last event', async () => {
  expect(await failuresThatFit('storm', 20n)).toBeGreaterThan(20);
});
