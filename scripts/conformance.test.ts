/** The short form of `npm run check:conformance`. */
import { expect, test } from 'vitest';
import { compare } from './conformance/compare.ts';
import { PROGRAMS } from './conformance/programs.ts';

test('Node shows nothing that a program may not log, and a virtual host all that it may and nothing else', async () => {
  const { faults } = await compare(3, 50);
  expect(faults).toEqual([]);
});

test('each program has a name of its own, at least one log, and a reason', () => {
  expect(new Set(PROGRAMS.map(({ name }) => name)).size).toBe(PROGRAMS.length);
  for (const { name, why, logs } of PROGRAMS) {
    expect([name, why === '', logs.length === 0, new Set(logs).size]).toEqual([name, false, false, logs.length]);
  }
});
