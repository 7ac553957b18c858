/**
 * Writes scenarios as files for people: one operation or fault a line where it fits, fields in the order of the schema,
 * integers as numbers where a JSON number holds them and as texts otherwise. Writing what was read gives the same bytes
 * again. What the reader would refuse is not written. Loads zod and yaml only when called.
 */
import type { Pair } from 'yaml';
import type { FaultBase, OperationBase, Scenario } from '../../world.ts';
import type { Vocabulary } from './catalogue.ts';

export interface WriteOptions {
  /** Where the JSON Schema stands, as a URL or as a path from the file; for editors. */
  readonly schema?: string;
  /** The first lines of a file that people continue to edit. They also explain every field. */
  readonly guide?: string;
}

const LINE_CHARS_MAX = 120;
/** Texts with other characters are quoted, because quotes allow every escape. */
const PLAIN = /^[\x20-\x7e\n]*$/;
/** Texts with a line of spaces alone are quoted too: written plainly, such a line would lose its spaces. */
const BLANK_LINE = /^ +$/m;
/** Characters that are invisible, or that YAML readers take for something else. They stand only within quotes. */
const INVISIBLE = /[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The YAML text of a scenario. Throws if the scenario could not be read again. */
export async function writeScenario<C, O extends OperationBase, F extends FaultBase>(
  world: Vocabulary,
  scenario: Scenario<C, O, F>,
  { schema, guide }: WriteOptions = {},
): Promise<string> {
  const [{ Document, Scalar, isNode, isPair, visit }, { fileSchema, scenarioJsonSchema }, { checkScenario }] =
    await Promise.all([import('yaml'), import('./schema.ts'), import('./check.ts')]);
  const { schema: parser, parts } = await fileSchema(world);
  const ordered = parser.parse(fileForm(scenario));
  const [complaint] = checkScenario(ordered, parts, world.events);
  if (complaint !== undefined) throw new Error(`${complaint.path.join('.')}: ${complaint.message}`);

  const document = new Document(plain(fileForm(ordered)), { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_key, scalar) => {
      if (typeof scalar.value !== 'string') return;
      if (!PLAIN.test(scalar.value) || BLANK_LINE.test(scalar.value)) scalar.type = Scalar.QUOTE_DOUBLE;
    },
    Collection: (_key, node, path) => {
      // The document, its map and the pair in it come first. What they hold stands on lines of its own.
      const fits = path.length > 3 && JSON.stringify(node).length + path.length <= LINE_CHARS_MAX;
      node.flow = fits || node.items.length === 0;
    },
  });

  const head = schema === undefined ? [] : [`yaml-language-server: $schema=${schema}`];
  if (guide !== undefined) {
    head.push(...guide.trimEnd().split('\n'));
    const described = await scenarioJsonSchema(world, 'inline');
    visit(document, {
      Pair: (index, pair, path) => {
        const outer = path.filter(isPair);
        const description = descriptionOf([...outer, pair], described);
        if (description === undefined || !isNode(pair.key) || !isNode(pair.value)) return;
        if (outer.length === 0) {
          pair.key.spaceBefore = index !== 0;
          pair.key.commentBefore = ` ${description}`;
        } else if (outer.length === 1) {
          pair.value.comment = ` ${description}`;
        }
      },
    });
  }
  if (head.length > 0) document.commentBefore = head.map((line) => (line === '' ? '' : ` ${line}`)).join('\n');
  return document.toString({ lineWidth: 0 }).replace(INVISIBLE, escaped);
}

/** The fields as a file has them. */
function fileForm<C, O extends OperationBase, F extends FaultBase>(scenario: Scenario<C, O, F>): object {
  const { seed, expect } = scenario;
  return {
    ...scenario,
    seed: String(seed),
    expect: expect === undefined || 'violates' in expect ? expect : 'holds',
  };
}

/** Fields that help people find their way. The others follow in the order of the schema. */
const FIRST_FIELDS = ['key', 'at', 'kind'];

/** Data that YAML and JSON have in common. Undefined fields are left out. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
  fields.sort(([a], [b]) => rank(a) - rank(b));
  return Object.fromEntries(fields.map(([name, inner]) => [name, plain(inner)]));
}

function rank(field: string): number {
  const first = FIRST_FIELDS.indexOf(field);
  return first < 0 ? FIRST_FIELDS.length : first;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A JSON Schema, as far as a field's description is looked up in it. */
interface Described {
  readonly description?: string | undefined;
  readonly properties?: { readonly [field: string]: Described | boolean } | undefined;
}

function descriptionOf(path: readonly Pair[], schema: Described): string | undefined {
  let inner: Described | boolean | undefined = schema;
  for (const { key } of path) {
    if (typeof inner !== 'object') return undefined;
    inner = inner.properties?.[String(key)];
  }
  return typeof inner === 'object' ? inner.description : undefined;
}
