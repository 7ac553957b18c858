/**
 * Finds modules that are started or loaded by their address: beside the module that does so, in the sources and in a build.
 */

/** The address of a module beside `base`, which is either source or build. `path` has no extension. */
export function beside(base: string, path: string): URL {
  return new URL(`${path}${base.endsWith('.ts') ? '.ts' : '.js'}`, base);
}
