/**
 * What a run may take of its host. A run that takes more is given up, whatever it does, so that it takes neither the sweep
 * nor the machine with it.
 */

export interface RunLimits {
  /**
   * Milliseconds of host time. They are counted in ticks of the thread that watches, so that a host that is stopped, or
   * sleeps, lets no time pass.
   */
  readonly wallMs: number;
  /** Of its thread's heap. */
  readonly heapMb: number;
  /** Of all its process holds beyond what it held before: V8 bounds the heap, and no Buffers. */
  readonly memoryMb: number;
}

export const RUN_LIMITS: RunLimits = { wallMs: 60_000, heapMb: 1024, memoryMb: 1024 };

/** How often runs under way are looked at. */
export const TICK_MS = 100;

/** What the threads of a sweep may hold besides their runs: code, and garbage that nobody has collected yet. */
const BASE_MB = 512;
const MEBI = 1 << 20;

/** Bytes that this process holds. */
export function heldBytes(): number {
  return process.memoryUsage.rss();
}

/** Bytes that the process may hold with so many runs under way, given what it held without them. */
export function heldBytesMax(atRest: number, runs: number, { memoryMb }: RunLimits): number {
  return atRest + (BASE_MB + runs * memoryMb) * MEBI;
}

export function ticksOf(ms: number): number {
  return Math.ceil(ms / TICK_MS);
}

/** Calls back once so many milliseconds have passed for a host that was not stopped; what comes back forgets it. */
export function afterTicks(ms: number, act: () => unknown): () => void {
  let left = ticksOf(ms);
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) return;
    clearInterval(timer);
    act();
  }, TICK_MS);
  return () => clearInterval(timer);
}

/** As `1 GB` or `64 MB`. */
export function megabytes(amountMb: number): string {
  return amountMb % 1024 === 0 ? `${amountMb / 1024} GB` : `${amountMb} MB`;
}
