/**
 * Invariants: rules that watch every event of a run. A rule makes a checker for each run, which sees the events of the kinds
 * it names and says what it finds.
 *
 * ```ts
 * import type { Invariant } from 'meshos-sim/invariant';
 *
 * type Given = { kind: 'given'; id: number };
 *
 * export const unique: Invariant<Given, object> = {
 *   id: 'unique',
 *   holds: 'no id is given twice',
 *   create: ({ violate }) => {
 *     const given = new Set<number>();
 *     return { on: { given: ({ id }) => (given.has(id) ? violate(`${id} was given twice`) : void given.add(id)) } };
 *   },
 * };
 * console.log(unique.id); // unique
 * ```
 */
export type { CheckContext, Checker, Handlers, Invariant, TraceEvent, Violation } from '../invariant/invariant.ts';
