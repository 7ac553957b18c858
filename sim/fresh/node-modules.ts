/**
 * What a fresh module gets of Node. Node's own modules are shared by all incarnations (the guards stand on them); every
 * other module has to be in the bundle, and what would bring one in from outside is refused by name.
 */
import { createRequire, isBuiltin } from 'node:module';
import { dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a module exports. */
export type Exports = Readonly<Record<string, unknown>>;

const hostRequire = createRequire(import.meta.url);

/** Code asked for a module that is not in its bundle. */
class NotBundledError extends Error {
  override name = 'NotBundledError';
  /** What Node says of a module that is not there, for code that can do without. */
  readonly code = 'MODULE_NOT_FOUND';

  constructor(how: string) {
    super(`${how}: a module that is loaded afresh brings its modules in by import or require of a literal`);
  }
}

/** One of Node's modules, as `require` gives it. */
export function nodeRequire(id: string): unknown {
  if (!isBuiltin(id)) throw new NotBundledError(`require(${JSON.stringify(id)})`);
  const exports: unknown = hostRequire(id);
  return id.replace(/^node:/, '') === 'module' ? withFreshRequire(exports) : exports;
}

/** One of Node's modules, as `import * as` gives it: names as they are now, and the whole under `default`. */
export function nodeNamespace(id: string): Exports {
  const exports = nodeRequire(id);
  return Object.freeze({ ...Object(exports), default: exports });
}

/** `import()` of what the bundler could not follow. */
export function refuseImport(specifier: unknown): Promise<Exports> {
  const id = String(specifier);
  if (isBuiltin(id)) return Promise.resolve(nodeNamespace(id));
  return Promise.reject(new NotBundledError(`import(${JSON.stringify(id)})`));
}

export function importMeta(url: string): ImportMeta {
  const filename = url === '' ? '' : fileURLToPath(url);
  const resolve = (specifier: string): string => new URL(specifier, url).href;
  return { url, filename, dirname: dirname(filename), resolve };
}

/** `node:module`, whose `createRequire` reads data and Node's modules, and no code that would be shared. */
function withFreshRequire(exports: unknown): unknown {
  return { ...Object(exports), createRequire: freshRequire };
}

function freshRequire(from: string | URL): NodeJS.Require {
  const host = from === '' ? hostRequire : createRequire(from);
  const load = (id: string): unknown => {
    if (isBuiltin(id)) return nodeRequire(id);
    const path = host.resolve(id);
    if (extname(path) !== '.json') throw new NotBundledError(`require(${JSON.stringify(id)})`);
    return structuredClone(host(path));
  };
  return Object.assign(load, {
    resolve: host.resolve,
    cache: Object.create(null),
    extensions: host.extensions,
    main: undefined,
  });
}
