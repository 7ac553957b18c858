/** Reads mutants from a folder, a YAML file each; whatever is wrong with one is an error that names the file. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Detector, type Mutant, MutantError } from './mutant.ts';

const ENDINGS = ['.yaml', '.yml', '.json'];

const text = z.string().min(1);
const common = {
  title: text,
  /** Only the system under test is broken; nothing above its folder can be named. */
  file: z.string().regex(/^src\/(?:[\w-]+\/)*[\w.-]+\.ts$/, 'a TypeScript file under src/'),
  find: text,
  replace: z.string(),
  why: text,
  origin: text,
  historic: z.boolean().default(false),
  smoke: z.boolean().default(false),
};

const schema = z.discriminatedUnion('detector', [
  z.strictObject({
    ...common,
    detector: z.literal('sweep'),
    invariant: text,
    profile: z.enum(['calm', 'swarm', 'storm']).default('swarm'),
    semantics: text.default('strict'),
  }),
  z.strictObject({ ...common, detector: z.literal('conform') }),
  z.strictObject({ ...common, detector: z.literal('property'), test: text }),
]);

/** All mutants of a folder, in order of their ids. */
export function readMutants(folder: string): readonly Mutant[] {
  const names = attempt(folder, () => readdirSync(folder)).filter((name) => ENDINGS.includes(extname(name)));
  const mutants = names.sort().map((name) => readMutant(join(folder, name)));
  const twice = mutants.find(({ id }, at) => mutants.findIndex((other) => other.id === id) < at);
  if (twice !== undefined) throw new MutantError(`${folder}: there are two mutants named ${twice.id}`);
  return mutants;
}

/** One mutant; its id is the file's name. */
export function readMutant(path: string): Mutant {
  const content: unknown = attempt(path, () => parse(readFileSync(path, 'utf8'), { maxAliasCount: 0 }));
  const read = schema.safeParse(content);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new MutantError(`${path}: ${issue?.path.join('.') || 'mutant'}: ${issue?.message ?? 'is none'}`);
  }
  const { title, file, find, replace, why, origin, historic, smoke } = read.data;
  if (find === replace) throw new MutantError(`${path}: replace: is what is found, so nothing would be planted`);
  const id = basename(path, extname(path));
  return { id, title, file, find, replace, why, origin, historic, detector: detectorOf(read.data), smoke };
}

function detectorOf(data: z.infer<typeof schema>): Detector {
  switch (data.detector) {
    case 'sweep':
      return { kind: 'sweep', invariant: data.invariant, profile: data.profile, semantics: data.semantics };
    case 'conform':
      return { kind: 'conform' };
    case 'property':
      return { kind: 'property', test: data.test };
  }
}

function attempt<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new MutantError(`${path}: ${line}`);
  }
}
