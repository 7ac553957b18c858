// biome-ignore-all lint/style/noRestrictedGlobals: what copies of the kernel share stands on the global object
/**
 * What all copies of the kernel in a thread share.
 *
 * A linked package is loaded once for each path that leads to it, and the command is a bundle beside the package. The host
 * exists once all the same: it gets its guards once, and has one run at a time. So the values that say so stand on the
 * global object.
 */
const KEY = Symbol.for('meshos-sim.kernel.1');

/**
 * Returns the value that the first copy made under this name. Copies with the same layout share it; `KEY` numbers the
 * layouts.
 */
export function shared<T extends object>(name: string, make: () => T): T {
  const values = all();
  const known = values.get(name);
  // Only this function puts values there, each under a name with a single caller.
  if (known !== undefined) return known as T;
  const made = make();
  values.set(name, made);
  return made;
}

function all(): Map<string, object> {
  const known: unknown = Reflect.get(globalThis, KEY);
  if (known instanceof Map) return known;
  const values = new Map<string, object>();
  Object.defineProperty(globalThis, KEY, { value: values });
  return values;
}
