/** What a world threw outside of its runs: of a member that a command called, of its module, or later. */
import { join } from 'node:path';
import { WorldError } from '../invariant/world-error.ts';
import { framesOf, HARNESS, isOfHarness, placeOf } from '../scenario/frames.ts';
import { MemberError } from '../scenario/member.ts';
import { describeError, isOf, stackOf } from '../scenario/thrown.ts';
import { AuthorError } from '../sweep/world-file/author-error.ts';

/** In one line, with the place where there is one; undefined if it is nobody's mistake who wrote a world. */
export function authorsMistake(error: unknown): string | undefined {
  const thrown = isOf(error, MemberError) ? error.error : error;
  if (isOf(thrown, WorldError) || isOf(thrown, AuthorError)) return thrown.message;
  const [innermost] = framesOf(stackOf(thrown) ?? '');
  if (innermost === undefined || isOfPackage(innermost.file)) return undefined;
  return `${placeOf(innermost)}: ${describeError(thrown)}`;
}

/** Packages, this one included, and the code of MeshOS beside the harness. */
function isOfPackage(file: string): boolean {
  return isOfHarness(file) || file.startsWith(join(HARNESS, '../src/')) || file.includes('/node_modules/');
}
