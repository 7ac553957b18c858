/**
 * Reads mutants from a folder, one YAML or JSON file each. Whatever is wrong with a file becomes an error that names it.
 */
import { existsSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { z } from 'zod';
import { invariantEntries, type Vocabulary } from '../scenario/file/catalogue.ts';
import { DATA_FILE, type Found, readFolder, readRegularFile } from '../scenario/file/disk.ts';
import { parseSource, type SourceDocument } from '../scenario/file/document.ts';
import { explain, wording } from '../scenario/file/explain.ts';
import { type Mistake, mistakeLine } from '../scenario/file/mistake.ts';
import { PROFILES } from '../world.ts';
import { ownRoot } from './checkout.ts';
import { type Detector, type Mutant, MutantError } from './mutant.ts';

/** The world whose invariants detectors may name. Absent: names are not checked. */
type Names = Pick<Vocabulary, 'invariants' | 'semantics'>;

const text = z.string().min(1);
/** Paths that are copied for testing. */
const TEST_FILE = /^(?:src|sim|mesh|properties)\/(?:[\w-]+\/)*[\w.-]+\.test\.ts$/;
const test = z
  .string()
  .refine((path) => TEST_FILE.test(path) && existsSync(join(ownRoot(), path)), 'expected a test file of this project');
const common = {
  title: text,
  /** Only the system under test may be broken. No path leads out of its folder. */
  file: z.string().regex(/^src\/(?:[\w-]+\/)*[\w.-]+\.ts$/, 'expected a TypeScript file under src/'),
  find: text,
  replace: z.string(),
  why: text,
  origin: text,
  historic: z.boolean().default(false),
  smoke: z.boolean().default(false),
};

function schemaOf(names: Names | undefined) {
  return z.discriminatedUnion('detector', [
    z.strictObject({
      ...common,
      detector: z.literal('sweep'),
      invariant: names === undefined ? text : z.enum(invariantEntries(names).map(({ id }) => id)),
      profile: z.enum(PROFILES).default('swarm'),
      semantics: (names === undefined ? text : z.enum(names.semantics)).default('strict'),
    }),
    z.strictObject({ ...common, detector: z.literal('conform') }),
    z.strictObject({ ...common, detector: z.literal('property'), test }),
  ]);
}

/** All mutants of a folder, in order of their ids. There is at least one. */
export function readMutants(folder: string, names?: Names): readonly Mutant[] {
  const files = wanted(folder, readFolder(folder)).filter(({ name }) => DATA_FILE.test(name));
  if (files.length === 0) throw new MutantError(`${folder}: holds no mutants (.yaml, .yml or .json)`);
  const mutants = files.map(({ name }) => readMutant(join(folder, name), names));
  const twice = mutants.find(({ id }, at) => mutants.findIndex((other) => other.id === id) < at);
  if (twice !== undefined) throw new MutantError(`${folder}: there are two mutants named ${twice.id}`);
  return mutants;
}

/** One mutant. Its id is the file's name. */
export function readMutant(path: string, names?: Names): Mutant {
  const document = documentAt(path);
  const read = schemaOf(names).safeParse(document.value, { error: wording });
  if (!read.success) throw refusal(path, explain(read.error.issues, document));
  const { title, file, find, replace, why, origin, historic, smoke } = read.data;
  if (find === replace) {
    const message = 'replace: expected another text than that of `find`; found the same, which plants nothing';
    throw refusal(path, [{ ...document.place(['replace']), message }]);
  }
  const id = basename(path, extname(path));
  return { id, title, file, find, replace, why, origin, historic, detector: detectorOf(read.data), smoke };
}

function detectorOf(data: z.infer<ReturnType<typeof schemaOf>>): Detector {
  switch (data.detector) {
    case 'sweep':
      return { kind: 'sweep', invariant: data.invariant, profile: data.profile, semantics: data.semantics };
    case 'conform':
      return { kind: 'conform' };
    case 'property':
      return { kind: 'property', test: data.test };
  }
}

function documentAt(path: string): SourceDocument {
  const parsed = parseSource(wanted(path, readRegularFile(path)));
  if (!parsed.ok) throw refusal(path, parsed.mistakes);
  return parsed.document;
}

function wanted<T>(path: string, found: Found<T>): T {
  if (!found.ok) throw refusal(path, [{ message: found.problem }]);
  return found.value;
}

/** The first mistake only, because others may follow from it. */
function refusal(path: string, [first]: readonly Mistake[]): MutantError {
  return new MutantError(first === undefined ? path : mistakeLine(path, first));
}
