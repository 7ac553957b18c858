/** Draws for tests of estimates: the same in every run of the tests, so that none fails by chance. */
import { alea } from 'seedrandom';

/** Numbers from 0 up to 1. */
export function drawsOf(seed: string): () => number {
  return alea(seed);
}
