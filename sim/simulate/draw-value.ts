/** Values of what `values.ts` specifies: how one is drawn, and how one that was drawn is made simpler. */
import { arbitraryValue, isArbitrary, simplerValues } from './arbitrary.ts';

/** Where a run's values come from: all alike, or more of those at which things break. */
export type Taste = 'even' | 'small' | 'edges';

/** Draws whole numbers from 0 up to below `bound`, which is at most 2^32. */
export type DrawInt = (bound: number) => number;

const BOUND_MAX = 0x100000000;

/** The whole numbers of a range, or undefined of what is none. */
export function rangeOf(spec: unknown): readonly [number, number] | undefined {
  if (!Array.isArray(spec) || spec.length !== 2) return undefined;
  const [min, max]: readonly unknown[] = spec;
  return typeof min === 'number' && typeof max === 'number' ? [min, max] : undefined;
}

/** The choices of a list, or undefined of what is none. */
function choicesOf(spec: unknown): readonly unknown[] | undefined {
  if (Array.isArray(spec)) return rangeOf(spec) === undefined ? spec : undefined;
  if (typeof spec !== 'object' || spec === null || !('oneOf' in spec)) return undefined;
  return Array.isArray(spec.oneOf) ? spec.oneOf : undefined;
}

/** What is wrong with a specification, in words. */
export function complaintOf(spec: unknown): string | undefined {
  const range = rangeOf(spec);
  if (range !== undefined) {
    const [min, max] = range;
    const fits = Number.isSafeInteger(min) && Number.isSafeInteger(max) && min <= max && max - min < BOUND_MAX;
    return fits ? undefined : `expected a range of whole numbers, the lesser first, found [${min}, ${max}]`;
  }
  const choices = choicesOf(spec);
  if (choices !== undefined)
    return choices.length === 0 ? 'expected at least one choice, found an empty list' : undefined;
  if (isArbitrary(spec) || isPlain(spec)) return undefined;
  return `expected a range, a list of choices, an arbitrary, a text, a number, true, false or null; found ${typeof spec}`;
}

/** Whether a value stands in a scenario file as it is. */
function isPlain(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isPlain);
  if (typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isPlain);
}

/** A value; `taste` says which of them come often. */
export function drawValue(spec: unknown, draw: DrawInt, taste: Taste = 'even'): unknown {
  const range = rangeOf(spec);
  if (range !== undefined) return drawInRange(range, draw, taste);
  const choices = choicesOf(spec);
  if (choices !== undefined) return choices[draw(choices.length)];
  return isArbitrary(spec) ? arbitraryValue(spec, draw(BOUND_MAX)) : spec;
}

function drawInRange([min, max]: readonly [number, number], draw: DrawInt, taste: Taste): number {
  const count = max - min + 1;
  if (taste === 'small') return min + draw(Math.min(count, 1 + draw(count)));
  if (taste === 'even' || count <= 3) return min + draw(count);
  const edges = [min, max, min + 1, max - 1, min + Math.floor(count / 2)];
  return edges[draw(edges.length)] ?? min;
}

/** Simpler values than this one, the simplest first. */
export function simplerThan(spec: unknown, value: unknown): readonly unknown[] {
  const range = rangeOf(spec);
  if (range !== undefined && typeof value === 'number') {
    const [min, max] = range;
    const least = Math.min(max, Math.max(min, 0));
    return value === least ? [] : nearer(value, least);
  }
  const choices = choicesOf(spec);
  if (choices !== undefined) return choices.slice(0, Math.max(0, choices.indexOf(value))).slice(0, 3);
  return isArbitrary(spec) ? simplerValues(spec, value).filter(isPlain) : [];
}

/** The least, then by half of the way to it, by a quarter, and so on: by steps of one, a number with six digits takes for ever. */
function nearer(value: number, least: number): readonly number[] {
  const values = [least];
  for (let step = value - least; ; ) {
    const next = Math.trunc(step / 2);
    if (next === 0) break;
    values.push(value - next);
    step = next;
  }
  return values;
}
