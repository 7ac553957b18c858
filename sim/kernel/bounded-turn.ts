// biome-ignore-all lint/style/noRestrictedImports: only the host can stop JavaScript that does not come back
// biome-ignore-all lint/style/noRestrictedGlobals: the same
/**
 * Stops a segment that does not come back: a loop, or microtasks and ticks without end. It is used for runs of foreign code
 * in a thread that no other thread watches, such as a test runner's. Where another thread watches, that one does the
 * stopping, at no cost.
 *
 * V8 stops JavaScript wherever it is, if it was started as a script with a time limit. It does not stop a native call. The
 * stopped code runs no `finally`, and V8 throws its microtasks away.
 *
 * The limit is wall-clock time, which goes on while the host is paused. Processor time tells the two apart: if the process
 * used little of it, nothing looped.
 *
 * A test runner may make a global object for each file, so that a thread has several. All of them share `process`, which is
 * where the script finds the function to call.
 */
import vm from 'node:vm';

/** Thrown in place of the segment that was stopped. */
export class SegmentStopped extends Error {
  override name = 'SegmentStopped';
  /** The process got hardly any processor time: the host was paused, or busy with something else. */
  readonly wasHostPaused: boolean;

  constructor(limitMs: number, wasHostPaused: boolean) {
    super(`a segment did not end within ${limitMs} ms of host time`);
    this.wasHostPaused = wasHostPaused;
  }
}

/** A loop uses at least this share of the limit as processor time, however busy the host is. */
const BUSY_SHARE = 1 / 10;
/** How long a reading is used: short beside any limit. */
const USAGE_KEPT_MS = 50;
const KEY = Symbol.for('meshos-sim.kernel.1.turn');

const hostCpuUsage = process.cpuUsage.bind(process);
const hostNowMs = performance.now.bind(performance);
let latest: { readonly atMs: number; readonly usage: NodeJS.CpuUsage } | undefined;
let script: vm.Script | undefined;

/** Calls back. Throws `SegmentStopped` if that takes longer than the limit, in milliseconds of host time. */
export function boundedTurn(turn: () => void, limitMs: number): void {
  script ??= new vm.Script(`process[Symbol.for('${KEY.description}')]()`, { filename: 'node:meshos-sim/turn' });
  let failure: { readonly error: unknown } | undefined;
  Reflect.set(process, KEY, () => {
    try {
      turn();
    } catch (error) {
      failure = { error };
    }
  });
  const before = cpuUsageBefore();
  try {
    script.runInThisContext({ timeout: limitMs });
  } catch (error) {
    if (!isTimeout(error)) throw error;
    // Where V8 stops amid the microtasks, it may still run code after them. What was cut short would then look complete.
    const { user, system } = hostCpuUsage(before);
    throw new SegmentStopped(limitMs, (user + system) / 1000 < limitMs * BUSY_SHARE);
  } finally {
    Reflect.deleteProperty(process, KEY);
  }
  if (failure !== undefined) throw failure.error;
}

/** The processor time used by now, or shortly before: asking the host takes as long as a short turn. */
function cpuUsageBefore(): NodeJS.CpuUsage {
  const nowMs = hostNowMs();
  if (latest === undefined || nowMs - latest.atMs > USAGE_KEPT_MS) latest = { atMs: nowMs, usage: hostCpuUsage() };
  return latest.usage;
}

/** The host's errors may belong to another global object than this module's, and so fail `instanceof`. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
