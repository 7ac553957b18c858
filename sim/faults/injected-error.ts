/**
 * The error that a fault throws into the system under test. If it escapes, the system let it. It has no stack: the fault
 * says where it comes from, and recording stacks took a hundredth of the time of default runs.
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
