/** A valid scenario file that asks for hours of work, between two that do not. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { sim } from '../testing/command.testing.ts';

/** It is the bound of events that is looked at: no limit of time is to come before it. */
export const NO_LIMIT = ['--run-limit', '10m'];

/** The folder, in which they are in `all`, and the text of those that do not. */
export async function folderOfBusy(): Promise<{ readonly cwd: string; readonly good: string }> {
  const cwd = scratchFolder();
  mkdirSync(join(cwd, 'all'));
  await sim(['new', 'all/1-before'], { cwd });
  const good = readFileSync(join(cwd, 'all/1-before.yaml'), 'utf8');
  writeFileSync(join(cwd, 'all/2-busy.yaml'), busy(good));
  writeFileSync(join(cwd, 'all/3-after.yaml'), good);
  return { cwd, good };
}

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
