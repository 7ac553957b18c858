/**
 * Texts on their way into the trace, which holds well-formed ones alone. The system under test may write anything.
 * Invariants see the record itself, and find ill-formed text there; it must not end the run here.
 */
export function traceable(text: string): string {
  return text.toWellFormed();
}
