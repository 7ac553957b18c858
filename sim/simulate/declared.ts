/**
 * Simulated tests as whoever loads their file without a test runner finds them: the command, which sweeps one for an hour.
 * A test function knows how its world is made; whoever stands in for the runner (`sim/vitest/outside.ts`) adds its name.
 */
import { shared } from '../kernel/schedule/shared.ts';

/** Makes the world of a test; its scenario files say the name. */
export type MakeWorld = (name: string) => Promise<unknown>;

const made = shared('test worlds', () => new WeakMap<object, MakeWorld>());
/** By the name of the test, with those of the suites it is in before it. */
const declared = shared('declared tests', () => new Map<string, MakeWorld>());

/** Says how the world of a test function is made. */
export function remember(test: object, make: MakeWorld): void {
  made.set(test, make);
}

/** Says that a test is declared; one that is not simulated is of no interest. */
export function declare(name: string, test: unknown): void {
  const make = typeof test === 'function' ? made.get(test) : undefined;
  if (make !== undefined) declared.set(name, make);
}

export function declaredTests(): ReadonlyMap<string, MakeWorld> {
  return declared;
}
