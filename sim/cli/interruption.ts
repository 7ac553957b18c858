/** Ctrl-C, or another signal that asks the command to end: the first asks the work to stop and to say what it has; the second ends the process. */
import { onInterrupt } from './host.ts';
import { EXIT } from './status.ts';

export function interruption(): AbortSignal {
  const controller = new AbortController();
  onInterrupt(() => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  });
  return controller.signal;
}
