/**
 * What may happen to an action before it ends: how often it may be put off, the texts with which it then fails, and whether
 * two actions are the same. (docs/specification/control-plane.md section 6.)
 */
import type { DaemonRef, MeshOsAction } from '../../../src/action/action.ts';

/** How a dispatcher that throws or rejects is recorded. */
export const PANICKED = 'dispatcher panicked';
/** How an action that is still deferred at the close is recorded. */
export const CLOSED_REASON = 'executor closed';

export function deferBudgetText(count: number, max: number): string {
  return `deferred ${count} times — exceeds max_defer_count ${max}`;
}

export function retryBudgetText(count: number): string {
  return `dispatch retry budget exhausted after ${count} attempts`;
}

/** Defers and retries of each action of an incarnation; both share one count. */
export class Putoffs {
  readonly max: number;
  private readonly counts: number[] = [];

  constructor(max: number) {
    this.max = max;
  }

  /** Counts one more defer or retry of the action; true if the budget still allows it. */
  allow(id: number): boolean {
    const counts = this.counts;
    while (counts.length <= id) counts.push(0);
    const count = (counts[id] ?? 0) + 1;
    counts[id] = count;
    return count <= this.max;
  }

  /** How often it has been put off so far, including one time over the budget. */
  count(id: number): number {
    return this.counts[id] ?? 0;
  }
}

export function sameDaemon(a: DaemonRef, b: DaemonRef): boolean {
  return a.id === b.id && a.name === b.name;
}

/** The daemon that an action is about, or null. */
export function daemonOf(action: MeshOsAction): DaemonRef | null {
  switch (action.kind) {
    case 'start_daemon':
    case 'stop_daemon':
    case 'apply_backoff':
      return action.daemon;
    default:
      return null;
  }
}

/** Equality of plain data: the same fields with equal values, in any order. */
export function sameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!sameData(a[i], b[i])) return false;
    return true;
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(b, key) || !sameData(Reflect.get(a, key), Reflect.get(b, key))) return false;
  }
  return true;
}

/** Plain data in words, bigints and bytes included. For messages only. */
export function inWords(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return `[${value.map(inWords).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}: ${inWords(item)}`)
    .join(', ')}}`;
}

export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16);
  return text;
}
