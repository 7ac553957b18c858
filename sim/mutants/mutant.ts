/**
 * A mutant: one bug, planted on purpose, to see whether it is found. It is data: where in the sources the text stands that
 * is replaced, by what, why somebody would write it, and what is meant to see it.
 */
import type { Profile } from '../world.ts';

/** What is meant to see the bug. */
export type Detector =
  /** Runs from seeds, until an invariant is violated; `invariant` is the one that should be among the first. */
  | { readonly kind: 'sweep'; readonly invariant: string; readonly profile: Profile; readonly semantics: string }
  /** The recorded vectors. */
  | { readonly kind: 'conform' }
  /** A test file of the project, by its path in the checkout. */
  | { readonly kind: 'property'; readonly test: string };

export interface Mutant {
  /** Name of its file, without the ending. */
  readonly id: string;
  /** What the bug does, in one line. */
  readonly title: string;
  /** Source file, from the checkout's root. */
  readonly file: string;
  /** Stands in that file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Why somebody would write it. */
  readonly why: string;
  /** The clause of the specification that it breaks, or the bug of net-mesh that it is. */
  readonly origin: string;
  /** Whether net-mesh, or the code it was taken from, really had this bug. */
  readonly historic: boolean;
  readonly detector: Detector;
  /** One of those that every `npm run test:thorough` plants. */
  readonly smoke: boolean;
}

/** A folder, a mutant or a build that cannot be used, in one line for the person who wrote it. */
export class MutantError extends Error {
  override readonly name = 'MutantError';
}
