/** Calls of a world's members outside of a run's segments, which keep what is thrown together with who threw it. */
import { WorldError } from '../../invariant/world-error.ts';

/** An exception out of a member of a world, with the member's name. */
export class MemberError extends Error {
  override readonly name = 'MemberError';
  readonly member: string;
  readonly error: unknown;

  constructor(member: string, error: unknown) {
    super(`${member} threw`);
    this.member = member;
    this.error = error;
  }
}

/** What a member of a world gives. Throws a `MemberError` if the member throws. */
export function called<T>(member: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new MemberError(member, error);
  }
}

/** The members that do something do it at once: nothing would wait for what they promise. */
export function atOnce(member: string, given: unknown): void {
  if (!(given instanceof Promise)) return;
  // The run is over: nobody is to hear of it any more.
  given.catch(() => {});
  throw new WorldError(`${member} gave a promise, which nothing waits for: a task that can wait is spawned`);
}
