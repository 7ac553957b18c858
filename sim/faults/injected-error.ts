/**
 * What a fault throws into the system under test: if it escapes, the system let it. It has no stack, as it is the fault
 * that says where it comes from, and as taking one costs more than all else that a failed dispatch does.
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
