/**
 * Valid scenario files whose values are at the limits of what the schema allows: a day, a millisecond, the longest queue,
 * the smallest ring. Each may ask for hours of work, and none may take them. They are made from the schema; a number always
 * gives the same file.
 */

import { meshWorld } from '../../mesh/world.ts';
import { Stream } from '../../sim/kernel/choices/streams.ts';
import { checkScenario } from '../../sim/scenario/file/check.ts';
import { type FileSchema, fileSchema, scenarioJsonSchema } from '../../sim/scenario/file/schema.ts';

/** The part of JSON Schema that the scenario's schema uses. */
interface Form {
  readonly type?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly anyOf?: readonly (Form | boolean)[] | undefined;
  readonly oneOf?: readonly (Form | boolean)[] | undefined;
  readonly properties?: { readonly [field: string]: Form | boolean } | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: unknown;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly pattern?: string | undefined;
  readonly minLength?: number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const NODES_MAX = 5;
const OPERATIONS_MAX = 12;
const FAULTS_MAX = 8;
const TRIES_MAX = 100;
const OPTIONAL_PERCENT = 30;
const USUAL_PERCENT = 40;
/** For ids, milliseconds and counts without a bound. */
const LARGEST = Number.MAX_SAFE_INTEGER;
const KEY_OF = { workload: 'k', faults: 'f' } as const;

/** The text of the file of a number, as JSON. */
export async function extremeFile(number: number): Promise<string> {
  const [form, schema] = await Promise.all([scenarioJsonSchema(meshWorld, 'inline'), fileSchema(meshWorld)]);
  const draws = new Stream(`extreme file ${number}`);
  const nodes = draws.int(1, NODES_MAX);
  const head: Fields = {
    format: 1,
    name: `extreme-${number}`,
    world: meshWorld.name,
    semantics: draws.pick(meshWorld.semantics),
    seed: String(number),
    workload: [],
    faults: [],
  };
  let scenario: Fields | undefined;
  for (let tries = 0; scenario === undefined && tries < TRIES_MAX; tries += 1) {
    const codecs = Array.from({ length: nodes }, () => draws.pick(['msgpack', 'postcard']));
    const tried = { ...head, config: { ...drawn(fieldOf(form, 'config'), draws), nodes, codecs } };
    if (isValid(tried, schema)) scenario = tried;
  }
  if (scenario === undefined) throw new Error(`extreme file ${number}: no valid configuration was drawn`);
  for (const [list, max] of [
    ['workload', OPERATIONS_MAX],
    ['faults', FAULTS_MAX],
  ] as const) {
    const { items } = asForm(fieldOf(form, list));
    const count = draws.int(1, max);
    const kept: Fields[] = [];
    for (let tries = 0; kept.length < count && tries < TRIES_MAX; tries += 1) {
      const item = { ...drawn(items, draws), key: `${KEY_OF[list]}${kept.length}` };
      const grown = { ...scenario, [list]: [...kept, item] };
      if (isValid(grown, schema)) kept.push(item);
    }
    scenario = { ...scenario, [list]: kept };
  }
  return JSON.stringify(scenario);
}

function isValid(scenario: Fields, { schema, parts }: FileSchema): boolean {
  const read = schema.safeParse(scenario);
  return read.success && checkScenario(read.data, parts, meshWorld.events).length === 0;
}

function asForm(value: unknown): Form {
  return typeof value === 'object' && value !== null ? value : {};
}

function fieldOf({ properties = {} }: Form, field: string): Form {
  return asForm(properties[field]);
}

/** An object of that form. */
function drawn(form: unknown, draws: Stream): Fields {
  const value = drawnOf(asForm(form), draws);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function drawnOf(form: Form, draws: Stream): unknown {
  const branches = form.anyOf ?? form.oneOf;
  if (branches !== undefined) return drawnOf(asForm(draws.pick(branches)), draws);
  if (form.const !== undefined) return form.const;
  if (form.enum !== undefined) return draws.pick(form.enum);
  switch (form.type) {
    case 'object':
      return fieldsOf(form, draws);
    case 'array':
      return Array.from({ length: draws.int(1, 4) }, () => drawnOf(asForm(form.items), draws));
    case 'integer':
      return wholeOf(form, draws);
    case 'string':
      return textOf(form, draws);
    case 'boolean':
      return draws.chance(50);
    default:
      return null;
  }
}

function fieldsOf({ properties = {}, required = [] }: Form, draws: Stream): Fields {
  const fields: Record<string, unknown> = {};
  for (const [field, form] of Object.entries(properties)) {
    // The form does not know the fields of events.
    const wanted = required.includes(field) || (field !== 'where' && draws.chance(OPTIONAL_PERCENT));
    if (wanted) fields[field] = drawnOf(asForm(form), draws);
  }
  // Two values that must be in order are drawn independently.
  const { minMs, maxMs } = fields;
  if (typeof minMs === 'number' && typeof maxMs === 'number') {
    return { ...fields, minMs: Math.min(minMs, maxMs), maxMs: Math.max(minMs, maxMs) };
  }
  return fields;
}

/** Either end, or something usual. */
function wholeOf({ minimum = 0, maximum = LARGEST }: Form, draws: Stream): number {
  const least = Math.max(minimum, -LARGEST);
  if (!draws.chance(USUAL_PERCENT)) return draws.pick([least, Math.min(maximum, least + 1), maximum]);
  return Math.min(maximum, Math.max(least, 10 ** draws.int(0, 4) * draws.int(1, 9)));
}

function textOf({ pattern, minLength }: Form, draws: Stream): string {
  if (pattern?.startsWith('^[0-9]') === true) return String(draws.int(0, 9));
  if (pattern !== undefined) return `b${draws.int(1, 3)}`;
  // What may not be empty names an operation.
  if (minLength !== undefined) return `${KEY_OF.workload}${draws.int(0, OPERATIONS_MAX - 1)}`;
  return draws.pick(['', 'x', 'ab'.repeat(200), '\u65e5'.repeat(30_000)]);
}
