/** A valid file that asks for hours of work, with a low bound of its events: what is said of it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from '../scratch-folder.testing.ts';
import { MAIN, program, sim } from './command.testing.ts';

const cwd = scratchFolder();
mkdirSync(join(cwd, 'all'));
const LIMIT = ['--run-limit', '10m'];

/** Five nodes that ask each other every millisecond of a day. */
function busy(text: string): string {
  const [head = ''] = text.split('\nworkload:');
  return `${head
    .replace('  nodes: 2', '  nodes: 5')
    .replace(/codecs: .*/, 'codecs: [ msgpack, msgpack, msgpack, msgpack, msgpack ]')
    .replace('reRequestMs: 200', 'reRequestMs: 1')}
workload:
  - { key: k1, at: 86400000, kind: submit, node: 1, action: { kind: pull_replica, chain: 7, source: 2 } }
faults: []
`;
}

await sim(['new', 'all/1-before'], { cwd });
const good = readFileSync(join(cwd, 'all/1-before.yaml'), 'utf8');
writeFileSync(join(cwd, 'all/2-busy.yaml'), busy(good));
writeFileSync(join(cwd, 'all/3-after.yaml'), good);

it('has that verdict in a run of its own, and says how to see it again as it can be typed', async () => {
  const args = ['--scenario', 'all/2-busy.yaml', '--max-events', '20000', ...LIMIT];
  const run = await sim(['run', ...args], { cwd });
  expect(run.status).toBe(2);
  expect(run.out).toContain('reached the bound of 20000 events at ');
  const command = /^replay: npx sim (.+)$/m.exec(run.out)?.[1] ?? '';
  expect(command).toMatch(/ --max-events 20000$/);
  const again = await program('bash', ['-c', `"$NODE" "$MAIN" ${command}`], {
    cwd,
    env: { NODE: process.execPath, MAIN },
  });
  expect(again).toEqual(run);
});

it('as JSON, is one document whose lines for people were there before it', async () => {
  let documentBegan = false;
  let linesBefore = '';
  const args = ['replay', '--json', 'all', '--max-events', '20000', ...LIMIT];
  const { status, out, err } = await sim(args, {
    cwd,
    during: (child) => {
      child.stderr?.on('data', (text: string) => {
        if (!documentBegan) linesBefore += text;
      });
      child.stdout?.once('data', () => {
        documentBegan = true;
      });
    },
  });
  const { files, status: told } = JSON.parse(out);
  expect([status, told]).toEqual([2, 2]);
  expect(files.map(({ verdict }: { readonly verdict: string }) => verdict)).toEqual(['held', 'inconclusive', 'held']);
  expect(linesBefore).toMatch(/^held /);
  expect(err).toMatch(/^held .*\ninconclusive .*\nheld .*\n/);
});
