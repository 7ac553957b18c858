import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { stackLines, withOriginalPlaces } from './original-place.ts';

/** Line 1 of the built file is line 3 of its source, column for column. */
const MAP = { version: 3, sources: ['../own.ts'], names: [], mappings: 'AAEA' };

function built({ withSource }: { readonly withSource: boolean }): string {
  const folder = scratchFolder();
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'dist/own.js.map'), JSON.stringify(MAP));
  if (withSource) writeFileSync(join(folder, 'own.ts'), '');
  return folder;
}

describe('a place in a built file', () => {
  it('is shown in the source that its map names', () => {
    const folder = built({ withSource: true });
    expect(withOriginalPlaces(`Date.now reached at ${folder}/dist/own.js:1:1, twice`)).toBe(
      `Date.now reached at ${folder}/own.ts:3:1, twice`,
    );
  });

  it('stays where the source is not there, or no map is', () => {
    const folder = built({ withSource: false });
    for (const file of ['own.js', 'other.js']) {
      expect(withOriginalPlaces(`at file://${folder}/dist/${file}:1:1`)).toBe(`at ${folder}/dist/${file}:1:1`);
    }
  });
});

describe('a stack for people', () => {
  const harness = `    at run (${new URL('../../scenario/run/run.ts', import.meta.url).href}:9:9)`;

  it('has the frames of the system, from the current folder, and none of Node’s or the harness’s', () => {
    const own = `    at Log.append (file://${process.cwd()}/src/log.ts:5:6)`;
    const stack = ['Error: x', own, harness, '    at listOnTimeout (node:internal/timers:1:2)'].join('\n');
    expect(stackLines(stack)).toEqual(['at Log.append (src/log.ts:5:6)']);
  });

  it('has the frames of the harness if there are no others', () => {
    expect(stackLines(`Error: x\n${harness}`)).toEqual([
      expect.stringMatching(/^at run \(.*scenario\/run\/run\.ts:9:9\)$/),
    ]);
  });
});
