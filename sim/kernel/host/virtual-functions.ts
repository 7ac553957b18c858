/**
 * The host's clocks and its randomness as a virtual host answers them: the same arguments, the same kinds of results,
 * virtual time and drawn numbers. Each function is given the arguments of a call and the host of the segment that made it.
 */
import type { VirtualHost } from '../schedule/ambient.ts';

export type Answer = (host: VirtualHost, args: readonly unknown[]) => unknown;

export const random: Answer = (host) => host.random() / 4294967296;

export const wallMs: Answer = (host) => host.wallMs();

export const performanceNow: Answer = (host) => host.performanceNow();

export const hrtime: Answer = (host, [before]) => {
  const [seconds, nanos] = host.hrtime();
  if (!Array.isArray(before)) return [seconds, nanos];
  const difference = nanos - Number(before[1]);
  return difference < 0
    ? [seconds - Number(before[0]) - 1, difference + 1_000_000_000]
    : [seconds - Number(before[0]), difference];
};

export const hrtimeBigint: Answer = (host) => {
  const [seconds, nanos] = host.hrtime();
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
};

export const uptime: Answer = (host) => host.performanceNow() / 1000;

// ---- randomness

export const randomUUID: Answer = (host) => {
  const bytes = fill(host, Buffer.alloc(16));
  bytes[6] = (bytes.readUInt8(6) & 0x0f) | 0x40;
  bytes[8] = (bytes.readUInt8(8) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

export const getRandomValues: Answer = (host, [array]) => fillView(host, array, 0, undefined);

export const randomBytes: Answer = (host, [size, callback]) => later(fill(host, Buffer.alloc(Number(size))), callback);

export const randomFillSync: Answer = (host, [view, offset, size]) => fillView(host, view, offset, size);

export const randomFill: Answer = (host, args) => {
  const [view, offset, size] = args.slice(0, -1);
  return later(fillView(host, view, offset, size), args.at(-1));
};

export const randomInt: Answer = (host, args) => {
  const callback = args.find((arg) => typeof arg === 'function');
  const [first, second] = args.filter((arg) => typeof arg !== 'function').map(Number);
  const [min, max] = second === undefined ? [0, first ?? 0] : [first ?? 0, second];
  if (!(Number.isSafeInteger(min) && Number.isSafeInteger(max) && min < max)) {
    throw new RangeError('The range of a random integer must hold one');
  }
  const fraction = (host.random() * 0x200000 + (host.random() >>> 11)) / 9007199254740992;
  return later(min + Math.floor(fraction * (max - min)), callback);
};

/** Node's callback form gives its result in a turn of its own. */
function later(result: unknown, callback: unknown): unknown {
  if (typeof callback !== 'function') return result;
  process.nextTick(() => Reflect.apply(callback, undefined, [null, result]));
  return undefined;
}

function fillView(host: VirtualHost, view: unknown, offset: unknown, size: unknown): unknown {
  const bytes = bytesOf(view);
  const from = offset === undefined ? 0 : Number(offset);
  fill(host, bytes.subarray(from, size === undefined ? bytes.length : from + Number(size)));
  return view;
}

function bytesOf(view: unknown): Buffer {
  if (ArrayBuffer.isView(view)) return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  if (view instanceof ArrayBuffer) return Buffer.from(view);
  throw new TypeError('The "buffer" argument must be an ArrayBuffer or a view of one');
}

function fill(host: VirtualHost, bytes: Buffer): Buffer {
  for (let at = 0; at < bytes.length; at += 4) {
    const word = host.random();
    for (let i = 0; i < 4 && at + i < bytes.length; i++) bytes[at + i] = (word >>> (8 * i)) & 0xff;
  }
  return bytes;
}
