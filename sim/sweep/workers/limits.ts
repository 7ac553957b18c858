/**
 * What a run may take of its host. A run that takes more is given up, whatever it does, so that it takes neither the sweep
 * nor the machine with it.
 */
import { boundsOf } from '../../scenario/run/bounds.ts';
import { Ticker } from './ticker.ts';

export interface RunLimits {
  /** Milliseconds of host time, in ticks of the thread that watches. */
  readonly wallMs: number;
  /** The same, for loading its world, which comes before the first of a thread. */
  readonly startMs: number;
  /** Of its thread's heap. */
  readonly heapMb: number;
  /** Of all its process holds beyond what it held before: V8 bounds the heap, and no Buffers. */
  readonly memoryMb: number;
}

export const RUN_LIMITS: RunLimits = { wallMs: 60_000, startMs: 60_000, heapMb: 1024, memoryMb: 1024 };

/** Whoever allows a run more events allows the trace of them, too. */
export function limitsFor(maxEvents: number | undefined): RunLimits {
  const moreMb = Math.ceil((boundsOf(maxEvents).bytes - boundsOf().bytes) / MEBI);
  return { ...RUN_LIMITS, heapMb: RUN_LIMITS.heapMb + moreMb, memoryMb: RUN_LIMITS.memoryMb + moreMb };
}

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

/** Calls back once so much host time has passed, in ticks; what comes back forgets it. */
export function afterTicks(ms: number, act: () => unknown): () => void {
  const ticker = new Ticker(() => {
    if (ticker.nowMs < ms) return;
    ticker.stop();
    act();
  });
  return () => ticker.stop();
}

/** As `1 GB` or `64 MB`. */
export function megabytes(amountMb: number): string {
  return amountMb % 1024 === 0 ? `${amountMb / 1024} GB` : `${amountMb} MB`;
}
