/** Ctrl-C: the first asks the work to stop and to say what it has; the second ends the process. */
import { EXIT } from './status.ts';

export function interruption(): AbortSignal {
  const controller = new AbortController();
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  });
  return controller.signal;
}
