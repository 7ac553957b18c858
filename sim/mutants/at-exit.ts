/** Undoes things however the process ends: removes folders, ends processes that would go on without it. */

/** In order of creation. The latest is undone first. */
const standing = new Set<() => void>();

function undoAll(): void {
  for (const undo of [...standing].reverse()) undo();
}

/** Calls `undo` once: when the returned function is called, or else when the process exits. */
export function undoneAtExit(undo: () => void): () => void {
  if (standing.size === 0) process.on('exit', undoAll);
  standing.add(undo);
  return () => {
    if (!standing.delete(undo)) return;
    if (standing.size === 0) process.off('exit', undoAll);
    undo();
  };
}
