/**
 * YAML (which includes JSON) to plain data, with the place of every value. The `yaml` package parses. What the values are
 * is decided here, because the package's own conversion rounds big integers, takes quadratic time for duplicate keys and
 * aliases, and accepts keys that are not texts. Loaded only when a file is read.
 */
import type { Node, Scalar, YAMLMap } from 'yaml';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Mistake } from './mistake.ts';
import { shortened, shown } from './mistake.ts';
import type { Place } from './syntax.ts';
import { DEPTH_MAX, FOREIGN_COMMENT, NO_COMMENT, parseSyntax } from './syntax.ts';

/** Parsed data, with the place of each part. */
export interface SourceDocument {
  /** null, booleans, texts, numbers, bigints (integers that a number cannot hold exactly), lists and maps. */
  readonly value: unknown;
  /** The place of the value at a path, or of the innermost existing value on the way to it. */
  place(path: readonly PropertyKey[]): Place;
  /** The place of a map's key. */
  placeOfKey(path: readonly PropertyKey[], key: string): Place;
}

export type Parsed =
  | { readonly ok: true; readonly document: SourceDocument }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

const VALUES_MAX = 200_000;
const ALIASES_MAX = 100;
/** Longer integers are no ids, and slow to convert. */
const INTEGER_CHARS_MAX = 40;
const INTEGER = /^[-+]?(?:[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/;

export function parseSource(bytes: Uint8Array): Parsed {
  const syntax = parseSyntax(bytes);
  return syntax.ok ? convert(syntax.root, syntax.placeAt) : syntax;
}

function convert(root: Node | null, placeAt: (offset: number) => Place): Parsed {
  const conversion = new Conversion(placeAt);
  const value = root === null ? undefined : conversion.value(root, 0);
  const { mistakes, targets } = conversion;
  if (mistakes.length > 0) return { ok: false, mistakes };
  const placeOf = (node: Node | null | undefined): Place => placeAt(node?.range?.[0] ?? 0);
  const find = (path: readonly PropertyKey[]): Node | null => {
    let node = root;
    for (const step of path) {
      const inner = childOf(isAlias(node) ? targets.get(node) : node, step);
      if (inner === undefined) break;
      node = inner;
    }
    return node;
  };
  return {
    ok: true,
    document: {
      value,
      place: (path) => placeOf(find(path)),
      placeOfKey: (path, key) => {
        const node = find(path);
        const map = isAlias(node) ? targets.get(node) : node;
        if (!isMap<Node, Node | null>(map)) return placeOf(node);
        return placeOf(pairOf(map, key)?.key ?? node);
      },
    },
  };
}

function childOf(node: Node | null | undefined, step: PropertyKey): Node | undefined {
  if (isMap<Node, Node | null>(node)) {
    const pair = pairOf(node, step);
    return pair === undefined ? undefined : (pair.value ?? pair.key);
  }
  return isSeq<Node>(node) && typeof step === 'number' ? node.items[step] : undefined;
}

type Pairs = YAMLMap<Node, Node | null>;

/** The pairs of each map by key, for maps that were asked for a place. A file with many mistakes asks for each of them. */
const indexes = new WeakMap<Pairs, ReadonlyMap<unknown, Pairs['items'][number]>>();

function pairOf(map: Pairs, step: PropertyKey): Pairs['items'][number] | undefined {
  const known = indexes.get(map);
  if (known !== undefined) return known.get(step);
  const index = new Map<unknown, Pairs['items'][number]>();
  for (const pair of map.items) {
    if (isScalar(pair.key) && !index.has(pair.key.value)) index.set(pair.key.value, pair);
  }
  indexes.set(map, index);
  return index.get(step);
}

/** One walk over the nodes, from the first to the last. */
class Conversion {
  readonly mistakes: Mistake[] = [];
  /** What each alias stands for. */
  readonly targets = new Map<Node, Node>();
  readonly #placeAt: (offset: number) => Place;
  readonly #anchors = new Map<string, Node>();
  /** Anchored nodes under conversion. An alias to one of them would never end. */
  readonly #open = new Set<Node>();
  #aliases = 0;
  #values = 0;

  constructor(placeAt: (offset: number) => Place) {
    this.#placeAt = placeAt;
  }

  value(node: Node, depth: number): unknown {
    this.#values += 1;
    if (this.#values > VALUES_MAX || this.#aliases > ALIASES_MAX) return undefined;
    if (this.#values === VALUES_MAX) return this.#wrong(node, `expected fewer than ${VALUES_MAX} values; found more`);
    // Aliases may nest levels under levels.
    if (depth > 2 * DEPTH_MAX) return this.#wrong(node, `expected at most ${DEPTH_MAX} levels; found more`);
    if (isAlias(node)) return this.#alias(node, node.source, depth);
    if (node.anchor === undefined) return this.#plain(node, depth);
    this.#anchors.set(node.anchor, node);
    this.#open.add(node);
    const value = this.#plain(node, depth);
    this.#open.delete(node);
    return value;
  }

  #alias(node: Node, source: string, depth: number): unknown {
    const target = this.#anchors.get(source);
    if (target === undefined) {
      return this.#wrong(node, `expected an anchor &${shortened(source)} before its alias; found none`);
    }
    if (this.#open.has(target)) {
      return this.#wrong(
        node,
        `expected data with an end; found the alias *${shortened(source)} within its own anchor`,
      );
    }
    this.#aliases += 1;
    if (this.#aliases > ALIASES_MAX) {
      return this.#wrong(node, `expected at most ${ALIASES_MAX} aliases, those within others counted; found more`);
    }
    this.targets.set(node, target);
    return this.value(target, depth + 1);
  }

  #plain(node: Node, depth: number): unknown {
    if (isScalar(node)) return this.#scalar(node);
    if (isSeq<Node>(node)) return node.items.map((item) => this.value(item, depth + 1));
    if (!isMap<Node, Node | null>(node)) return this.#wrong(node, 'expected a value; found something else');
    const map: Record<string, unknown> = {};
    const keys = new Set<string>();
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? key.value : undefined;
      if (typeof name !== 'string') {
        const found = isScalar(key) ? shortened(key.source ?? shown(name)) || 'nothing' : 'something else';
        this.#wrong(key, `expected a text as a key, in quotes if need be; found ${found}`);
      } else if (isScalar(key) && key.type === 'PLAIN' && FOREIGN_COMMENT.test(name)) {
        this.#wrong(key, NO_COMMENT);
      } else if (name === '__proto__') {
        this.#wrong(key, 'expected the name of a field; found "__proto__"');
      } else if (keys.has(name)) {
        this.#wrong(key, `expected each key once; found ${shown(name)} again`);
      } else {
        keys.add(name);
        map[name] = value === null ? null : this.value(value, depth + 1);
      }
    }
    return map;
  }

  /** Integers as written, where a number would round them. */
  #scalar({ value, source = '' }: Scalar): unknown {
    if (typeof value !== 'number') return value;
    if (!INTEGER.test(source) || source.length > INTEGER_CHARS_MAX) return value === 0 ? 0 : value;
    if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
    const digits = source.replace(/^[-+]/, '');
    return source.startsWith('-') ? -BigInt(digits) : BigInt(digits);
  }

  #wrong(node: Node, message: string): undefined {
    this.mistakes.push({ ...this.#placeAt(node.range?.[0] ?? 0), message });
  }
}
