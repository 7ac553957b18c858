/** A failure of a simulated test as a script that Node alone runs; more of them in the thorough suite. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { program, sim } from '../testing/command.testing.ts';

const KEPT = `format: 1
name: lost
world: deposits made at once add up
semantics: test
seed: "1"
config: {}
workload:
  - { key: deposit1, at: 0, kind: deposit, amount: 1 }
  - { key: deposit2, at: 0, kind: deposit, amount: 1 }
faults: []
expect:
  violates: expectation
seeded: []
`;

it('export --plain writes a script that fails as the test did, and has tried it', async () => {
  const cwd = scratchFolder();
  mkdirSync(join(cwd, 'node_modules'));
  for (const [name, path] of Object.entries({ 'meshos-sim': '.', vitest: 'node_modules/vitest' }))
    symlinkSync(resolve(path), join(cwd, 'node_modules', name));
  await sim(['init'], { cwd });
  writeFileSync(join(cwd, 'lost.yaml'), KEPT);
  const world = ['--world', 'sim-example.test.ts#deposits made at once add up'];
  const { status, out } = await sim(['export', '--plain', 'lost.yaml', ...world], { cwd });
  expect(out).toBe('lost.mjs\n\nit failed in 3 of 3 tries here\nrun: node lost.mjs\n');
  expect(status).toBe(0);
  const text = readFileSync(join(cwd, 'lost.mjs'), 'utf8');
  expect(text).toContain('{"key":"deposit1","at":0,"kind":"deposit","amount":1},\n');
  expect(text).not.toContain('meshos');
  const ran = await program(process.execPath, ['lost.mjs'], { cwd });
  expect(ran.err).toMatch(/^failed: deposit2:\nAssertionError.*: expected 1 toBe 2\n/);
  expect((await sim(['export', 'lost.yaml', ...world], { cwd })).err).toBe(
    'sim: export: which form? --plain is the only one\n',
  );
});
