/**
 * Which checker judges which file of recorded vectors. A file that is not named here is refused rather than passed
 * over, so that a vector nobody checks cannot look green.
 */
import type { VectorChecker } from './checker.ts';

/** Checkers by file name. */
export const vectorCheckers: ReadonlyMap<string, VectorChecker> = new Map<string, VectorChecker>([]);
