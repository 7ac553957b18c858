/**
 * Watches what a call asks the host to allocate by a length: buffers, typed arrays, arrays and repeated text. Meanwhile the
 * host's constructors are replaced. So only short calls that wait for nothing can be watched.
 *
 * What is asked for is counted, and not what the heap gains, so the answer depends on the call and on nothing else.
 */

/** More than this is refused, as by a host without memory, so that the run that finds the bug does not die of it. */
const REFUSED_BYTES = 64 * 1024 * 1024;

/** Bytes of an element of an array, and of a unit of text. */
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

/** Made at the first watch. Most runs watch nothing. */
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

/** The largest single allocation by a length that the call asked for, in bytes. The call's result is dropped. */
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
