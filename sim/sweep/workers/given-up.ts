/** The results of runs that did not end by themselves: they were stopped, or took their thread down. */
import { loopFinding } from '../../scenario/blame/looped.ts';
import { describeError, stackOf } from '../../scenario/blame/thrown.ts';
import type { RunResult } from '../../scenario/run/result.ts';
import type { World } from '../../world.ts';
import { unfinished } from '../source.ts';
import { megabytes, type RunLimits } from './limits.ts';
import { isHeapFull } from './thread.ts';

/** Where a run was when it was stopped, and whose code that may be. */
export interface StoppedAt {
  readonly world: Pick<World, 'wiring'>;
  /** Of its thread, as `stacksOfThread` returns them. Empty in a native call. */
  readonly stacks: readonly string[];
}

/** A run that was stopped at its time limit. */
export function overTime(seed: bigint, { wallMs }: Pick<RunLimits, 'wallMs'>, { world, stacks }: StoppedAt): RunResult {
  const limit = `${wallMs / 1000} s of host time`;
  if (stacks.length === 0)
    return unfinished(seed, 'inconclusive', `took more than ${limit}, and its thread gave no stack`);
  const { verdict, message, stack } = loopFinding(world, stacks, limit);
  if (verdict !== 'violated') return { ...unfinished(seed, 'inconclusive', message, stack), verdict };
  return {
    ...unfinished(seed, 'inconclusive', message),
    verdict: 'violated',
    violations: [{ invariant: 'no-livelock', atMs: 0, event: 0, message, stack }],
  };
}

/**
 * A run whose world did not load. Where the module loops is not looked for: to show the scopes of a module that is still
 * being evaluated, V8 ends the process.
 */
export function unloaded(seed: bigint, { startMs }: Pick<RunLimits, 'startMs'>, module: string): RunResult {
  const problem = `the world's module did not load within ${startMs / 1000} s of host time: ${module}`;
  return { ...unfinished(seed, 'inconclusive', problem), verdict: 'world-error' };
}

/** A run whose thread could not be ended. */
export function neverReturned(seed: bigint, { wallMs }: RunLimits): RunResult {
  return unfinished(seed, 'inconclusive', `a native call did not return within ${wallMs / 1000} s of host time`);
}

/** A run that was still under way long after the sweep was to begin no more. */
export function outOfTime(seed: bigint, graceMs: number): RunResult {
  const when = `${graceMs / 1000} s after the sweep's time was up`;
  return unfinished(seed, 'inconclusive', `had not ended ${when}`);
}

export function overMemory(seed: bigint, { memoryMb }: RunLimits): RunResult {
  return unfinished(seed, 'inconclusive', `used more than ${megabytes(memoryMb)} of memory`);
}

/** A run in which its thread died. */
export function died(seed: bigint, error: Error, { heapMb }: RunLimits): RunResult {
  if (isHeapFull(error)) {
    return unfinished(seed, 'inconclusive', `used more than ${megabytes(heapMb)} of memory: its heap was full`);
  }
  return unfinished(seed, 'harness-error', `the worker died: ${describeError(error)}`, stackOf(error));
}
