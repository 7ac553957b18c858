/** How a process that was started for one answer gives it and leaves. */

/** Sends a message to the process that started this one, and lets go of it when all of it has gone out. */
export function lastWord(message: unknown): void {
  // A long one takes many writes. Who lets go of the channel before the last of them takes the rest along.
  process.send?.(message, () => {
    if (process.connected) process.disconnect();
  });
}
