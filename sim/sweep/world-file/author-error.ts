/** A mistake in the module of a world, which is its author's: told in one line, with the place where there is one. */
export class AuthorError extends Error {
  override readonly name = 'AuthorError';
}

/** The module never came to its end: something at the top level waits, and nothing is left to do. */
export class IdleError extends Error {
  override readonly name = 'Error';
}
