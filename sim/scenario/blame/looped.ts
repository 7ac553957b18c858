/** What is said of a run that was stopped in a loop: a finding about the system, if it is the system's loop. */
import type { World } from '../../world.ts';
import { NO_DIGEST, type RunResult, type RunVerdict } from '../run/result.ts';
import { Code } from './blame.ts';

/** Frames of a loop's stack that its message names. */
const FRAMES_TOLD = 3;

interface LoopFinding {
  readonly verdict: Extract<RunVerdict, 'violated' | 'world-error' | 'inconclusive'>;
  readonly message: string;
  /** The one that tells it. */
  readonly stack: string;
}

/**
 * `stacks`: where it was when it was stopped, a line `at …` for each frame; the first is what did not come back. `limit`: what
 * it exceeded.
 *
 * Microtasks are drained by the harness, so that of a loop of them nothing else may be in all looks. Then it is the system's
 * if the system was seen in it.
 */
export function loopFinding(world: Pick<World, 'wiring'>, stacks: readonly string[], limit: string): LoopFinding {
  const code = new Code(world);
  const seen = stacks.map((stack) => ({ stack, ...code.blameLoop(stack) }));
  const [common] = seen;
  const found =
    common?.whose === 'harness'
      ? (seen.find(({ whose }) => whose === 'system') ?? seen.find(({ whose }) => whose === 'world') ?? common)
      : common;
  if (found === undefined) return { verdict: 'inconclusive', message: `a loop did not end within ${limit}`, stack: '' };
  const { stack, whose, place } = found;
  const frames = stack.split('\n').map((line) => line.trim());
  const told = frames.filter((line) => line.startsWith('at ')).slice(0, FRAMES_TOLD);
  const message = `a loop did not end within ${limit}: ${told.join(', ')}`;
  // A run that is merely slow was stopped somewhere in the harness.
  if (whose === 'harness') return { verdict: 'inconclusive', message, stack };
  if (whose === 'system') return { verdict: 'violated', message, stack };
  const at = place === undefined ? '' : ` (${place})`;
  return { verdict: 'world-error', stack, message: `the world's or an invariant's ${message.slice(2)}${at}` };
}

/** A run that its own thread stopped in a loop, which nobody can go on from. What it did in the loop depends on the host. */
export function looped(
  world: Pick<World, 'wiring'>,
  result: RunResult,
  stack: string | undefined,
  segmentMs: number,
): RunResult {
  const limit = `${segmentMs / 1000} s of host time`;
  if (stack === undefined) {
    return { ...result, digest: NO_DIGEST, problem: `a segment did not end within ${limit}; its thread told no stack` };
  }
  const { verdict, message } = loopFinding(world, [stack], limit);
  if (verdict !== 'violated') return { ...result, digest: NO_DIGEST, verdict, problem: message, detail: stack };
  const { problem: _, detail: __, ...rest } = result;
  const violation = { invariant: 'no-livelock', atMs: result.virtualMs, event: result.events, message, stack };
  return { ...rest, digest: NO_DIGEST, verdict, violations: [...result.violations, violation] };
}
