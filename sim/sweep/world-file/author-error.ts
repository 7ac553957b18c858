/** A mistake in the module of a world, which is its author's: told in one line, with the place where there is one. */
export class AuthorError extends Error {
  override readonly name = 'AuthorError';
}
