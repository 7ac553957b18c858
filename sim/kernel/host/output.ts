// biome-ignore-all lint/style/noRestrictedGlobals: the test runner's console is a global
/**
 * What the system under test prints during a run.
 *
 * It is kept while a segment runs, and written when the host's event loop has its turn: whoever writes may read a clock,
 * or wait. The process's own streams are what the command prints its results to, one document on standard output, so that
 * all of it goes to standard error, each line marked. A console that somebody else has put in place, as a test runner does,
 * gets what was printed to it.
 */
import { segment } from '../schedule/ambient.ts';
import { shared } from '../schedule/shared.ts';
import { replace } from './guard.ts';

const MARK = '[system] ';
/** How much is kept between two turns: a loop that prints must not fill the memory. */
const KEPT_MAX = 1 << 20;
/** A line that goes on for longer is broken. */
const LINE_MAX = 1 << 16;

type Write = (chunk: string) => unknown;

interface Output {
  /** What waits to be written, in order. */
  readonly kept: { readonly write: Write | undefined; readonly text: string }[];
  keptChars: number;
  lostChars: number;
  /** The beginning of a line whose end has not come. */
  line: string;
  /** Calls into the system's code outside of segments that are under way. */
  calls: number;
  console: unknown;
  /** Standard error as it is. */
  error: Write | undefined;
}

const output = shared('output', (): Output => {
  return { kept: [], keptChars: 0, lostChars: 0, line: '', calls: 0, console: undefined, error: undefined };
});

/** Has everything printed in a segment be kept. */
export function guardOutput(): void {
  const { stdout, stderr } = process;
  output.error = stderr.write.bind(stderr);
  guardStream(stdout, undefined);
  guardStream(stderr, undefined);
  output.console = undefined;
  guardConsole();
}

/** The console may have been replaced since the last run. */
export function guardConsole(): void {
  if (output.console === globalThis.console) return;
  output.console = globalThis.console;
  for (const key of ['_stdout', '_stderr']) {
    const stream: unknown = Reflect.get(globalThis.console, key);
    if (typeof stream !== 'object' || stream === null || stream === process.stdout || stream === process.stderr)
      continue;
    const write: unknown = Reflect.get(stream, 'write');
    if (typeof write === 'function') guardStream(stream, (chunk) => Reflect.apply(write, stream, [chunk]));
  }
}

function guardStream(stream: object, later: Write | undefined): void {
  const original: unknown = Reflect.get(stream, 'write');
  if (typeof original !== 'function') return;
  replace(stream, 'write', function (this: unknown, ...args: unknown[]): unknown {
    if (!segment.active && output.calls === 0) return Reflect.apply(original, this, args);
    const [chunk, encoding] = args;
    keep(later, textOf(chunk, encoding));
    const callback = args.at(-1);
    if (typeof callback === 'function') process.nextTick(() => Reflect.apply(callback, undefined, []));
    return true;
  });
}

function textOf(chunk: unknown, encoding: unknown): string {
  if (typeof chunk === 'string') {
    return typeof encoding === 'string' && Buffer.isEncoding(encoding)
      ? Buffer.from(chunk, encoding).toString()
      : chunk;
  }
  if (ArrayBuffer.isView(chunk)) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString();
  throw new TypeError('The "chunk" argument must be of type string or an instance of Buffer, TypedArray, or DataView');
}

function keep(write: Write | undefined, text: string): void {
  const room = KEPT_MAX - output.keptChars;
  const kept = text.length > room ? text.slice(0, room) : text;
  output.lostChars += text.length - kept.length;
  if (kept === '') return;
  output.keptChars += kept.length;
  output.kept.push({ write, text: kept });
}

/** Calls code of the system's outside of a run: what it prints is kept as well, and written once the call is over. */
export function keepingOutput<T>(call: () => T): T {
  output.calls += 1;
  try {
    return call();
  } finally {
    endCall();
  }
}

/** The same for a call that takes its time. */
export async function keepingOutputOf<T>(call: () => Promise<T>): Promise<T> {
  output.calls += 1;
  try {
    return await call();
  } finally {
    endCall();
  }
}

function endCall(): void {
  output.calls -= 1;
  if (output.calls === 0 && !segment.active) flushOutput(true);
}

/** Writes what was kept; only between segments. `over`: no more of the last line will come. */
export function flushOutput(over: boolean): void {
  if (output.kept.length === 0 && (!over || output.line === '')) return;
  let own = output.line;
  const { lostChars } = output;
  const kept = output.kept.splice(0);
  output.line = '';
  output.keptChars = 0;
  output.lostChars = 0;
  for (const { write, text } of kept) {
    if (write === undefined) own += text;
    else write(text);
  }
  const end = own.lastIndexOf('\n') + 1;
  const rest = own.slice(end);
  const breaks = over || rest.length > LINE_MAX;
  if (!breaks) output.line = rest;
  const lines = own.slice(0, end) + (breaks && rest !== '' ? `${rest}\n` : '');
  if (lines !== '') output.error?.(lines.replace(/^(?=[\s\S])/gm, MARK));
  if (lostChars > 0) output.error?.(`${MARK}… ${lostChars} characters more, which were not kept\n`);
}
