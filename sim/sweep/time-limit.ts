/** Limits how long a search may take of the host's time, for a caller that runs it in its own thread. */
import { setImmediate } from 'node:timers/promises';

/** How often signals and messages get through. */
const BREATH_MS = 50;

/**
 * True once the time is up or the work was interrupted. Asking often gives the host the chance to do what waits to be done.
 */
export function timeLimit(ms: number, signal?: AbortSignal): () => Promise<boolean> {
  const beganMs = performance.now();
  let breathedMs = beganMs;
  return async () => {
    const nowMs = performance.now();
    if (nowMs - breathedMs >= BREATH_MS) {
      await setImmediate();
      breathedMs = performance.now();
    }
    return signal?.aborted === true || nowMs - beganMs >= ms;
  };
}
