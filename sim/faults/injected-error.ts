/** What a fault throws into the system under test: if it escapes, the system let it. */
export class InjectedError extends Error {
  override readonly name = 'InjectedError';

  constructor(fault: string, what: string) {
    super(`${what} (fault ${fault})`);
  }
}
