/**
 * The values people type: seeds, counts, lengths of time, lists. Each is read whole or refused in one line; nothing is
 * rounded, clamped or taken twice.
 */
import { distance } from '../../scenario/file/explain.ts';

/** Wrong use of the command line: one line for the person, exit status 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const U64_MAX = 0xffff_ffff_ffff_ffffn;
const DECIMAL = /^[0-9]{1,40}$/;
const HEX = /^0[xX][0-9a-fA-F]{1,40}$/;
const SHARE = /^([0-9]{1,12}(?:\.[0-9]{1,12})?)(%)?$/;
const DURATION = /^([0-9]{1,12})(ms|s|m|h)?$/;
const UNITS = [
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
] as const;
const MS_MAX = 24 * 24 * 3_600_000;
const SHOWN_CHARS_MAX = 60;
const NEAR_NAMES = 5;

/** A u64, decimal or 0x hex. */
export function parseSeed(flag: string, text: string): bigint {
  const seed = DECIMAL.test(text) || HEX.test(text) ? BigInt(text) : undefined;
  if (seed === undefined) throw new UsageError(`${flag}: ${quoted(text)} is not a u64 (decimal or 0x hex)`);
  if (seed > U64_MAX) throw new UsageError(`${flag}: ${quoted(text)} is above ${U64_MAX}, the greatest u64`);
  return seed;
}

/** Refuses a range of seeds that goes past the greatest. */
export function checkRange(from: bigint, runs: number): void {
  if (from + BigInt(runs) - 1n > U64_MAX)
    throw new UsageError(`--from ${from}: ${runs} seeds from there go past ${U64_MAX}`);
}

/** A whole number from 1 to `max`. */
export function parseCount(flag: string, text: string, max = Number.MAX_SAFE_INTEGER): number {
  const count = DECIMAL.test(text) ? BigInt(text) : 0n;
  if (count < 1n || count > BigInt(max)) {
    throw new UsageError(`${flag}: ${quoted(text)} is not a whole number from 1 to ${max}`);
  }
  return Number(count);
}

/**
 * A length of time above zero in milliseconds, below 2^31 as host timers need it: a number with its unit, or without
 * one where `bare` says what that means.
 */
export function parseDuration(flag: string, text: string, bare?: 'ms'): number {
  const [, digits, unit = bare] = DURATION.exec(text) ?? [];
  const ms = digits === undefined ? 0 : Number(digits) * (UNITS.find(([name]) => name === unit)?.[1] ?? 0);
  if (ms < 1 || ms > MS_MAX) {
    const examples = bare === 'ms' ? '1500, 60s or 5m' : '500ms, 60s, 5m or 1h';
    throw new UsageError(`${flag}: ${quoted(text)} is not a length of time from 1ms to 24 days, as ${examples}`);
  }
  return ms;
}

/** A share of 1 above 0 and below it: a number, or one with a percent sign. */
export function parseShare(flag: string, text: string): number {
  const [, digits, sign] = SHARE.exec(text) ?? [];
  const share = digits === undefined ? 0 : Number(`${digits}e${sign === undefined ? 0 : -2}`);
  if (!(share > 0 && share < 1)) {
    throw new UsageError(`${flag}: ${quoted(text)} is not a share between 0 and 1, as 0.01 or 1%`);
  }
  return share;
}

/** One of a few words. */
export function parseChoice<const T extends string>(flag: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((one) => one === text);
  if (choice === undefined) throw new UsageError(`${flag}: ${quoted(text)} is none of ${choices.join(', ')}`);
  return choice;
}

/** `all`, or known names with commas between them. */
export function parseNames(flag: string, text: string, known: readonly string[]): readonly string[] {
  if (text === 'all') return known;
  const names = [...new Set(text.split(',').map((name) => name.trim()))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const near = nearest(known, unknown).slice(0, NEAR_NAMES).join(', ');
    throw new UsageError(`${flag}: ${quoted(unknown)} is not known; nearest of ${known.length} are ${near}`);
  }
  return names;
}

/** Those that may have been meant first. */
function nearest(names: readonly string[], written: string): readonly string[] {
  const far = (name: string): number => distance(name, written.slice(0, SHOWN_CHARS_MAX), SHOWN_CHARS_MAX);
  return [...names].sort((a, b) => far(a) - far(b));
}

/** What was typed, as it can stand in a line. */
function quoted(text: string): string {
  return JSON.stringify(text.length > SHOWN_CHARS_MAX ? `${text.slice(0, SHOWN_CHARS_MAX)}…` : text);
}
