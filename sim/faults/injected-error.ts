/**
 * What a fault throws into the system under test: if it escapes, the system let it. It has no stack: the fault says where
 * it comes from, and taking stacks down was a hundredth of the work of default runs.
 */
export class InjectedError extends Error {
  override readonly name = 'InjectedError';

  constructor(fault: string, what: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(`${what} (fault ${fault})`);
    Error.stackTraceLimit = stackTraceLimit;
  }
}
