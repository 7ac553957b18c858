/**
 * The catalogue of rare things that runs should reach, and the observer that says when one does. A sweep in which a mark is
 * never reached has not tested what the mark stands for, however green it is.
 */
import type { MeshEvent } from '../events.ts';
import type { MeshConfig } from '../scenario/scenario.ts';
import { ADMISSION_MARKS, admissionMarks } from './admission.ts';
import { BROADCAST_MARKS, broadcastMarks } from './broadcasts.ts';
import { CHAIN_MARKS, chainMarks } from './chains.ts';
import { EXECUTOR_MARKS, executorMarks } from './executor.ts';
import { NODE_MARKS, nodeMarks } from './nodes.ts';
import type { Handlers, MarkContext } from './observer.ts';
import { REPLICA_MARKS, replicaMarks } from './replicas.ts';

export const MESH_MARKS = [
  ...EXECUTOR_MARKS,
  ...ADMISSION_MARKS,
  ...NODE_MARKS,
  ...CHAIN_MARKS,
  ...REPLICA_MARKS,
  ...BROADCAST_MARKS,
] as const;

export type MeshMark = (typeof MESH_MARKS)[number];

type Handler = (event: MeshEvent) => void;

/**
 * Watches one run: returns the handlers that events are shown to. `mark` is called whenever a mark is reached, for some
 * marks often.
 */
export function createMarks(mark: (mark: MeshMark) => void, now: () => number, config: MeshConfig): Handlers {
  const context: MarkContext<MeshMark> = { mark, now, config };
  const byKind: Record<string, Handler> = {};
  for (const group of [executorMarks, admissionMarks, nodeMarks, chainMarks, replicaMarks, broadcastMarks]) {
    for (const [kind, handle] of Object.entries<((event: never) => void) | undefined>(group(context))) {
      if (handle === undefined) continue;
      // The key under which a handler stands is the kind of event that it takes.
      const handler = handle as Handler;
      const earlier = byKind[kind];
      byKind[kind] = earlier === undefined ? handler : both(earlier, handler);
    }
  }
  return byKind;
}

function both(first: Handler, second: Handler): Handler {
  return (event) => {
    first(event);
    second(event);
  };
}
