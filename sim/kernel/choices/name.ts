/**
 * Names of draws.
 *
 * Every random choice of a run is a pure function of the scenario's seed and a name such as `op:k7/attempt:2/latency`,
 * so that taking one operation out of a scenario leaves all other choices as they were. A name is built from keys of the
 * scenario, part by part, on the hot path of a run: its 64-bit hash is carried along incrementally and its text is only
 * made when somebody reads it (a trace, a recording, a scenario file).
 *
 *     rootName.child('op', 'k7').child('attempt', 2).child('latency').toString() // 'op:k7/attempt:2/latency'
 *
 * `parseName(text)` gives a name with the same hash as building it by parts. The hash is a contract: seeds keep their
 * meaning only as long as it stays, and a no-regression test pins it.
 */
import { MisuseError } from '../misuse.ts';

/** The value after a segment's label. A number must be a safe integer; it equals its decimal text. */
export type NameValue = string | number;

const INTEGER_TAG = 0x2545f491;
const TEXT_TAG = 0x6c62272e;
const BARE_TAG = 0x1b873593;

/** Labels come from source code and are few. The bound guards against labels made from data. */
const LABELS_CACHED_MAX = 4096;
const labels = new Map<string, Label>();

/** High half of the latest text hash: returns two results without allocating a pair. */
let textHashHigh = 0;

function hashText(text: string): number {
  let low = 0xdeadbeef | 0;
  let high = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x9e3779b1);
    high = Math.imul(high ^ unit, 0x5f356495);
  }
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  textHashHigh = high ^ text.length;
  return low;
}

/** A label with its hash, for labels that are used on every step of a run. */
export interface Label {
  readonly text: string;
  readonly hash: number;
}

export function labelOf(text: string): Label {
  const known = labels.get(text);
  if (known !== undefined) return known;
  if (text === '' || text.includes('/') || text.includes(':') || text.includes('%')) {
    throw new MisuseError(`a name's label must not be empty or contain '/', ':' or '%': ${JSON.stringify(text)}`);
  }
  const label = { text, hash: hashText(text) };
  if (labels.size < LABELS_CACHED_MAX) labels.set(text, label);
  return label;
}

/** The integer whose canonical decimal form a text is, or -1. So `child('n', '12')` and `child('n', 12)` are one name. */
function canonicalInteger(text: string): number {
  const first = text.charCodeAt(0);
  if (!(first >= 48 && first <= 57) || text.length > 16) return -1;
  const parsed = Number(text);
  return Number.isSafeInteger(parsed) && String(parsed) === text ? parsed : -1;
}

/** What a value adds to the hash of a name, kept for values that are used again and again. */
export interface ValueHash {
  readonly tag: number;
  readonly low: number;
  readonly high: number;
}

/** High half of the hash of the latest value. */
let valueTag = 0;
let valueLow = 0;
let valueHigh = 0;

function hashValue(value: NameValue): void {
  const integer = typeof value === 'number' ? value : canonicalInteger(value);
  if (integer >= 0 && Number.isSafeInteger(integer)) {
    valueTag = INTEGER_TAG;
    valueLow = integer | 0;
    valueHigh = integer > 0xffffffff ? Math.floor(integer / 4294967296) : 0;
    return;
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new MisuseError(`a name's number must be a safe integer: ${value}`);
  }
  valueTag = TEXT_TAG;
  valueLow = hashText(String(value));
  valueHigh = textHashHigh;
}

export function valueHash(value: NameValue): ValueHash {
  hashValue(value);
  return { tag: valueTag, low: valueLow, high: valueHigh };
}

/** The hash of a name under construction, where the name itself is not needed. Both halves are 32-bit integers. */
export class NameHash {
  low = 0;
  high = 0;

  /** Starts from the hash of a name. */
  of(name: Name): this {
    this.low = name.low;
    this.high = name.high;
    return this;
  }

  /** Adds a segment without a value. */
  bare(label: Label): this {
    return this.segment(label.hash, BARE_TAG, 0, 0);
  }

  /** Adds a segment with a value. */
  valued(label: Label, { tag, low, high }: ValueHash): this {
    return this.segment(label.hash, tag, low, high);
  }

  /** Adds a segment whose value is a whole number of 0 … 2^32-1. */
  numbered(label: Label, value: number): this {
    return this.segment(label.hash, INTEGER_TAG, value | 0, 0);
  }

