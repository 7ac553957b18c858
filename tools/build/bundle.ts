/**
 * Bundles what the package ships into `bin/`, the command and its exports, a few files instead of two hundred: Node takes
 * about half a millisecond for each module it loads, and one short run would spend a third of its time on that. Both come of
 * the same files, so that a user's world and the command that runs it have one kernel, one set of guards and each class once.
 * `dist/` stays as it is, a file a module: it is what tests load and where the types are, and both give the same digests.
 *
 * A module's folder means something (stack traces tell system, kernel and harness apart by it, and workers are found beside
 * their module), so each stays under `src/`, `sim/kernel/`, `mesh/` or `sim/`, and believes itself where it stands in `dist/`.
 */
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { type ChunkingContext, type Plugin, rolldown } from 'rolldown';
import { z } from 'zod';
import { buildDigest } from '../../sim/mutants/record.ts';

const DIST = join(import.meta.dirname, '../..');
const BIN = join(DIST, '../bin');

/** The command, what reads its line and waits for its runs, and what the thread of `sim run` loads. */
const MAIN = join(DIST, 'sim/cli/main.js');
const LINE = ['cli/runs/command-runs', 'cli/command'].map((path) => join(DIST, 'sim', `${path}.js`));
const RUN = ['sim/cli/runs/run-thread', 'sim/cli/runs/told-run', 'sim/cli/world', 'sim/sweep/source', 'mesh/world'].map(
  (path) => join(DIST, `${path}.js`),
);

/** What the package exports, by package.json. */
const Manifest = z.object({ exports: z.record(z.string(), z.union([z.string(), z.object({ default: z.string() })])) });
const EXPORTED = Object.values(Manifest.parse(JSON.parse(readFileSync(join(DIST, '../package.json'), 'utf8'))).exports)
  .flatMap((target) => (typeof target === 'string' ? [] : [target.default]))
  .map((target) => join(DIST, relative('bin', target)));
const PORT = ['port', 'node'].map((name) => join(DIST, 'src/runtime', `${name}.js`));

/** Big, and loaded by few commands: these stay where npm puts them. */
const EXTERNAL = [/^zod$/, /^yaml$/, /^@sinonjs\/fake-timers$/, /^rolldown(?:\/|$)/, /^vitest(?:\/|$)/, /^fast-check$/];

/** `import.meta.url` of a module that shares a file with others. */
const ownUrl: Plugin = {
  name: 'own-url',
  // No line moves by it, and maps give lines: they stay as they are.
  transform: (code, id) =>
    isOwn(id)
      ? { code: code.replaceAll('import.meta.url', `__ownUrl("${relative(DIST, id)}")`), map: null }
      : undefined,
  renderChunk: (code, chunk) => ({
    code: code.replace(/__ownUrl\("([^"]+)"\)/g, (_, path) => {
      const fromHere = relative(dirname(chunk.fileName), path);
      return `new URL("${fromHere.startsWith('.') ? fromHere : `./${fromHere}`}", import.meta.url).href`;
    }),
    map: null,
  }),
};

/** yargs measures its help with tables of emoji widths that take long to load; ours is plain ASCII. */
const plainWidth: Plugin = {
  name: 'plain-width',
  resolveId: (id) => (id === 'string-width' ? '\0plain-width' : undefined),
  load: (id) => (id === '\0plain-width' ? 'export default (text) => text.length;' : undefined),
};

/** What is exported, what the command has before it loads anything, what it loads then, and the modules of one short run. */
const ofExports = new Set<string>();
const ofPort = new Set<string>();
const ofMain = new Set<string>();
const ofLine = new Set<string>();
const ofRun = new Set<string>();

const bundle = await rolldown({
  input: Object.fromEntries(
    [MAIN, ...EXPORTED, ...loadedByAddress()].map((path) => [relative(DIST, path).slice(0, -3), path]),
  ),
  platform: 'node',
  external: EXTERNAL,
  plugins: [ownUrl, plainWidth],
  preserveEntrySignatures: 'allow-extension',
});
rmSync(BIN, { recursive: true, force: true });
const { output } = await bundle.write({
  dir: BIN,
  format: 'esm',
  keepNames: true,
  comments: false,
  // Beside the files, for who prints a place in them; nothing else is to take them up.
  sourcemap: 'hidden',
  entryFileNames: '[name].js',
  chunkFileNames: ({ name, moduleIds: [id = ''] }) =>
    name.includes('/') ? '[name].js' : join(zoneOf(id), 'late/[name].js'),
  codeSplitting: { groups: [{ debugName: 'zones', name: groupOf, includeDependenciesRecursively: false }] },
});
await bundle.close();
hideMaps();
writeFileSync(join(BIN, 'BUILD.txt'), `${buildDigest(join(DIST, '..'))}\n`);
// npm does this when it links a command, and not again after a build.
chmodSync(join(BIN, 'sim/cli/main.js'), 0o755);

