/** How a process that was started for one answer gives it and exits. */

/** Sends a message to the process that started this one, and disconnects once all of it has gone out. */
export function lastWord(message: unknown): void {
  // A long message takes many writes. Disconnecting before the last of them would lose the rest.
  process.send?.(message, () => {
    if (process.connected) process.disconnect();
  });
}
