/** A process may forbid to make code of strings, which is how the writers of traces are made elsewhere. */
import { expect, test } from 'vitest';
import { MAIN, program } from './testing/command.testing.ts';

test('a process that may not make code of strings runs a seed to the same result', async () => {
  const resultWith = async (flags: readonly string[]): Promise<unknown> => {
    const { out } = await program(process.execPath, [...flags, MAIN, 'run', '--seed', '42', '--json']);
    return JSON.parse(out);
  };
  const forbidden = await resultWith(['--disallow-code-generation-from-strings']);
  expect(forbidden).toMatchObject({ verdict: 'held', digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(forbidden).toEqual(await resultWith([]));
});
