/** A valid file that asks for hours of work, with a low bound of its events: what is said of it. */
import { expect, it } from 'vitest';
import { folderOfBusy, NO_LIMIT } from '../files/busy-file.testing.ts';
import { sim } from '../testing/command.testing.ts';

const { cwd } = await folderOfBusy();

it('as JSON, is one document whose lines for people were there before it', async () => {
  let documentBegan = false;
  let linesBefore = '';
  const args = ['replay', '--json', 'all', '--max-events', '20000', ...NO_LIMIT];
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