const packages = new Set<string>();
for (const file of output) {
  for (const id of file.type === 'chunk' ? file.moduleIds : []) {
    if (!file.fileName.startsWith(zoneOf(id))) {
      throw new Error(`${id} would lie in bin/${file.fileName}, outside of ${zoneOf(id)}/.`);
    }
    if (packageOf(id) !== undefined) {
      packages.add(packageOf(id) ?? '');
    }
  }
}
writeFileSync(join(BIN, 'LICENSES.txt'), licencesOf(packages));
refuseCircles();

/** Files that import each other may be evaluated before what they need: a late load would fail, and nothing else would show it. */
function refuseCircles(): void {
  const imports = new Map(output.map((file) => [file.fileName, file.type === 'chunk' ? file.imports : []]));
  const done = new Set<string>();
  const visit = (name: string, way: readonly string[]): void => {
    if (way.includes(name)) throw new Error(`Files of bin/ import each other: ${[...way, name].join(' > ')}`);
    if (done.has(name)) return;
    for (const imported of imports.get(name) ?? []) visit(imported, [...way, name]);
    done.add(name);
  };
  for (const name of imports.keys()) visit(name, []);
}

/** Maps of modules lie beside them, too, and are named in them, which makes tests of the build see sources in stacks. */
function hideMaps(): void {
  for (const path of readdirSync(DIST, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.js')) continue;
    const file = join(DIST, path);
    const code = readFileSync(file, 'utf8');
    const bare = code.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n');
    if (bare !== code) writeFileSync(file, bare);
  }
}

function isOwn(id: string): boolean {
  return id.startsWith(`${DIST}/`);
}

/** The folder under which a module has to stay. */
function zoneOf(id: string): string {
  const zone = isOwn(id) ? /^src|^sim\/kernel|^mesh|^sim/.exec(relative(DIST, id)) : null;
  return zone?.[0] ?? '';
}

/** The modules that others start or load by their address, which is always written as `beside(import.meta.url, …)`. */
function loadedByAddress(): string[] {
  return readdirSync(join(DIST, 'sim'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.js'))
    .map((path) => join(DIST, 'sim', path))
    .flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/\bbeside\(import\.meta\.url, '([^']+)'\)/g)].map(([, address = '']) =>
        join(dirname(path), `${address}.js`),
      ),
    );
}

/** The file that a module goes into; none for what a run does without, which gets files of its own. */
function groupOf(id: string, modules: ChunkingContext): string | null {
  if (ofRun.size === 0) {
    addImported(ofExports, EXPORTED, modules);
    addImported(ofPort, PORT, modules);
    addImported(ofMain, [MAIN], modules);
    addImported(ofLine, LINE, modules);
    addImported(ofRun, RUN, modules);
  }
  const zone = zoneOf(id);
  if (!isOwn(id)) {
    if (ofExports.has(id) || ofRun.has(id)) return 'vendor/bundle';
    return ofLine.has(id) ? 'vendor/line' : 'vendor/late';
  }
  // What awaits at its top level stays alone: a module it loads meanwhile, in one file with it, would wait for it.
  if (id === MAIN || EXPORTED.includes(id)) {
    return null;
  }
  if (ofPort.has(id)) {
    return 'src/runtime/bundle';
  }
  // Whoever imports the package loads nothing of the command line, and neither does the thread of a run.
  if (zone === 'sim' && (ofExports.has(id) || ofRun.has(id)) && (ofMain.has(id) || ofLine.has(id))) {
    return 'sim/first';
  }
  if (ofMain.has(id)) {
    return 'sim/cli/first';
  }
  if (ofLine.has(id) && zone === 'sim') {
    return 'sim/cli/line';
  }
  if (ofRun.has(id) || zone === 'src') {
    return `${/^sim\/cli/.exec(relative(DIST, id))?.[0] ?? zone}/bundle`;
  }
  if (ofExports.has(id)) {
    return `${zone}/exported`;
  }
  // What several files of other folders load late would else go into one of them, which then load each other.
  const isAlone = zone === 'sim/kernel' || zone === 'mesh' || relative(DIST, id).startsWith('sim/faults/');
  return isAlone ? `${zone}/late/${basename(id, '.js')}` : null;
}

/** Adds modules and all that they import at once. */
function addImported(found: Set<string>, ids: readonly string[], modules: ChunkingContext): void {
  for (const id of ids.filter((candidate) => !found.has(candidate))) {
    found.add(id);
    addImported(found, modules.getModuleInfo(id)?.importedIds ?? [], modules);
  }
}

/** The folder of the package that a module belongs to. */
function packageOf(id: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0];
}

/** The licence of every package in the bundle: each asks to go with every copy. */
function licencesOf(folders: Iterable<string>): string {
  return [...folders]
    .sort()
    .map((folder) => {
      const file = readdirSync(folder).find((name) => /^(licen[cs]e|readme)/i.test(name));
      if (file === undefined) {
        throw new Error(`${folder} has no licence file to go with the bundle.`);
      }
      return `${basename(folder)}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
    })
    .join('\n----\n\n');
}
