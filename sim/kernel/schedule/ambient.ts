/**
 * What stands in for the host while a segment runs.
 *
 * Guards sit on the host's functions once a process and look here: outside of segments they pass everything on; within
 * one they ask the run's `Ambient`, which either ends the run (`forbidden`) or answers for the host (`virtual`).
 */

import { shared } from './shared.ts';

export type HostCallback = (...args: unknown[]) => unknown;

/** What code under test holds of an immediate, and of a timer. */
export interface HostImmediate {
  ref(): this;
  unref(): this;
  hasRef(): boolean;
}

export interface HostTimer extends HostImmediate {
  refresh(): this;
  close(): this;
}

/** A host on virtual time. */
export interface VirtualHost {
  /** Unix milliseconds. */
  wallMs(): number;
  performanceNow(): number;
  /** Seconds and nanoseconds. */
  hrtime(): readonly [number, number];
  /** Gives what Node's `setTimeout` and `setInterval` do; `delayMs` is any number. */
  setTimer(callback: HostCallback, delayMs: number, args: readonly unknown[], repeats: boolean): HostTimer;
  setImmediate(callback: HostCallback, args: readonly unknown[]): HostImmediate;
  /** Takes what `setTimer` gave, or its number; false of anything else. */
  clearTimer(handle: unknown): boolean;
  clearImmediate(handle: unknown): boolean;
  /** A uint32, drawn. */
  random(): number;
}

export interface Ambient {
  /** Absent where the host is forbidden. */
  readonly host: VirtualHost | undefined;
  /** Has a function that is put off to later in the segment run as whoever puts it off; absent where nobody asks who runs. */
  readonly carry: ((callback: (...args: unknown[]) => unknown) => (...args: unknown[]) => unknown) | undefined;
  /** Something that differs from run to run was reached from there: ends the run, and gives what to throw. */
  reached(what: string, callSite: string): NondeterminismError;
}

/**
 * Whether a segment runs now, and the ambient of the run that is under way. Segments come and go more often than anything
 * else: to set a flag costs them nothing, to hold a run's own object in one that outlives it would.
 */
export const segment = shared('segment', (): { active: boolean; ambient: Ambient | undefined } => ({
  active: false,
  ambient: undefined,
}));

/** The ambient of the segment that runs now, if one does. */
export function activeAmbient(): Ambient | undefined {
  return segment.active ? segment.ambient : undefined;
}

/** Thrown at whoever reaches for the host where that is forbidden; the run ends with this segment. */
export class NondeterminismError extends Error {
  override name = 'NondeterminismError';
  readonly what: string;
  /** `file:line:column` of the code that called. */
  readonly callSite: string;
  /** What whoever wrote that code may do. */
  readonly advice: string;

  constructor(what: string, callSite: string, advice: string) {
    super(`${what} reached during a run at ${callSite}: ${advice}`);
    this.what = what;
    this.callSite = callSite;
    this.advice = advice;
  }
}
