/**
 * Somebody handed a primitive, or put into an event, what cannot be: a sleep of less than nothing, a number that is none;
 * or waited where nobody can, or in a way that loses messages.
 * It is the mistake of whoever called, which need not be the harness (`scenario/blame.ts`); so its stack goes far back.
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
