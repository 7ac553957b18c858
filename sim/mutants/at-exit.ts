/** What has to be undone however the process ends: folders that are in the way, processes that would go on without it. */

/** In the order in which they came to be; the last is undone first. */
const standing = new Set<() => void>();

function undoAll(): void {
  for (const undo of [...standing].reverse()) undo();
}

/** Has `undo` called once: when what is returned is, or else when the process exits. */
export function undoneAtExit(undo: () => void): () => void {
  if (standing.size === 0) process.on('exit', undoAll);
  standing.add(undo);
  return () => {
    if (!standing.delete(undo)) return;
    if (standing.size === 0) process.off('exit', undoAll);
    undo();
  };
}
