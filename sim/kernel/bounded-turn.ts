// biome-ignore-all lint/style/noRestrictedImports: only the host can stop JavaScript that does not come back
// biome-ignore-all lint/style/noRestrictedGlobals: the same
/**
 * Stops a segment that does not come back: a loop, or microtasks and ticks without end. For runs of code that is not ours in a
 * thread that nobody watches, such as a test runner's; what is watched from outside is stopped from there, at no cost.
 *
 * V8 stops JavaScript wherever it is if it was started as a script with a time limit. It does not stop a native call. The code
 * that was stopped runs no `finally`, and V8 throws its microtasks away.
 *
 * The limit is one of the clock on the wall, which goes on while the host is paused. The processor's time tells the two apart:
 * where the process used little of it, nobody looped.
 *
 * A thread has several global objects where a test runner makes one for each file. All of them share `process`, so that is
 * where the script finds what to call.
 */
import vm from 'node:vm';

/** Thrown in the place of what was stopped. */
export class SegmentStopped extends Error {
  override name = 'SegmentStopped';
  /** The process had hardly any of the processor's time: the host was paused, or had no time for it. */
  readonly wasHostPaused: boolean;

  constructor(limitMs: number, wasHostPaused: boolean) {
    super(`a segment did not end within ${limitMs} ms of host time`);
    this.wasHostPaused = wasHostPaused;
  }
}

/** Of the limit, a loop uses at least so much of the processor's time, however much else the host has to do. */
const BUSY_SHARE = 1 / 10;
/** Short beside any limit. */
const USAGE_KEPT_MS = 50;
const KEY = Symbol.for('meshos-sim.kernel.1.turn');

const hostCpuUsage = process.cpuUsage.bind(process);
const hostNowMs = performance.now.bind(performance);
let latest: { readonly atMs: number; readonly usage: NodeJS.CpuUsage } | undefined;
let script: vm.Script | undefined;

/** Calls back, and throws `SegmentStopped` if that has not ended within so many milliseconds of host time. */
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
    // Where V8 stops in the middle of the microtasks, it may go on after them: what was cut short then looks complete.
    const { user, system } = hostCpuUsage(before);
    throw new SegmentStopped(limitMs, (user + system) / 1000 < limitMs * BUSY_SHARE);
  } finally {
    Reflect.deleteProperty(process, KEY);
  }
  if (failure !== undefined) throw failure.error;
}

/** The processor's time by now, or shortly before: asking the host takes as long as a short turn. */
function cpuUsageBefore(): NodeJS.CpuUsage {
  const nowMs = hostNowMs();
  if (latest === undefined || nowMs - latest.atMs > USAGE_KEPT_MS) latest = { atMs: nowMs, usage: hostCpuUsage() };
  return latest.usage;
}

/** The host's errors are of its own global object's class, which may be another than this module's. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
