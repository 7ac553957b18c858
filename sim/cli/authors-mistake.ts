/** What a world threw outside of its runs: of a member that a command called, of its module, or later. */
import { join } from 'node:path';
import { WorldError } from '../invariant/world-error.ts';
import { framesOf, HARNESS, isOfHarness, placeOf } from '../scenario/blame/frames.ts';
import { describeError, isOf, stackOf } from '../scenario/blame/thrown.ts';
import { MemberError } from '../scenario/run/member.ts';
import { AuthorError } from '../sweep/world-file/author-error.ts';

/** The code of MeshOS, beside the harness. */
const MESH_OS: readonly string[] = ['mesh', 'src'].map((folder) => join(HARNESS, `../${folder}/`));

/** In one line, with the place where there is one; undefined if it is nobody's mistake who wrote a world. */
export function authorsMistake(error: unknown): string | undefined {
  const thrown = isOf(error, MemberError) ? error.error : error;
  if (isOf(thrown, WorldError) || isOf(thrown, AuthorError)) return thrown.message;
  const [innermost] = framesOf(stackOf(thrown) ?? '');
  if (innermost === undefined || isOfPackage(innermost.file)) return undefined;
  return `${placeOf(innermost)}: ${describeError(thrown)}`;
}

/** Packages, this one included. */
function isOfPackage(file: string): boolean {
  return isOfHarness(file) || MESH_OS.some((folder) => file.startsWith(folder)) || file.includes('/node_modules/');
}
