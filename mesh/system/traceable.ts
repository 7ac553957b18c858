/**
 * Texts on their way into the trace, which holds well-formed ones alone. What the system under test wrote may be anything;
 * that it is ill-formed is for the invariants to find, which see the record itself, and must not end the run.
 */
export function traceable(text: string): string {
  return text.toWellFormed();
}
