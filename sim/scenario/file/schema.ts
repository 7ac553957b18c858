/**
 * What a scenario file may say: the fields every world has, around the world's own. The one schema from which files are
 * read, written, and explained to editors. Loaded only when a file is read or written.
 */

import { z } from 'zod';
import { WorldError } from '../../invariant/world-error.ts';
import { DRAW_BOUND_MAX } from '../../kernel/choices/chooser.ts';
import { parseName } from '../../kernel/choices/name.ts';
import type { WorldSchemas } from '../../world.ts';
import { invariantEntries, type Vocabulary } from './catalogue.ts';
import { shown } from './mistake.ts';

export const FORMAT = 1;
const U64_MAX = 18_446_744_073_709_551_615n;
const NAME_CHARS_MAX = 200;
const TEXT_CHARS_MAX = 10_000;

const text = (charsMax: number, what: string) =>
  z
    .string()
    .min(1, { error: `expected ${what}` })
    .max(charsMax, { error: `expected at most ${charsMax} characters` })
    .refine((value) => value.isWellFormed(), { error: 'expected text without lone surrogates' });

const U64_ERROR = `expected a u64 in decimal digits, at most ${U64_MAX}`;
const u64Text = z
  .string()
  .regex(/^[0-9]{1,20}$/, { error: U64_ERROR, abort: true })
  .refine((digits) => BigInt(digits) <= U64_MAX, { error: U64_ERROR });

const seed = z
  .union([u64Text.transform((digits) => BigInt(digits)), z.int().transform((value) => BigInt(value)), z.bigint()], {
    error: 'expected a u64 as a text of decimal digits',
  })
  .refine((value) => value >= 0n && value <= U64_MAX, { error: `expected a u64, from 0 to ${U64_MAX}` })
  .describe('Decides every draw that the scenario leaves open: a u64, as a text of decimal digits');

const drawName = text(TEXT_CHARS_MAX, 'the name of a draw').refine(isDrawName, {
  error: 'expected the name of a draw, such as op:k7/attempt:2/latency',
});

function isDrawName(value: string): boolean {
  try {
    parseName(value);
    return true;
  } catch {
    return false;
  }
}

const draw = z
  .int({ error: 'expected a whole number, what is drawn' })
  .min(0, { error: 'expected at least 0' })
  .max(DRAW_BOUND_MAX - 1, { error: `expected at most ${DRAW_BOUND_MAX - 1}` });

export interface FileSchema {
  readonly schema: ReturnType<typeof scenarioSchema>;
  readonly parts: WorldSchemas;
}

/** Building it takes longer than reading a short file. */
const built = new WeakMap<Vocabulary, FileSchema>();

export async function fileSchema(world: Vocabulary): Promise<FileSchema> {
  const known = built.get(world);
  if (known !== undefined) return known;
  const parts = await world.schemas();
  checkParts(parts);
  const made = { schema: scenarioSchema(world, parts), parts };
  built.set(world, made);
  return made;
}

/** Another version of zod makes schemas that this one cannot take up. */
function checkParts(parts: Partial<WorldSchemas> | undefined): void {
  for (const part of ['config', 'operation', 'fault'] as const) {
    const schema: unknown = parts?.[part];
    if (typeof schema === 'object' && schema !== null && '_zod' in schema) continue;
    throw new WorldError(`schemas: ${part}: expected a schema of zod 4, found ${shown(schema)}`);
  }
}

/** In the order in which the fields are written. */
function scenarioSchema(world: Vocabulary, parts: WorldSchemas) {
  const invariant = z.enum(invariantEntries(world).map(({ id }) => id));
  return z.strictObject({
    format: z.literal(FORMAT).describe('The version of this format'),
    name: text(NAME_CHARS_MAX, 'a name').describe('What the scenario is called in reports'),
    why: text(TEXT_CHARS_MAX, 'a reason').optional().describe('Why it is kept'),
    world: z.literal(world.name).describe('The system that is simulated'),
    semantics: z.enum(world.semantics).describe('The preset of semantics it runs under'),
    seed,
    config: parts.config,
    workload: z.array(parts.operation).describe('What is asked of the system; in order of `at` once read'),
    faults: z.array(parts.fault).describe('What goes wrong; the scenario is vacuous if any of it is never injected'),
    expect: z
      .union(
        [
          z.literal('holds').transform(() => ({ holds: true as const })),
          z.strictObject({ violates: invariant.describe('The invariant that is known to break') }),
        ],
        { error: 'expected `holds`, or `violates: INVARIANT`' },
      )
      .optional()
      .describe('What the run comes to; `holds` unless it says otherwise'),
    witness: z.array(z.enum(world.marks)).optional().describe('Marks that must be reached for the verdict to count'),
    seeded: z
      .array(drawName)
      .optional()
      .describe('Names whose draws the seed decides; all others take the plain choice. Absent: all'),
    choices: z.record(drawName, draw).optional().describe('Draws pinned by name'),
    found: z
      .strictObject({
        seed: u64Text.describe('The seed it was generated from'),
        commit: text(NAME_CHARS_MAX, 'a commit').optional().describe('The commit it was found at'),
      })
      .optional()
      .describe('Where it comes from'),
  });
}

/** The JSON Schema of a world's scenario files, for editors; parts that occur more than once by reference or in place. */
export async function scenarioJsonSchema(
  world: Vocabulary,
  reused: 'ref' | 'inline',
): Promise<z.core.JSONSchema.BaseSchema> {
  const { schema } = await fileSchema(world);
  const json = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    reused,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // Editors read big integers as integers, too.
      if (zodSchema._zod.def.type === 'bigint') jsonSchema.type = 'integer';
    },
  });
  return { ...json, title: `A scenario of the ${world.name} world` };
}
