/** Draws for tests of estimates. They are the same in every run of the tests, so that no test fails by chance. */
import { alea } from 'seedrandom';

/** Numbers from 0 up to 1. */
export function drawsOf(seed: string): () => number {
  return alea(seed);
}
