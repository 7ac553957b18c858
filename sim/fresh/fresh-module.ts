/** A bundled module, compiled once; each evaluation is an instance of it and of all that it imports. */
import { compileFunction } from 'node:vm';
import { type Exports, importMeta, nodeNamespace, nodeRequire, refuseImport } from './node-modules.ts';
import { PARAMETERS } from './script.ts';

type Body = (
  builtin: (id: string) => unknown,
  namespace: (id: string) => Exports,
  load: (specifier: unknown) => Promise<Exports>,
  meta: (url: string) => ImportMeta,
) => Exports | Promise<Exports>;

export class FreshModule {
  readonly #body: Body;

  /**
   * @param code body of a function that takes `PARAMETERS` and returns the exports of the module
   * @param filename stands in stack traces
   */
  constructor(code: string, filename: string) {
    // What is compiled takes the parameters that `Body` says.
    this.#body = compileFunction(code, [...PARAMETERS], { filename }) as Body;
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
}
