import { expect, it } from 'vitest';
import { frozen } from './frozen.ts';

it('freezes an object and all that is in it but bytes, and gives it back', () => {
  const given = { list: [{ id: 1n }], bytes: Uint8Array.of(1), nothing: null, text: 't' };
  expect(frozen(given)).toBe(given);
  expect(() => Object.assign(given, { text: 'u' })).toThrow(TypeError);
  expect(() => Object.assign(given.list[0] ?? {}, { id: 2n })).toThrow(TypeError);
  expect(() => given.list.push({ id: 2n })).toThrow(TypeError);
  given.bytes[0] = 2;
  expect([frozen(7n), frozen(null), given.bytes[0]]).toEqual([7n, null, 2]);
});
