/** The interrupt as a signal that work listens to: asked to stop, it says what it has. */
import { onInterrupt } from './signals.ts';

export function interruption(): AbortSignal {
  const controller = new AbortController();
  onInterrupt(() => controller.abort());
  return controller.signal;
}
