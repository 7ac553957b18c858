/**
 * Errors that Node reports to the process and that belong to a run: rejections nobody handled, and what ticks throw.
 *
 * While a run is under way its handler stands alone; the process's own handlers come back with `release`, and are called
 * for what the host itself does between two turns.
 */
export type ProcessFault = 'rejection' | 'thrown';

/** Takes both events of the process; the function that comes back restores what was there. */
export function claimProcess(report: (error: unknown, fault: ProcessFault) => void): () => void {
  const onRejection = (error: unknown): void => report(error, 'rejection');
  const onException = (error: unknown): void => report(error, 'thrown');
  const rejectionListeners = process.listeners('unhandledRejection');
  const exceptionListeners = process.listeners('uncaughtException');
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
