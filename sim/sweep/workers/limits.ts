/**
 * What a run may take of its host. A run that takes more is given up, whatever it does, so that it takes down neither the
 * sweep nor the machine.
 */
import { boundsOf } from '../../scenario/run/bounds.ts';
import { Ticker } from './ticker.ts';

export interface RunLimits {
  /** Milliseconds of host time, in ticks of the thread that watches. */
  readonly wallMs: number;
  /** The same, for loading the world, which comes before the first run of a thread. */
  readonly startMs: number;
  /** Of its thread's heap. */
  readonly heapMb: number;
  /** Of all that its process holds beyond what it held before. V8 bounds the heap, and no Buffers. */
  readonly memoryMb: number;
}

export const RUN_LIMITS: RunLimits = { wallMs: 60_000, startMs: 60_000, heapMb: 1024, memoryMb: 1024 };

/** More events for a run mean more memory for their trace. */
export function limitsFor(maxEvents: number | undefined): RunLimits {
  const moreMb = Math.ceil((boundsOf(maxEvents).bytes - boundsOf().bytes) / MEBI);
  return { ...RUN_LIMITS, heapMb: RUN_LIMITS.heapMb + moreMb, memoryMb: RUN_LIMITS.memoryMb + moreMb };
}

/** What the threads of a sweep may hold besides their runs: code, and garbage that is not collected yet. */
const BASE_MB = 512;
const MEBI = 1 << 20;

/** Bytes that this process holds. */
export function heldBytes(): number {
  return process.memoryUsage.rss();
}

/** Bytes that the process may hold with this many runs under way, given what it held without them. */
export function heldBytesMax(atRest: number, runs: number, { memoryMb }: RunLimits): number {
  return atRest + (BASE_MB + runs * memoryMb) * MEBI;
}

/** Calls back once this much host time has passed, in ticks. The returned function cancels it. */
export function afterTicks(ms: number, act: () => unknown): () => void {
  const ticker = new Ticker(() => {
    if (ticker.nowMs < ms) return;
    ticker.stop();
    act();
  });
  return () => ticker.stop();
}

/** For example `1 GB` or `64 MB`. */
export function megabytes(amountMb: number): string {
  return amountMb % 1024 === 0 ? `${amountMb / 1024} GB` : `${amountMb} MB`;
}
