import { expect, test } from 'vitest';
import { PROGRAMS } from './programs.ts';

test('each program has a name of its own, at least one log, and a reason', () => {
  expect(new Set(PROGRAMS.map(({ name }) => name)).size).toBe(PROGRAMS.length);
  for (const { name, why, logs } of PROGRAMS) {
    expect([name, why === '', logs.length === 0, new Set(logs).size]).toEqual([name, false, false, logs.length]);
  }
});
