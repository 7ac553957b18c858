/** What of a world its scenario files are about: the names they may use, and the schemas of its parts. */
import type { World } from '../../world.ts';

export interface InvariantEntry {
  readonly id: string;
  /** One sentence: when it holds. */
  readonly holds: string;
}

/** Every world is one. */
export interface Vocabulary extends Pick<World, 'name' | 'semantics' | 'events' | 'marks' | 'schemas'> {
  readonly invariants: readonly InvariantEntry[];
  readonly ambient?: World['ambient'];
}

/** The run itself judges these, whatever the world. */
const OF_THE_RUN: readonly InvariantEntry[] = [
  { id: 'no-crash', holds: 'no exception leaves a task of the system' },
  { id: 'no-livelock', holds: 'the run comes to an end: no task is busy for ever, and what is closed ends' },
];

/** Of an operation that waits and that nothing can wake. */
export const LOST_WAKE_UP = 'no-lost-wake-up';

/** The same where promises are followed, because the code is not ours. */
const OF_A_VIRTUAL_RUN: readonly InvariantEntry[] = [
  ...OF_THE_RUN,
  { id: LOST_WAKE_UP, holds: 'whatever owes an end comes to it: nothing waits for what can never come' },
];

/** Everything that can be violated. */
export function invariantEntries({
  invariants,
  ambient,
}: Pick<Vocabulary, 'invariants' | 'ambient'>): readonly InvariantEntry[] {
  return [
    ...invariants.map(({ id, holds }) => ({ id, holds })),
    ...(ambient === 'virtual' ? OF_A_VIRTUAL_RUN : OF_THE_RUN),
  ];
}

/** The source file an invariant is in, from the root of its world's project, where that is known. */
export function codeOf({ codeOf: ofTheWorld }: Pick<World, 'codeOf'>, invariant: string): string | undefined {
  if (ofTheWorld === undefined) return undefined;
  return OF_A_VIRTUAL_RUN.some(({ id }) => id === invariant) ? 'sim/scenario/run/run.ts' : ofTheWorld(invariant);
}
