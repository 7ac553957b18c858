/**
 * Puts a module and all that it imports into one script, which can be compiled once and evaluated as often as there are
 * incarnations. Only then does every incarnation have module variables of its own, and only then do modules run inside a
 * segment, where their own `Date.now()` is virtual.
 *
 * Packages are resolved as Node does (subpath exports, `import` and `require` conditions), TypeScript and JSON are taken as
 * they are, and modules behind `import()` are evaluated when they are first asked for. Nothing is left out: a module that
 * is only imported for its effects has them.
 */
import { isBuiltin } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { decode, encode } from '@jridgewell/sourcemap-codec';
import type { Plugin, SourceMap } from 'rolldown';
import { FreshModule } from './fresh-module.ts';
import { keepScript } from './kept-script.ts';
import { META, type Program, type Script, STRICT, scriptOf } from './script.ts';

/** The module cannot be bundled: it or something it imports is not there, cannot be parsed, or is no JavaScript. */
export class BundleError extends Error {
  override name = 'BundleError';
}

/**
 * Bundles a module.
 *
 *     const mutex = await bundleModule('async-mutex', import.meta.url);
 *     const { Mutex } = await mutex.evaluate();
 *
 * @param specifier as it would stand in an `import`: a package, a path that begins with a dot, or an absolute path
 * @param importer URL of the file in which it stands
 * @throws {BundleError} with one line that names what is wrong, and where
 */
export async function bundleModule(specifier: string, importer: string): Promise<FreshModule> {
  const { rolldown, visitor } = await bundler();
  const from = fileURLToPath(importer);
  try {
    const build = await rolldown({
      input: ENTRY,
      cwd: dirname(from),
      platform: 'node',
      treeshake: false,
      optimization: { inlineConst: false },
      logLevel: 'silent',
      external: (id) => isBuiltin(id),
      plugins: [entryPlugin(specifier, from), addonPlugin, metaPlugin(visitor)],
    });
    const { output } = await build.generate({
      format: 'esm',
      sourcemap: true,
      sourcemapPathTransform: (source, map) => pathToFileURL(resolve(dirname(map), source)).href,
      codeSplitting: false,
      minify: false,
    });
    await build.close();
    const [{ code, map, imports }] = output;
    const missing = imports.find((id) => !isBuiltin(id));
    if (missing !== undefined) throw new Error(`there is no package ${missing}`);
    if (map === null) throw new Error('the bundler gave no source map');
    const script = scriptOf(code, visitor);
    const kept = {
      name: nameOf(specifier),
      own: isOwn(specifier),
      code: script.code,
      map: mapOf(script, map),
    };
    const path = keepScript(kept, from);
    return new FreshModule(script.code, pathToFileURL(path).href);
  } catch (error) {
    throw new BundleError(`cannot bundle ${specifier} for ${from}: ${firstLines(error)}`, { cause: error });
  }
}

/** Whether what is bundled is a file of the project's own; a path may lead into a package, too. */
function isOwn(specifier: string): boolean {
  return /^[./]/.test(specifier) && !specifier.includes(PACKAGES);
}

/** Of a path into a package, the package's. */
function nameOf(specifier: string): string {
  const inPackages = specifier.split(PACKAGES).at(-1) ?? specifier;
  const [scope = '', name = ''] = inPackages.split('/');
  if (!specifier.includes(PACKAGES)) return basename(specifier);
  return scope.startsWith('@') ? `${scope}-${name}` : scope;
}

/** The source map of a script, from that of the bundle whose lines it has in another order. */
function mapOf({ bundleLines }: Script, map: SourceMap): string {
  const lines = decode(map.mappings);
  const mappings = encode(bundleLines.map((line) => (line === undefined ? [] : (lines[line] ?? []))));
  const { sources, sourcesContent, names } = map;
  return JSON.stringify({ version: 3, sources, sourcesContent, names, mappings });
}

const PACKAGES = '/node_modules/';

/** The module that imports what is asked for, in the folder of its importer. */
const ENTRY = '\0fresh-entry';

