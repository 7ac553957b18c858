/** Ids and seqs as numbers, for checkers that keep lists by them. */
let lastValue = 0n;
let lastNumber = 0;

/**
 * The nearest number. Turning a bigint into a number costs a call into the engine, and every checker of an event asks for
 * the same one, so the last answer is kept.
 */
export function numberOf(value: bigint): number {
  if (value !== lastValue) {
    lastValue = value;
    lastNumber = Number(value);
  }
  return lastNumber;
}
