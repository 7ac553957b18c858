/** The hash of a name, by which every draw is made. Every seed ever reported depends on it: change it on purpose only, and say so in CHANGELOG.md. */
import { expect, test } from 'vitest';
import { type Name, parseName } from './name.ts';

function hashOf({ low, high }: Name): string {
  return [low, high].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}

test('a name hashes the same from version to version', () => {
  const names = [
    '',
    'a',
    'op:k7',
    'op:k7/attempt:2/latency',
    'fault:f3',
    'n1/i0/executor/t:1500/n:0',
    'x:日本',
    'big:9007199254740991',
    'op:k7/wake:n1%2Fi0%2Fexecutor',
  ];
  expect(Object.fromEntries(names.map((text) => [text, hashOf(parseName(text))]))).toMatchInlineSnapshot(`
    {
      "": "3c6ef372a54ff53a",
      "a": "d2788782dad9bdf6",
      "big:9007199254740991": "dcb108e57ccb86ee",
      "fault:f3": "95ae087f4c969db6",
      "n1/i0/executor/t:1500/n:0": "9304a94a4da3fc97",
      "op:k7": "fa2d5a13e1d549bf",
      "op:k7/attempt:2/latency": "7f054d8b3301f43d",
      "op:k7/wake:n1%2Fi0%2Fexecutor": "79d3694b61ac41ef",
      "x:日本": "b1e9786b6b1263f7",
    }
  `);
});
