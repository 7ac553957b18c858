/**
 * How TypeScript files and test files are loaded as they are. Node strips types by itself from 22.18 on and resolves exact paths only;
 * compilers and bundlers also take `./b.js` for `b.ts`, and `./b` for it. So these hooks resolve what Node does not find,
 * and, where Node strips no types, load what it cannot. Where no test runner is there, they put another module in its place.
 *
 * Registered by `hooked.ts`: on a thread of Node's own (`module.register`), or in the thread that loads.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { LoadFnOutput, LoadHookContext, ResolveFnOutput, ResolveHookContext } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { isOfHarness, pathOf } from '../../scenario/blame/frames.ts';
import { beside } from '../workers/beside.ts';
import { onOriginalLines } from './original-lines.ts';

/** What test files get for vitest where there is no test runner. */
const OUTSIDE = beside(import.meta.url, '../../vitest/outside').href;
const TYPESCRIPT = /\.[cm]?tsx?$/;
/** What stands in for the ending of an import. */
const ENDINGS: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
  '': ['.ts', '.tsx', '.mts', '/index.ts', '.js', '.mjs', '/index.js'],
};

/** Whether it is a TypeScript file, by its URL or path. */
function isTypeScript(module: string): boolean {
  return TYPESCRIPT.test(module);
}

type NextResolve = (
  specifier: string,
  context?: Partial<ResolveHookContext>,
) => ResolveFnOutput | Promise<ResolveFnOutput>;
type NextLoad = (url: string, context?: Partial<LoadHookContext>) => LoadFnOutput | Promise<LoadFnOutput>;

let isUnderRunner = false;

/** A hook of `module.register`, too: `data` is whether vitest runs the thread. */
export function initialize(data: boolean): void {
  isUnderRunner = data;
}

/** A hook of `module.register`. */
export async function resolve(
  specifier: string,
  context: ResolveHookContext,
  next: NextResolve,
): Promise<ResolveFnOutput> {
  return next(found(specifier, context.parentURL), context);
}

/** What an import of a TypeScript file means; what Node finds by itself stays as it is. */
export function found(specifier: string, importer = ''): string {
  if (specifier === 'vitest') return standsIn(importer) ? OUTSIDE : specifier;
  if (!/^\.\.?\//.test(specifier) || !isTypeScript(importer)) return specifier;
  const url = new URL(specifier, importer);
  if (url.protocol !== 'file:' || (existsSync(url) && extname(url.pathname) !== '')) return specifier;
  const ending = /\.[cm]?js$/.exec(url.pathname)?.[0] ?? '';
  const stem = url.href.slice(0, url.href.length - ending.length);
  const candidates = [...(ENDINGS[ending] ?? []), ...(ending === '' ? [] : (ENDINGS[''] ?? []))];
  return candidates.map((other) => `${stem}${other}`).find((other) => existsSync(new URL(other))) ?? specifier;
}

/** Libraries that import vitest want vitest; and so does what stands in for it. */
function standsIn(importer: string): boolean {
  if (isUnderRunner || importer === OUTSIDE) return false;
  return !importer.includes('/node_modules/') || isOfHarness(pathOf(importer));
}

/** A hook of `module.register`: types are taken out by rolldown, and what stays keeps its lines. */
export async function load(url: string, context: LoadHookContext, next: NextLoad): Promise<LoadFnOutput> {
  if (!isTypeScript(url) || !url.startsWith('file:')) return next(url, context);
  const path = fileURLToPath(url);
  const { transformSync } = await transformer(path);
  const { code, map, errors } = transformSync(path, readFileSync(path, 'utf8'), { sourcemap: true });
  const [error] = errors;
  if (error !== undefined) {
    const { loc, message }: TransformError = error;
    throw new SyntaxError(`${path}:${loc?.line ?? 1}:${(loc?.column ?? 0) + 1}: ${summaryOf(message)}`);
  }
  const format = path.endsWith('.cts') ? 'commonjs' : 'module';
  return { format, source: map === undefined ? code : onOriginalLines(code, map.mappings), shortCircuit: true };
}

interface TransformError {
  readonly message: string;
  /** Line from 1, column from 0. */
  readonly loc?: { readonly line: number; readonly column: number };
}

/** The first line of an error of rolldown's, without its kind; the others draw a picture of the code. */
function summaryOf(message: string): string {
  const [first = ''] = stripVTControlCharacters(message).split('\n');
  return first.replace(/^\[\w+\] /, '');
}

async function transformer(path: string): Promise<typeof import('rolldown/utils')> {
  try {
    return await import('rolldown/utils');
  } catch (error) {
    throw new Error(
      `${path}: Node ${process.versions.node} loads no TypeScript; the package rolldown is needed for it (npm install --save-dev rolldown), or Node 22.18 or later`,
      { cause: error },
    );
  }
}
