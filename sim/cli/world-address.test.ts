/** Which world a command is about: its flag, then the nearest package.json, then MeshOS. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../testing/scratch-folder.testing.ts';
import { addressOfUser } from './world-address.ts';

const folder = scratchFolder();
const inner = join(folder, 'a', 'b');
mkdirSync(inner, { recursive: true });
for (const file of ['world.ts', 'a/b/mine.test.ts', 'odd#name.mjs']) writeFileSync(join(folder, file), '');
const url = (file: string): string => pathToFileURL(join(folder, file)).href;
const manifest = (text: string): void => writeFileSync(join(folder, 'package.json'), text);

describe('the world of a command', () => {
  it.each([
    ['../../world.ts', { module: url('world.ts'), name: undefined }],
    ['../../world.ts#counters', { module: url('world.ts'), name: 'counters' }],
    ['mine.test.ts#a suite: waits #2', { module: url('a/b/mine.test.ts'), name: 'a suite: waits #2' }],
  ])('is found from the current folder: %s', (flag, address) => {
    expect(addressOfUser(flag, inner)).toEqual(address);
  });

  it('is that of the nearest package.json, from its folder', () => {
    manifest('{ "sim": { "world": "world.ts#w" } }');
    expect(addressOfUser(undefined, inner)).toEqual({ module: url('world.ts'), name: 'w' });
    expect(addressOfUser('mine.test.ts', inner)?.module).toBe(url('a/b/mine.test.ts'));
    writeFileSync(join(inner, 'package.json'), '{ "bin": { "sim": "x.js" } }');
    expect(addressOfUser(undefined, inner)).toBeUndefined();
  });

  it.each([
    ['nowhere.ts', /^--world: .*nowhere\.ts: there is no such file$/],
    ['.', /there is no such file$/],
    ['#w', /^--world: expected FILE or FILE#NAME; found "#w"$/],
    ['world.ts#', /expected FILE or FILE#NAME/],
  ])('is refused in one line where it is none: %s', (flag, message) => {
    expect(() => addressOfUser(flag, folder)).toThrow(message);
  });

  it.each([
    ['{ "sim": { "world": 3 } }', /package\.json: sim\.world: expected a text, FILE#NAME$/],
    ['{ "sim": { "world": "gone.ts" } }', /package\.json: sim\.world: .*gone\.ts: there is no such file$/],
    ['{ "sim": ', /package\.json: expected JSON$/],
  ])('is refused where package.json says it wrongly: %s', (text, message) => {
    manifest(text);
    expect(() => addressOfUser(undefined, folder)).toThrow(message);
  });

  it('is MeshOS where nobody says another', () => {
    for (const text of ['{}', '{ "sim": 1 }', '{ "sim": { "other": 1 } }']) {
      manifest(text);
      expect(addressOfUser(undefined, folder)).toBeUndefined();
    }
  });
});
