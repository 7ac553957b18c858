/**
 * Scenario files as scenarios: bytes, then data with positions, then the schema, then what has to hold for the whole. Each
 * step tells all its mistakes and the next is not begun. Loads zod and yaml only when called.
 */
import type { Complaint, FaultBase, OperationBase, Scenario } from '../../world.ts';
import type { Vocabulary } from './catalogue.ts';
import { readRegularFile } from './disk.ts';
import type { SourceDocument } from './document.ts';
import type { Mistake } from './mistake.ts';
import { shown } from './mistake.ts';

export type AnyScenario = Scenario<unknown, OperationBase, FaultBase>;

export type ReadResult =
  | { readonly ok: true; readonly scenario: AnyScenario }
  /** At least one. */
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** Reads a YAML or JSON file. */
export async function readScenario(world: Vocabulary, path: string): Promise<ReadResult> {
  const bytes = readRegularFile(path);
  return bytes.ok ? parseScenario(world, bytes.value) : { ok: false, mistakes: [{ message: bytes.problem }] };
}

/** Reads the bytes of a YAML or JSON file. */
export async function parseScenario(world: Vocabulary, bytes: Uint8Array): Promise<ReadResult> {
  const [{ parseSource }, { fileSchema, FORMAT }, { explain, pathText, valueAt, wording }, { checkScenario }] =
    await Promise.all([import('./document.ts'), import('./schema.ts'), import('./explain.ts'), import('./check.ts')]);
  const parsed = parseSource(bytes);
  if (!parsed.ok) return parsed;
  const { document } = parsed;

  // Another format may differ in every field, so nothing else of it is worth a word.
  const unknown = otherFormat(document, FORMAT);
  if (unknown !== undefined) return { ok: false, mistakes: [unknown] };

  const foreign = otherWorld(document, world.name);
  if (foreign !== undefined) return { ok: false, mistakes: [foreign] };

  const { schema, parts } = await fileSchema(world);
  const read = schema.safeParse(document.value, { error: wording });
  if (!read.success) return { ok: false, mistakes: explain(read.error.issues, document) };
  const { workload, ...rest } = read.data;
  const tell = ({ path, message }: Complaint): Mistake => {
    const found = shown(valueAt(document.value, path));
    return { ...document.place(path), message: `${pathText(path)}: ${message}; found ${found}` };
  };
  const complaints = checkScenario({ ...rest, workload }, parts, world.events);
  if (complaints.length > 0) return { ok: false, mistakes: complaints.map(tell) };
  // Files are for people, who may put operations in the order they like; those of one instant keep theirs.
  return { ok: true, scenario: { ...rest, workload: [...workload].sort((a, b) => a.at - b.at) } };
}

function otherFormat({ value, place }: SourceDocument, known: number): Mistake | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const format = 'format' in value ? value.format : undefined;
  if (format === known) return undefined;
  return {
    ...place(['format']),
    message: `format: expected ${known}, the only format this version reads; found ${shown(format)}`,
  };
}

/** A file says which world it wants by a name, never where that is found. Of another world every field may differ, too. */
function otherWorld({ value, place }: SourceDocument, loaded: string): Mistake | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const wanted = 'world' in value ? value.world : undefined;
  if (typeof wanted !== 'string' || wanted === loaded) return undefined;
  return {
    ...place(['world']),
    message: `world: expected ${shown(loaded)}, the world that is loaded; found ${shown(wanted)}, which has to be loaded for this file`,
  };
}
