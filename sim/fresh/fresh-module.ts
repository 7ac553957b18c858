/** A bundled module, compiled once; each evaluation is an instance of it and of all that it imports. */
import { SourceMap } from 'node:module';
import { compileFunction } from 'node:vm';
import { type Exports, importMeta, nodeNamespace, nodeRequire, refuseImport } from './node-modules.ts';
import { PARAMETERS } from './script.ts';

export interface FreshScript {
  /** Body of a function that takes `PARAMETERS` and returns the exports of the module. */
  readonly code: string;
  /** For each line of `code`, the line of the bundle it was, both from 0. */
  readonly bundleLines: readonly number[];
  /** Stands in stack traces for the file. */
  readonly name: string;
  readonly map: ConstructorParameters<typeof SourceMap>[0];
}

/** Where code of a bundle was written: a file, and a line and column from 1. */
export interface SourcePlace {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

type Body = (
  builtin: (id: string) => unknown,
  namespace: (id: string) => Exports,
  load: (specifier: unknown) => Promise<Exports>,
  meta: (url: string) => ImportMeta,
) => Exports | Promise<Exports>;

export class FreshModule {
  /** As it stands in stack traces. */
  readonly name: string;
  readonly #map: SourceMap;
  readonly #bundleLines: readonly number[];
  readonly #body: Body;

  constructor({ code, bundleLines, name, map }: FreshScript) {
    this.name = name;
    this.#bundleLines = bundleLines;
    this.#map = new SourceMap(map);
    // What is compiled takes the parameters that `Body` says.
    this.#body = compileFunction(code, [...PARAMETERS], { filename: name }) as Body;
  }

  /** An instance of its own. A promise where the module awaits something at its top level. */
  evaluate(): Exports | Promise<Exports> {
    const metas = new Map<string, ImportMeta>();
    const meta = (url: string): ImportMeta => {
      const known = metas.get(url) ?? importMeta(url);
      metas.set(url, known);
      return known;
    };
    return this.#body(nodeRequire, nodeNamespace, refuseImport, meta);
  }

  /** Where the code at a line and column of the script (from 1) was written; undefined for the bundler's own. */
  sourceOf(line: number, column: number): SourcePlace | undefined {
    const entry = this.#map.findEntry(this.#bundleLines[line - 1] ?? 0, column - 1);
    if (!('originalSource' in entry) || !entry.originalSource.startsWith('file:')) return undefined;
    return { url: entry.originalSource, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  }
}
