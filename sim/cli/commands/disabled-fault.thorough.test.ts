/**
 * A fault that the injector passes over must not make the scenarios that rest on it green: a copy of the build, in which
 * that is so, replays the committed scenarios as vacuous.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { copyOfBuild, program } from '../testing/command.testing.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const INJECT = /^( *)inject\(fault, name\) \{$/m;

it('`sim replay` exits with 2 and names the scenarios that a disabled kind of fault leaves vacuous', async () => {
  const copy = copyOfBuild();
  const replay = () =>
    program(process.execPath, [join(copy, 'dist/sim/cli/main.js'), 'replay', 'scenarios'], { cwd: ROOT });
  expect((await replay()).status).toBe(0);

  const file = join(copy, 'dist/mesh/system/instance.js');
  const source = readFileSync(file, 'utf8');
  expect(source).toMatch(INJECT);
  writeFileSync(
    file,
    source.replace(INJECT, (line) => `${line} if (fault.kind === 'dispatch-panic') return;`),
  );
  const { status, out } = await replay();
  expect(status).toBe(2);
  expect(out.split('\n').filter((line) => line.startsWith('vacuous'))).toEqual([
    expect.stringContaining('scenarios/fixed-in-net-mesh/dispatcher-throws.yaml: '),
  ]);
});
