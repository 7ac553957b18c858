/** What a scenario file needs to know of its world: the names that it may use, and the schemas of its parts. */
import type { World } from '../../world.ts';

export interface InvariantEntry {
  readonly id: string;
  /** One sentence that says what holds. */
  readonly holds: string;
}

/** Every world fits this. */
export interface Vocabulary extends Pick<World, 'name' | 'semantics' | 'events' | 'marks' | 'schemas'> {
  readonly invariants: readonly InvariantEntry[];
  readonly ambient?: World['ambient'];
}

/** The run itself reports these, whatever the world. */
const OF_THE_RUN: readonly InvariantEntry[] = [
  { id: 'no-crash', holds: 'no exception leaves a task of the system' },
  { id: 'no-livelock', holds: 'the run comes to an end: no task is busy for ever, and what is closed ends' },
];

/** Id of the invariant that an operation violates if it waits for what can never come. */
export const LOST_WAKE_UP = 'no-lost-wake-up';

/** The same, in worlds where promises are followed because the code is foreign. */
const OF_A_VIRTUAL_RUN: readonly InvariantEntry[] = [
  ...OF_THE_RUN,
  { id: LOST_WAKE_UP, holds: 'whatever owes an end comes to it: nothing waits for what can never come' },
];

/** Every invariant that can be violated. */
export function invariantEntries({
  invariants,
  ambient,
}: Pick<Vocabulary, 'invariants' | 'ambient'>): readonly InvariantEntry[] {
  return [
    ...invariants.map(({ id, holds }) => ({ id, holds })),
    ...(ambient === 'virtual' ? OF_A_VIRTUAL_RUN : OF_THE_RUN),
  ];
}

/** The source file of an invariant, from the root of its world's project, if known. */
export function codeOf({ codeOf: ofTheWorld }: Pick<World, 'codeOf'>, invariant: string): string | undefined {
  if (ofTheWorld === undefined) return undefined;
  return OF_A_VIRTUAL_RUN.some(({ id }) => id === invariant) ? 'sim/scenario/run/run.ts' : ofTheWorld(invariant);
}
