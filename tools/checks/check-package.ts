/**
 * The package as its user gets it: packed, looked through, installed into an empty folder, run, and compiled against. And
 * as its developer gets it: the lockfile says of every package, of every platform, what it has to hash to.
 *
 * `node dist/tools/checks/check-package.js`, in the project's root, after a build. Needs a package registry.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { z } from 'zod';

const Packed = z.array(z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) })).length(1);
const Manifest = z.object({ name: z.string(), exports: z.record(z.string(), z.unknown()) });
const Lockfile = z.object({ packages: z.record(z.string(), z.object({ integrity: z.string().optional() })) });
const Sweep = z.object({ runs: z.int() });
const Run = z.object({ verdict: z.string(), digest: z.string(), operations: z.int().positive() });

/** Files for users that are not built. */
const ALONE = [
  'package.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'AGENTS.md',
  'llms.txt',
  'docs/architecture.md',
  'docs/foreign-code.md',
  'docs/github-workflow.yml',
  'docs/glossary.md',
  'docs/libraries.md',
  'docs/specification/README.md',
  'docs/specification/control-plane.md',
  'docs/specification/forms.md',
  'docs/specification/sources.md',
  'docs/sweep-summary.md',
  'docs/virtual-host.md',
  'docs/your-own-system.md',
  'docs/your-own-world.md',
  'schema/scenario.schema.json',
  'mutants/record/measured.json',
];

const root = resolve('.');
const bin = join(root, 'node_modules/.bin');
const folder = mkdtempSync(join(tmpdir(), 'package-'));
try {
  checkLockfile(Lockfile.parse(JSON.parse(readFileSync('package-lock.json', 'utf8'))));
  await checkPackage(Manifest.parse(JSON.parse(readFileSync('package.json', 'utf8'))));
} finally {
  rmSync(folder, { recursive: true });
}

/** The first entry is the project itself, under an empty name. npm leaves hashes out where it has not seen a package itself. */
function checkLockfile({ packages }: z.infer<typeof Lockfile>): void {
  const unhashed = Object.keys(packages).filter((path) => path !== '' && packages[path]?.integrity === undefined);
  if (unhashed.length > 0) {
    throw new Error(`package-lock.json has no integrity for ${unhashed.join(', ')}`);
  }
}

async function checkPackage(manifest: z.infer<typeof Manifest>): Promise<void> {
  const output = run(root, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder);
  const [packed] = Packed.parse(JSON.parse(output));
  const shipped = packed?.files.map(({ path }) => path) ?? [];
  const missing = ALONE.filter((path) => !shipped.includes(path));
  if (missing.length > 0) {
    throw new Error(`The package would lack: ${missing.join(', ')}`);
  }
  const strays = shipped.filter((path) => !belongs(path));
  if (packed === undefined || strays.length > 0) {
    throw new Error(`The package would ship: ${strays.join(', ')}`);
  }
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  run(folder, 'npm', 'install', '--prefer-offline', join(folder, packed.filename));
  await lintManifest(join(folder, 'node_modules', manifest.name));
  compileAgainst(manifest);

  const seed1 = ['run', '--seed', '1', '--json'];
  const here = Run.parse(JSON.parse(run(root, process.execPath, 'dist/sim/cli/main.js', ...seed1)));
  const there = Run.parse(JSON.parse(run(folder, 'npx', '--no', 'sim', ...seed1)));
  if (there.verdict !== 'held' || there.digest !== here.digest) {
    throw new Error(
      `Installed, and bundled, seed 1 gives ${there.verdict} ${there.digest}; from dist ${here.verdict} ${here.digest}.`,
    );
  }

  checkWorld();

  // Start-up: what is only needed for files must not be loaded by a run from a seed.
  for (const late of ['zod', 'yaml', '@sinonjs']) {
    rmSync(join(folder, 'node_modules', late), { recursive: true });
  }
  run(folder, 'npx', '--no', 'sim', ...seed1);
  console.log(`${packed.files.length} files; installs, runs seed 1 as here, compiles`);
}

async function lintManifest(pkgDir: string): Promise<void> {
  const { messages, pkg } = await publint({ pkgDir, pack: false, strict: true });
  if (messages.length > 0) {
    throw new Error(messages.map((message) => formatMessage(message, pkg)).join('\n'));
  }
}

/** Whether the file is meant for users; a built file that has lost its source, or stems from a test, is not. */
function belongs(path: string): boolean {
  if (ALONE.includes(path)) {
    return true;
  }
  if (/^bin\/((?:BUILD|LICENSES)\.txt|.+\.js(?:\.map)?)$/.test(path)) {
    return true;
  }
  const source = /^dist\/((?:src|sim)\/.+?)\.d\.ts$/.exec(path)?.[1];
  return source !== undefined && !/\.(test|testing)$/.test(source) && existsSync(`${source}.ts`);
}

/** Imports every entry point by name, as a strict TypeScript user would, and at run time. */
function compileAgainst({ name, exports }: z.infer<typeof Manifest>): void {
  const entries = Object.keys(exports).filter((entry) => entry !== './package.json');
  // An optional peer, which one of the entries is for.
  symlinkSync(join(root, 'node_modules/vitest'), join(folder, 'node_modules/vitest'));
  const lines = entries.map((entry, n) => `import * as entry${n} from '${name}${entry.slice(1)}';`);
  lines.push(`console.log([${entries.map((_, n) => `Object.keys(entry${n}).length`).join(', ')}].join(' '));`);
  writeFileSync(join(folder, 'user.mts'), `${lines.join('\n')}\n`);
  compile('user.mts');
  run(folder, process.execPath, 'user.mjs');
}

/** As a strict TypeScript user would. */
function compile(file: string): void {
  run(
    folder,
    join(bin, 'tsc'),
    '--strict',
    '--target',
    'es2023',
    '--module',
    'nodenext',
    '--types',
    'node',
    '--typeRoots',
    join(root, 'node_modules/@types'),
    file,
  );
}

/** A world of the user's, compiled against the package: the command that runs it has the same kernel as the world's imports. */
function checkWorld(): void {
  const [, counters = ''] =
    /^`counters\.ts`:\n\n```ts\n(.*?)^```$/ms.exec(readFileSync('docs/your-own-world.md', 'utf8')) ?? [];
  writeFileSync(join(folder, 'counters.mts'), counters);
  writeFileSync(
    join(folder, 'same.mts'),
    `import { Kernel } from 'meshos-sim';
    import { counters } from './counters.mjs';
    export const same: typeof counters = { ...counters, build: (scenario, harness) => {
      if (!(harness.kernel instanceof Kernel)) throw new Error('the command has another kernel');
      return counters.build(scenario, harness);
    } };`,
  );
  compile('same.mts');
  const sweep = ['sweep', '--world', 'same.mjs#same', '--runs', '20', '--semantics', 'resend', '--json'];
  const swept = Sweep.parse(JSON.parse(run(folder, 'npx', '--no', 'sim', ...sweep)));
  if (swept.runs !== 20) throw new Error(`A world of the user's came to ${swept.runs} runs of 20.`);
}

/** What the command printed; its error output goes to ours. A failure is an exception that names the command. */
function run(cwd: string, command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
