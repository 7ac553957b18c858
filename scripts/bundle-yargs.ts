/**
 * Puts yargs into the built command, as one file beside it. Loaded from its own thirty files, yargs more than doubles the
 * time that `node` needs to start; half of that is a table of emoji widths, which help texts in plain ASCII don't need.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';

const CLI_DIR = join(import.meta.dirname, '../sim/cli');
const PLAIN_WIDTH = '\0plain-width';

const bundle = await rolldown({
  input: 'yargs',
  platform: 'node',
  plugins: [
    {
      name: 'plain-width',
      resolveId: (id) => (id === 'string-width' ? PLAIN_WIDTH : undefined),
      load: (id) => (id === PLAIN_WIDTH ? 'export default (text) => text.length;' : undefined),
    },
  ],
});
const { output } = await bundle.write({ file: join(CLI_DIR, 'yargs.js'), format: 'esm' });
await bundle.close();

writeFileSync(join(CLI_DIR, 'yargs.LICENSES.txt'), licencesOf(output[0].moduleIds));

const importers = readdirSync(CLI_DIR).filter((name) => name.endsWith('.js') && pointsAtBundle(join(CLI_DIR, name)));
if (!importers.includes('main.js')) {
  throw new Error('dist/sim/cli/main.js does not import yargs: the bundle would go unused.');
}

/** Whether the file imports yargs, by its own name (then rewritten here) or, from an earlier build, from the bundle. */
function pointsAtBundle(path: string): boolean {
  const text = readFileSync(path, 'utf8');
  const rewritten = text.replace(/from 'yargs'/, "from './yargs.js'");
  if (rewritten !== text) {
    writeFileSync(path, rewritten);
  }
  return rewritten.includes("from './yargs.js'");
}

/** The licence of every package in the bundle: each asks to go with every copy. */
function licencesOf(moduleIds: readonly string[]): string {
  const packages = new Set(
    moduleIds.map((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0]).filter((path) => path !== undefined),
  );
  return [...packages]
    .sort()
    .map((path) => {
      const file = readdirSync(path).find((name) => /^licen[cs]e/i.test(name));
      if (file === undefined) {
        throw new Error(`${path} has no licence file to go with the bundle.`);
      }
      return `${path.slice(dirname(path).length + 1)}\n\n${readFileSync(join(path, file), 'utf8').trim()}\n`;
    })
    .join('\n----\n\n');
}
