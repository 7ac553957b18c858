import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { program } from '../sim/cli/testing/command.testing.ts';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

it.each([
  [
    'tools/checks/check-bad-files',
    '--only 0',
    /^check-bad-files: --only: .*"0" is not a whole number from 1 to \d+\n$/,
  ],
  [
    'tools/checks/check-determinism',
    '--seeds 1e3',
    /^check-determinism: --seeds: .*"1e3" is not a whole number from 1 /,
  ],
  ['tools/checks/check-shrinking', '--only canari', /^check-shrinking: --only: no canari among .*, canary, /],
  [
    'tools/checks/check-shrinking',
    '--replays none',
    /^check-shrinking: --replays: .*"none" is not a whole number from 1 /,
  ],
  ['tools/mutation/mutation', '--jobs', /^mutation: .*--jobs/],
  ['tools/mutation/mutation', '--only src,chain', /^mutation: --only: no chain among src, src\/chain, /],
  ['bench/main', '--only speed', /^main: --only: no speed among kernel, .*, loading-memory\n$/],
  ['bench/main', 'memory', /^main: .*'memory'/],
])('%s %s is refused in a line, with 64', async (script, options, message) => {
  const { status, out, err } = await program(process.execPath, [`${DIST}${script}.js`, ...options.split(' ')]);
  expect({ status, out }).toEqual({ status: 64, out: '' });
  expect(err).toMatch(/^[^\n]+\n$/);
  expect(err).toMatch(message);
});
