/**
 * A primitive was given an impossible argument (a sleep of negative length, a number that is NaN), or a wait was used where
 * nobody can wait or in a way that loses messages. The caller made the mistake, and the caller need not be the harness
 * (`scenario/blame`); so the stack is kept long.
 */
export class MisuseError extends RangeError {
  override name = 'MisuseError';

  constructor(message: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = FRAMES_MAX;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const FRAMES_MAX = 100;
