/** The rules that a test's options keep; what breaks one is told with the place where the test is declared. */
import type { WorldError } from '../invariant/world-error.ts';
import { mistakeAt, type Site } from './author-mistake.ts';
import { complaintOf, rangeOf } from './draw-value.ts';
import type { AnyOptions } from './options.ts';
import { FAULT_KINDS } from './options.ts';
import { valuesOf } from './workload.ts';

const OPTIONS: readonly string[] = ['load', 'operations', 'runs', 'seed', 'faults', 'reach', 'settleMs', 'interleave'];
const KIND = /^[A-Za-z][A-Za-z0-9_-]{0,40}$/;
/** What every operation has. */
const RESERVED: readonly string[] = ['key', 'kind', 'signal'];
const SEED_MAX = 0xffffffffffffffffn;

/** Throws the first mistake. */
export function checkOptions(site: Site, options: AnyOptions, body: unknown): void {
  const broken = (message: string): WorldError => mistakeAt(site, message);
  if (typeof options !== 'object' || options === null) throw broken('expected options, an object, and a body');
  if (typeof body !== 'function') throw broken(`expected a body after the options, a function; found ${typeof body}`);
  const unknown = Object.keys(options).find((option) => !OPTIONS.includes(option));
  if (unknown !== undefined) throw broken(`there is no option '${unknown}', but ${OPTIONS.join(', ')}`);
  const { load, runs, seed, faults = 'swarm', reach = [], settleMs, interleave = 'io', operations = {} } = options;
  if (load !== undefined && typeof load !== 'function') throw broken("load: expected () => import('…')");
  if (runs !== undefined && !isCount(runs, 1)) throw broken(`runs: expected a whole number from 1, found ${runs}`);
  if (seed !== undefined && seedOf(seed) === undefined) throw broken(`seed: expected a u64, found ${seed}`);
  if (settleMs !== undefined && !isCount(settleMs, 0)) {
    throw broken(`settleMs: expected a whole number of milliseconds from 0, found ${settleMs}`);
  }
  if (interleave !== 'io') throw broken(`interleave: expected 'io', found ${String(interleave)}`);
  if (!Array.isArray(reach) || !reach.every((mark) => typeof mark === 'string' && mark !== '')) {
    throw broken('reach: expected a list of marks, which are texts');
  }
  const twice = reach.find((mark, i) => reach.indexOf(mark) !== i);
  if (twice !== undefined) throw broken(`reach: '${twice}' is there twice`);
  const faultComplaint = complaintOfFaults(faults);
  if (faultComplaint !== undefined) throw broken(faultComplaint);
  for (const [kind, declaration] of Object.entries(operations)) {
    const complaint = complaintOfOperation(kind, declaration, operations);
    if (complaint !== undefined) throw broken(`operations: ${kind}: ${complaint}`);
  }
}

function complaintOfFaults(faults: unknown): string | undefined {
  const kinds = FAULT_KINDS.join(', ');
  if (!Array.isArray(faults)) {
    const known = faults === 'none' || faults === 'swarm' || faults === 'storm';
    return known ? undefined : `faults: expected none, swarm, storm or a list of ${kinds}; found '${String(faults)}'`;
  }
  const unknown: unknown = faults.find((kind) => !FAULT_KINDS.includes(kind));
  return unknown === undefined ? undefined : `faults: expected kinds of ${kinds}; found '${String(unknown)}'`;
}

function complaintOfOperation(
  kind: string,
  declaration: NonNullable<AnyOptions['operations']>[string],
  operations: NonNullable<AnyOptions['operations']>,
): string | undefined {
  if (!KIND.test(kind)) return 'expected a name of letters, digits, dashes and underscores that begins with a letter';
  if (kind === 'finally') return 'is called when everything has settled; it cannot be an operation';
  if (typeof declaration !== 'object' || declaration === null) return `expected an object, found ${typeof declaration}`;
  const { times = 1, at = 0, mayWait = false, needs } = declaration;
  for (const [field, value] of Object.entries({ times, at })) {
    const range = rangeOf(value);
    const fits = range === undefined ? isCount(value, 0) : complaintOf(value) === undefined && range[0] >= 0;
    if (!fits) return `${field}: expected a whole number from 0, or a range of two, found ${String(value)}`;
  }
  if (typeof mayWait !== 'boolean') return `mayWait: expected true or false, found ${String(mayWait)}`;
  if (needs !== undefined && (typeof needs !== 'string' || !Object.hasOwn(operations, needs))) {
    return `needs: expected the kind of an operation, found '${String(needs)}'`;
  }
  for (const [name, spec] of valuesOf(declaration)) {
    if (RESERVED.includes(name)) return `'${name}' is what every operation is given; a value needs another name`;
    const complaint = complaintOf(spec);
    if (complaint !== undefined) return `${name}: ${complaint}`;
  }
  return undefined;
}

function isCount(value: unknown, min: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= min;
}

/** A seed as it is written, or undefined of what is none. */
export function seedOf(seed: unknown): bigint | undefined {
  const isText = typeof seed === 'bigint' || typeof seed === 'number' || typeof seed === 'string';
  if (!isText || !/^[0-9]{1,20}$/.test(String(seed))) return undefined;
  const value = BigInt(seed);
  return value <= SEED_MAX ? value : undefined;
}
