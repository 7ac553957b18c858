/** The short form of `npm run check:conformance`. */
import { expect, test } from 'vitest';
import { compare } from './compare.ts';

test('Node shows nothing that a program may not log, and a virtual host all that it may and nothing else', async () => {
  const { faults } = await compare(3, 50);
  expect(faults).toEqual([]);
});
