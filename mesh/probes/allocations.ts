/**
 * Watches what a call asks the host to allocate by a length: buffers, typed arrays, arrays and repeated text. Only calls
 * that need no more than a moment and wait for nothing can be watched, for meanwhile the host's constructors are replaced.
 *
 * What is asked for is counted, not what the heap gains, so that the answer depends on the call and on nothing else.
 */

/** More than this is refused as a host without memory would, lest a run that finds the bug dies of it. */
const REFUSED_BYTES = 64 * 1024 * 1024;

/** What an element of an array takes, and a unit of text. */
const ELEMENT_BYTES = 8;

let largestBytes = 0;

function asked(bytes: unknown): void {
  if (typeof bytes !== 'number' || !(bytes > largestBytes)) return;
  largestBytes = bytes;
  if (bytes > REFUSED_BYTES) throw new RangeError(`an allocation of ${bytes} bytes is refused`);
}

function times(count: unknown, bytes: number): number {
  return typeof count === 'number' ? count * bytes : 0;
}

/** One property that is replaced while a call is watched. */
interface Replacement {
  readonly holder: object;
  readonly name: string;
  readonly original: unknown;
  readonly watched: unknown;
}

function classOf(name: string, elementBytes: number): Replacement {
  const original: unknown = Reflect.get(globalThis, name);
  if (typeof original !== 'function') throw new Error(`the host has no ${name}`);
  const watched: unknown = new Proxy(original, {
    construct: (target, args: unknown[], newTarget) => {
      asked(times(args[0], elementBytes));
      return Reflect.construct(target, args, newTarget === watched ? target : newTarget);
    },
    apply: (target, self, args: unknown[]) => {
      asked(times(args[0], elementBytes));
      return Reflect.apply(target, self, args);
    },
  });
  return { holder: globalThis, name, original, watched };
}

function method(holder: object, name: string, bytesOf: (self: unknown, args: unknown[]) => number): Replacement {
  const original: unknown = Reflect.get(holder, name);
  if (typeof original !== 'function') throw new Error(`the host has no ${name}`);
  function watched(this: unknown, ...args: unknown[]): unknown {
    asked(bytesOf(this, args));
    return typeof original === 'function' ? Reflect.apply(original, this, args) : undefined;
  }
  return { holder, name, original, watched };
}

function lengthOf(value: unknown): number {
  const length: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'length') : 0;
  return typeof length === 'number' ? length : 0;
}

/** Made at the first watch; most runs watch nothing. */
let replacements: readonly Replacement[] | null = null;

function all(): readonly Replacement[] {
  return [
    classOf('ArrayBuffer', 1),
    classOf('SharedArrayBuffer', 1),
    classOf('Uint8Array', 1),
    classOf('Uint8ClampedArray', 1),
    classOf('Int8Array', 1),
    classOf('Uint16Array', 2),
    classOf('Int16Array', 2),
    classOf('Uint32Array', 4),
    classOf('Int32Array', 4),
    classOf('Float32Array', 4),
    classOf('Float64Array', 8),
    classOf('BigInt64Array', 8),
    classOf('BigUint64Array', 8),
    method(Buffer, 'alloc', (_self, [size]) => times(size, 1)),
    method(Buffer, 'allocUnsafe', (_self, [size]) => times(size, 1)),
    method(Buffer, 'allocUnsafeSlow', (_self, [size]) => times(size, 1)),
    method(Array, 'from', (_self, [source]) => times(lengthOf(source), ELEMENT_BYTES)),
    method(String.prototype, 'repeat', (self, [count]) => times(count, String(self).length)),
    method(String.prototype, 'padStart', (_self, [length]) => times(length, 1)),
    method(String.prototype, 'padEnd', (_self, [length]) => times(length, 1)),
    classOf('Array', ELEMENT_BYTES),
  ];
}

/** The largest single allocation by a length that the call asked for, in bytes; what it gives is handed to nobody. */
export function largestAllocation(call: () => void): number {
  replacements ??= all();
  largestBytes = 0;
  for (const { holder, name, watched } of replacements) Reflect.set(holder, name, watched);
  try {
    call();
  } finally {
    for (const { holder, name, original } of replacements) Reflect.set(holder, name, original);
  }
  return largestBytes;
}
