/**
 * Reads which module a test's `load` imports, and bundles that. The function is not called: its module would then be
 * evaluated once for all runs, outside of them.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleModule } from '../fresh/bundle.ts';
import type { FreshModule } from '../fresh/fresh-module.ts';
import { mistakeAt, type Site } from './author-mistake.ts';

/** `import('x')` as Node leaves it, as vitest rewrites it, and as compilers to CommonJS do. */
const IMPORT =
  /\b(?:import|__vite_ssr_dynamic_import__|__vi_import__|require)\s*\(\s*(?:\/\*.*?\*\/\s*)?(["'`])([^"'`$\\]+)\1/g;

/** The specifier in the text of a `load`; a mistake of the author's if there is not one. */
function specifierOf(load: () => unknown, site: Site): string {
  const found = [...Function.prototype.toString.call(load).matchAll(IMPORT)].map(([, , specifier = '']) => specifier);
  const [specifier, another] = found;
  if (specifier === undefined) {
    throw mistakeAt(site, "load: expected () => import('…') with the module's name as a literal");
  }
  if (another !== undefined) throw mistakeAt(site, `load: expected one import, found those of ${found.join(', ')}`);
  return specifier;
}

/** The module that `load` imports, bundled; called once a test. */
export async function bundleOf(load: () => unknown, site: Site): Promise<FreshModule> {
  const specifier = specifierOf(load, site);
  try {
    return await bundleModule(resolved(specifier, site.file), pathToFileURL(site.file).href);
  } catch (error) {
    throw mistakeAt(site, `load: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Vitest writes paths from its root. */
function resolved(specifier: string, importer: string): string {
  const path = specifier.replace(/^\/@fs(?=\/)/, '').replace(/\?.*$/, '');
  if (!path.startsWith('/') || existsSync(path)) return path;
  for (let folder = dirname(importer); ; folder = dirname(folder)) {
    const candidate = join(folder, path);
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return path;
  }
}