function entryPlugin(specifier: string, importer: string): Plugin {
  const named = JSON.stringify(specifier);
  return {
    name: 'fresh-entry',
    resolveId(source, from) {
      if (source === ENTRY) return ENTRY;
      return from === ENTRY ? this.resolve(source, importer, { skipSelf: true }) : null;
    },
    load: (id) => (id === ENTRY ? `import * as fresh from ${named}; export { fresh };` : null),
  };
}

/** Native add-ons keep their state outside of every incarnation, and their threads outside of every run. */
const addonPlugin: Plugin = {
  name: 'fresh-addon',
  load(id) {
    if (id.endsWith('.node')) throw new Error(`${id} is a native add-on, which cannot be evaluated afresh`);
  },
};

/** What a module knows of itself, where each of the modules in one script has to know something else. */
function metaPlugin({ Visitor, parse }: BundleVisitor): Plugin {
  return {
    name: 'fresh-meta',
    transform: {
      filter: { code: /import\.meta|__filename|__dirname|use strict|\bexports\b/ },
      handler(code, id, { magicString, moduleType }) {
        if (magicString === undefined || id.startsWith('\0')) return null;
        const program = parse(code, moduleType === 'ts' || moduleType === 'tsx' ? moduleType : 'jsx');
        const url = JSON.stringify(pathToFileURL(id).href);
        const esm = program.body.some(({ type }) => /^(?:Import|Export)/.test(type));
        const own = new Set<string>();
        let metas = 0;
        let redeclared = false;
        new Visitor({
          MetaProperty({ start, end, meta }) {
            if (meta.name !== 'import') return;
            metas += 1;
            magicString.overwrite(start, end, `${META}(${url})`);
          },
          VariableDeclarator({ id: declared, init }) {
            if (declared.type !== 'Identifier') return;
            own.add(declared.name);
            // Declared once more, `exports` is what Node gives the module all the same; the bundler takes it for another.
            if (declared.name !== 'exports' || init !== null || esm) return;
            magicString.overwrite(declared.start, declared.end, '__freshNoExports');
            redeclared = true;
          },
        }).visit(program);
        const { end, strict } = directivesOf(program.body);
        const given = esm || metas > 0 ? '' : commonJsNames(code, id, own) + (strict ? `;var ${STRICT};` : '');
        if (given !== '') magicString.appendLeft(end, given);
        return metas > 0 || given !== '' || redeclared ? { code: magicString } : null;
      },
    },
  };
}

/** Declarations of the names that Node gives a CommonJS module, as far as it mentions them and declares none itself. */
function commonJsNames(code: string, path: string, own: ReadonlySet<string>): string {
  const values = { __filename: path, __dirname: dirname(path) };
  return Object.entries(values)
    .filter(([name]) => code.includes(name) && !own.has(name))
    .map(([name, value]) => `;var ${name} = ${JSON.stringify(value)};`)
    .join('');
}

/** Where a module's directives end, and whether one of them makes it strict. */
function directivesOf(body: Program['body']): { readonly end: number; readonly strict: boolean } {
  let end = 0;
  let strict = false;
  for (const statement of body) {
    if (statement.type !== 'ExpressionStatement' || typeof statement.directive !== 'string') break;
    strict ||= statement.directive === 'use strict';
    end = statement.end;
  }
  return { end, strict };
}

/** Of an error of the bundler's: what is wrong and where, without its picture of the code. */
function firstLines(error: unknown): string {
  const { message } = error instanceof Error ? error : new Error(String(error));
  const lines = message.split('\n').map((line) => line.trim());
  return (
    lines.filter((line) => line !== '' && !/^(?:Build failed with|\[plugin )/.test(line) && !/^[│╭╰─]/.test(line))[0] ??
    'unknown'
  );
}

type BundleVisitor = Awaited<ReturnType<typeof bundler>>['visitor'];

/** The bundler is an optional peer: it is asked for by name where it is missing. */
async function bundler() {
  try {
    const [{ rolldown }, { Visitor, parseSync }] = await Promise.all([import('rolldown'), import('rolldown/utils')]);
    const parse = (code: string, lang: 'js' | 'jsx' | 'ts' | 'tsx') =>
      parseSync(`module.${lang}`, code, { lang }).program;
    return { rolldown, visitor: { Visitor, parse } };
  } catch (error) {
    throw new BundleError('the package rolldown is needed to load code afresh: npm install --save-dev rolldown', {
      cause: error,
    });
  }
}
