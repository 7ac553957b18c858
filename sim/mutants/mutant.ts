/**
 * A mutant: one bug, planted on purpose, to see whether it is found. It is data: which text of the sources is replaced by
 * what, why somebody would write that, and what is meant to see it.
 */
import type { Profile } from '../world.ts';

/** What is meant to see the bug. */
export type Detector =
  /** Runs from seeds until an invariant is violated. `invariant` should be among the first. */
  | { readonly kind: 'sweep'; readonly invariant: string; readonly profile: Profile; readonly semantics: string }
  /** The recorded vectors. */
  | { readonly kind: 'conform' }
  /** A test file of the project, by its path in the checkout. */
  | { readonly kind: 'property'; readonly test: string };

export interface Mutant {
  /** Name of its file, without the extension. */
  readonly id: string;
  /** What the bug does, in one line. */
  readonly title: string;
  /** Source file, from the checkout's root. */
  readonly file: string;
  /** Must stand in that file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Why somebody would write it. */
  readonly why: string;
  /** The clause of the specification that it breaks, or the bug of net-mesh that it is. */
  readonly origin: string;
  /** Whether net-mesh, or the code that it came from, really had this bug. */
  readonly historic: boolean;
  readonly detector: Detector;
  /** Whether every `npm run test:thorough` plants it. */
  readonly smoke: boolean;
}

/** A folder, a mutant or a build that cannot be used; one line for the person who wrote it. */
export class MutantError extends Error {
  override readonly name = 'MutantError';
}
