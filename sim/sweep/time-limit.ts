/** How long a search may take of the host's time, for whoever runs it in this thread. */
import { setImmediate } from 'node:timers/promises';

/** Signals and messages get through this often. */
const BREATH_MS = 50;

/** True once the time is up or the work was interrupted. Asked often, it lets the host do what waits to be done. */
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
