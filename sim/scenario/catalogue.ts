/** The invariants of a world with those that the run itself judges, whatever the world. */
import type { TraceEvent } from '../invariant/invariant.ts';
import type { FaultBase, OperationBase, World } from '../world.ts';

export interface InvariantEntry {
  readonly id: string;
  /** One sentence: when it holds. */
  readonly holds: string;
}

const OF_THE_RUN: readonly InvariantEntry[] = [
  { id: 'no-crash', holds: 'no exception leaves a task of the system' },
  { id: 'no-livelock', holds: 'the run comes to an end: no task is busy for ever, and what is closed ends' },
];

export function invariantEntries<C, O extends OperationBase, F extends FaultBase, E extends TraceEvent, V>(
  world: World<C, O, F, E, V>,
): readonly InvariantEntry[] {
  return [...world.invariants.map(({ id, holds }) => ({ id, holds })), ...OF_THE_RUN];
}