  /**
   * For a given segment, each step is a bijection of (low, high). So siblings never collide, and no bit of the parent's
   * hash is lost on the way down.
   */
  segment(labelHash: number, tag: number, valueLow: number, valueHigh: number): this {
    let low = Math.imul(this.low ^ labelHash, 0x9e3779b1);
    let high = Math.imul(this.high ^ valueLow, 0x85ebca77);
    low ^= (high << 16) | (high >>> 16);
    high = (high + ((low << 11) | (low >>> 21))) | 0;
    low = Math.imul(low ^ (low >>> 15) ^ tag, 0xc2b2ae3d);
    high = Math.imul(high ^ (high >>> 13) ^ valueHigh, 0x27d4eb2f);
    low ^= high >>> 15;
    this.low = low;
    this.high = high ^ (low >>> 13);
    return this;
  }
}

/** Names are made one at a time, so one result is enough. */
const hash = new NameHash();

/** An immutable path of segments `label` or `label:value`. */
export class Name {
  readonly parent: Name | undefined;
  readonly label: string;
  readonly value: NameValue | undefined;
  /** The two halves of the hash, as 32-bit integers. */
  readonly low: number;
  readonly high: number;
  /** Not a #field: a name is made on most steps of a run, and private fields make that slower. */
  private text: string | undefined = undefined;

  constructor(parent: Name | undefined, label: string, value: NameValue | undefined, low: number, high: number) {
    this.parent = parent;
    this.label = label;
    this.value = value;
    this.low = low;
    this.high = high;
  }

  /** This name with one more segment. */
  child(label: string | Label, value?: NameValue): Name {
    const { text, hash: labelHash } = typeof label === 'string' ? labelOf(label) : label;
    if (value === undefined) hash.of(this).segment(labelHash, BARE_TAG, 0, 0);
    else {
      hashValue(value);
      hash.of(this).segment(labelHash, valueTag, valueLow, valueHigh);
    }
    return new Name(this, text, value, hash.low, hash.high);
  }

  /** `child(label, value)` for a whole number from 0, in which the names of most steps end. */
  numbered(label: Label, value: number): Name {
    if (value > 0xffffffff) return this.child(label, value);
    hash.of(this).numbered(label, value);
    return new Name(this, label.text, value, hash.low, hash.high);
  }

  /** Whether both are the same path. Compares hashes; no two names of one run share one. */
  equals(other: Name): boolean {
    return this.low === other.low && this.high === other.high;
  }

  toString(): string {
    this.text ??= this.write();
    return this.text;
  }

  private write(): string {
    if (this.parent === undefined) return '';
    const segment = this.value === undefined ? this.label : `${this.label}:${escapeValue(String(this.value))}`;
    const before = this.parent.toString();
    return before === '' ? segment : `${before}/${segment}`;
  }
}

/** The empty name all others descend from. */
export const rootName = new Name(undefined, '', undefined, 0x3c6ef372, 0xa54ff53a | 0);

/** Short for `rootName.child(label, value)`. */
export function name(label: string, value?: NameValue): Name {
  return rootName.child(label, value);
}

/** Slashes in a value would read as new segments, so they are escaped. */
function escapeValue(value: string): string {
  if (!value.includes('/') && !value.includes('%')) return value;
  return value.replaceAll('%', '%25').replaceAll('/', '%2F');
}

function unescapeValue(text: string): string {
  return text.includes('%') ? text.replaceAll('%2F', '/').replaceAll('%25', '%') : text;
}

/** Adds the segments of a text to a name. */
export function appendText(parent: Name, text: string): Name {
  let result = parent;
  for (const segment of text.split('/')) {
    const colon = segment.indexOf(':');
    result =
      colon < 0
        ? result.child(segment)
        : result.child(segment.slice(0, colon), unescapeValue(segment.slice(colon + 1)));
  }
  return result;
}

/** Reads a name from its text. The empty text is the root. */
export function parseName(text: string): Name {
  return text === '' ? rootName : appendText(rootName, text);
}

interface NameMapEntry<T> {
  readonly name: Name;
  value: T;
}

/** A map from names to values that makes no texts: the low half finds the entry, the high half confirms it. */
export class NameMap<T> {
  readonly #first = new Map<number, NameMapEntry<T>>();
  readonly #rest: NameMapEntry<T>[] = [];

  get(key: Name): T | undefined {
    const entry = this.#first.get(key.low);
    if (entry === undefined) return undefined;
    if (entry.name.high === key.high) return entry.value;
    for (const other of this.#rest) if (other.name.equals(key)) return other.value;
    return undefined;
  }

  set(key: Name, value: T): void {
    const entry = this.#first.get(key.low);
    if (entry === undefined) {
      this.#first.set(key.low, { name: key, value });
      return;
    }
    if (entry.name.high === key.high) {
      entry.value = value;
      return;
    }
    // Two names rarely share 32 bits, so a plain list will do.
    const other = this.#rest.find((candidate) => candidate.name.equals(key));
    if (other === undefined) this.#rest.push({ name: key, value });
    else other.value = value;
  }
}
