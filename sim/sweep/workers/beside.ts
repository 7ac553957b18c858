/** Where modules are that others start or load by their address: beside whoever starts them, in the sources and in a build. */

/** The address of a module beside `base`, which is either source or build; `path` is without its ending. */
export function beside(base: string, path: string): URL {
  return new URL(`${path}${base.endsWith('.ts') ? '.ts' : '.js'}`, base);
}
