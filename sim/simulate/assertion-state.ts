/**
 * What assertions leave behind in the test runner: how many there were, soft errors, promises that are to be awaited, counts
 * of snapshots. A run's are not the test's: they are saved before it and put back after it.
 */
import { part } from './runner-context.ts';

/** Under which vitest keeps the `expect` of a file. */
const EXPECT = Symbol.for('expect-global');

interface Expect {
  getState(): object;
  setState(state: object): void;
}

export class AssertionState {
  readonly #expects: readonly Expect[];
  readonly #task: unknown;

  /** `task` is vitest's, if it runs the test. */
  constructor(task: unknown, context: unknown) {
    this.#task = task;
    const given = [Reflect.get(globalThis, EXPECT), Reflect.get(globalThis, 'expect'), localExpect(context)];
    this.#expects = [...new Set(given.filter(isExpect))];
  }

  /** Gives a function that puts the state back as it is now. */
  save(): () => void {
    const states = this.#expects.map(
      (expect) => [expect, Object.getOwnPropertyDescriptors(expect.getState())] as const,
    );
    const snapshots = this.#expects.map((expect) => savedCounts(part(expect.getState(), 'snapshotState')));
    const promises = part(this.#task, 'promises');
    const waiting = Array.isArray(promises) ? promises.length : 0;
    const softErrors = this.#softErrors().length;
    const result = part(this.#task, 'result');
    const state = part(result, 'state');
    return () => {
      for (const [expect, kept] of states) expect.setState(Object.defineProperties({}, kept));
      for (const putBack of snapshots) putBack();
      const promisesNow = part(this.#task, 'promises');
      if (Array.isArray(promisesNow)) promisesNow.length = waiting;
      const errors = part(result, 'errors');
      if (Array.isArray(errors)) errors.length = softErrors;
      if (typeof result === 'object' && result !== null && state !== undefined) Reflect.set(result, 'state', state);
    };
  }

  /** Soft errors from a number on. */
  softErrors(from: number): readonly unknown[] {
    return this.#softErrors().slice(from);
  }

  get softErrorCount(): number {
    return this.#softErrors().length;
  }

  #softErrors(): readonly unknown[] {
    const errors = part(part(this.#task, 'result'), 'errors');
    return Array.isArray(errors) ? errors : [];
  }
}

/** That of a test's own context: vitest makes it when it is first asked for, which not everybody does. */
function localExpect(context: unknown): unknown {
  if (typeof context !== 'object' || context === null) return undefined;
  const descriptor = Object.getOwnPropertyDescriptor(context, 'expect');
  return descriptor?.value;
}

function isExpect(value: unknown): value is Expect {
  return typeof part(value, 'getState') === 'function' && typeof part(value, 'setState') === 'function';
}

/** Numbers and maps of numbers, which is what a snapshot's state counts with. */
function savedCounts(state: unknown): () => void {
  if (typeof state !== 'object' || state === null) return () => {};
  const numbers = Object.entries(state).filter(([, value]) => typeof value === 'number');
  const maps = Object.values(state).filter((value) => value instanceof Map);
  const kept = maps.map((map) => [map, [...map]] as const);
  return () => {
    for (const [name, value] of numbers) Reflect.set(state, name, value);
    for (const [map, entries] of kept) {
      map.clear();
      for (const [key, value] of entries) map.set(key, value);
    }
  };
}
