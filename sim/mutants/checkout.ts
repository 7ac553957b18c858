/**
 * The checkout that mutants are planted in: its sources, its build, its compiler. It is only read. A mutant goes into a
 * copy of the build in a folder of its own; the npm packages are the checkout's.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { undoneAtExit } from './at-exit.ts';
import { type Mutant, MutantError } from './mutant.ts';

/** What is used of the compiler. A checkout has one, an installed package has not. */
interface Compiler {
  readonly ModuleKind: { readonly ESNext: number };
  readonly ModuleResolutionKind: { readonly Bundler: number };
  readonly sys: { readFile(path: string): string | undefined };
  readConfigFile(path: string, read: (path: string) => string | undefined): { readonly config?: object };
  parseJsonConfigFileContent(config: object, host: object, folder: string): { readonly options: object };
  transpileModule(
    source: string,
    how: { readonly compilerOptions: object; readonly fileName: string; readonly reportDiagnostics: true },
  ): { readonly outputText: string; readonly diagnostics?: readonly { readonly messageText: unknown }[] };
}

/** What tests of the sources need. */
const SOURCES = ['src', 'sim', 'mesh', 'properties', 'test-data', 'package.json', 'tsconfig.json', 'vitest.config.ts'];

/** A copy of the build with one bug in it. */
export interface Scratch {
  /** The copied build. */
  readonly build: string;
  /** The copied file that the bug stands in. */
  readonly planted: string;
  /** Where in that file the bug begins. */
  readonly offset: number;
  remove(): void;
}

/** The checkout that this module belongs to, whether it runs from sources or from a build. */
export function ownRoot(): string {
  return fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../..' : '../../..', import.meta.url));
}

export class Checkout {
  readonly root: string;
  /** Path of a build's file that is not a copy. */
  readonly build: string;
  readonly #compiler: Compiler;
  readonly #options: object;

  constructor(root: string) {
    this.root = root;
    this.build = join(root, 'dist');
    const config = join(root, 'tsconfig.build.json');
    if (!existsSync(config)) {
      throw new MutantError(`bugs are planted in sources, and ${root} has none: use a checkout of the project`);
    }
    this.#compiler = createRequire(config)('typescript');
    const { config: parsed = {} } = this.#compiler.readConfigFile(config, this.#compiler.sys.readFile);
    // Only the options are wanted, so no files are looked for.
    const { options } = this.#compiler.parseJsonConfigFileContent(
      { ...parsed, include: [], files: [] },
      this.#compiler.sys,
      root,
    );
    // A file that is compiled alone belongs to no package that says which kind of module it is.
    this.#options = {
      ...options,
      module: this.#compiler.ModuleKind.ESNext,
      moduleResolution: this.#compiler.ModuleResolutionKind.Bundler,
      rootDir: undefined,
      incremental: false,
      tsBuildInfoFile: undefined,
      // The build removes the lines that name source maps from its files.
      sourceMap: false,
    };
  }

  /** Throws unless the text that a mutant replaces stands in its file exactly once. */
  check(mutant: Mutant): void {
    this.#change(mutant);
  }

  /** Copies the build and plants the bug. Throws unless the text stands in the file exactly once. */
  plant(mutant: Mutant): Scratch {
    const { id, file } = mutant;
    const { source, changed } = this.#change(mutant);
    const before = this.#compile(id, file, source);
    const after = this.#compile(id, file, changed);
    const built = join('dist', file.replace(/\.ts$/, '.js'));
    if (before !== this.#built(built)) throw new MutantError(`${id}: ${built} was not built from ${file} as it is now`);
    if (after === before) throw new MutantError(`${id}: makes no difference to what is compiled`);
    const { folder, remove } = newFolder(id);
    const planted = join(folder, built);
    this.#copyInto(folder);
    writeFileSync(planted, after);
    return {
      build: join(folder, 'dist'),
      planted,
      offset: firstDifference(before, after),
      remove,
    };
  }

  /** Copies the sources and plants the bug there, for detectors that do not use the build. */
  plantInSources(mutant: Mutant): { readonly folder: string; remove(): void } {
    const { changed } = this.#change(mutant);
    this.#compile(mutant.id, mutant.file, changed);
    const { folder, remove } = newFolder(mutant.id);
    for (const part of SOURCES) {
      if (existsSync(join(this.root, part))) cpSync(join(this.root, part), join(folder, part), { recursive: true });
    }
    this.#linkModules(folder);
    writeFileSync(join(folder, mutant.file), changed);
    return { folder, remove };
  }

  #change({ id, file, find, replace }: Mutant): { readonly source: string; readonly changed: string } {
    const path = join(this.root, file);
    if (!existsSync(path)) throw new MutantError(`${id}: there is no ${file}`);
    const source = readFileSync(path, 'utf8');
    const at = source.indexOf(find);
    if (at === -1) throw new MutantError(`${id}: its text does not stand in ${file}`);
    if (source.includes(find, at + 1)) throw new MutantError(`${id}: its text stands in ${file} more than once`);
    return { source, changed: source.slice(0, at) + replace + source.slice(at + find.length) };
  }

  /** The files that make a build: modules, and the package that they belong to. */
  #copyInto(folder: string): void {
    for (const part of ['src', 'sim', 'mesh'].filter((folder) => existsSync(join(this.build, folder)))) {
      cpSync(join(this.build, part), join(folder, 'dist', part), {
        recursive: true,
        filter: (path) => extname(path) === '' || path.endsWith('.js'),
      });
    }
    cpSync(join(this.root, 'package.json'), join(folder, 'package.json'));
    this.#linkModules(folder);
  }

  #linkModules(folder: string): void {
    symlinkSync(join(this.root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  }

  #built(path: string): string | undefined {
    const built = join(this.root, path);
    return existsSync(built) ? readFileSync(built, 'utf8') : undefined;
  }

  #compile(id: string, fileName: string, source: string): string {
    const { outputText, diagnostics = [] } = this.#compiler.transpileModule(source, {
      compilerOptions: this.#options,
      fileName,
      reportDiagnostics: true,
    });
    const [first] = diagnostics;
    if (first !== undefined) throw new MutantError(`${id}: does not compile: ${JSON.stringify(first.messageText)}`);
    return outputText;
  }
}

/** Makes a folder that disappears when it is removed, or when the process ends. */
function newFolder(id: string): { readonly folder: string; remove(): void } {
  const folder = made(id);
  return { folder, remove: undoneAtExit(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })) };
}

function made(id: string): string {
  try {
    return mkdtempSync(join(tmpdir(), `mutant-${id}-`));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new MutantError(`${tmpdir()}: expected a folder to put copies of the build into (TMPDIR); found ${code}`);
  }
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}
