/**
 * Errors that Node reports to the process and that belong to a run: rejections nobody handled, and what ticks throw.
 *
 * While a run is under way its handlers stand alone, so that a lost rejection ends no process and reaches no test runner.
 * What the host itself does between two turns of the run still goes to the handlers that were there.
 */
export type ProcessFault = 'rejection' | 'thrown';

export interface ProcessErrors {
  /** Whether an error is the run's: a segment is running, or was stopped. */
  ours(error: unknown): boolean;
  /** `promise` is the one that was rejected. */
  report(error: unknown, fault: ProcessFault, promise?: object): void;
}

/** Takes both events of the process; the function that comes back restores what was there. */
export function claimProcess(errors: ProcessErrors): () => void {
  const rejectionListeners = process.listeners('unhandledRejection');
  const exceptionListeners = process.listeners('uncaughtException');
  const onRejection: NodeJS.UnhandledRejectionListener = (error, promise) => {
    if (errors.ours(error)) errors.report(error, 'rejection', promise);
    else if (rejectionListeners.length === 0) throw error;
    else for (const listener of rejectionListeners) listener(error, promise);
  };
  const onException: NodeJS.UncaughtExceptionListener = (error, origin) => {
    if (errors.ours(error)) errors.report(error, 'thrown');
    else if (exceptionListeners.length === 0) throw error;
    else for (const listener of exceptionListeners) listener(error, origin);
  };
  process.removeAllListeners('unhandledRejection');
  process.removeAllListeners('uncaughtException');
  process.on('unhandledRejection', onRejection);
  process.on('uncaughtException', onException);
  return () => {
    process.off('unhandledRejection', onRejection);
    process.off('uncaughtException', onException);
    for (const listener of rejectionListeners) process.on('unhandledRejection', listener);
    for (const listener of exceptionListeners) process.on('uncaughtException', listener);
  };
}
