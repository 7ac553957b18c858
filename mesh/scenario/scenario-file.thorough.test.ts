/** What is generated can be written and read, and is then the same run: of many seeds. */
import { it } from 'vitest';
import { expectReadAsWritten, expectSameRuns } from './scenario-file.testing.ts';

it.each(['calm', 'swarm', 'storm'] as const)('is the same after writing and reading (%s)', async (profile) => {
  await expectReadAsWritten(profile, 11n, 40n);
});

it('runs the same from its file', async () => {
  await expectSameRuns(5n, 25n);
});
