/**
 * What stands in for the host while a segment runs.
 *
 * Guards sit on the host's functions, once a process, and look here. Outside of segments they pass every call on. Within a
 * segment they ask the run's `Ambient`, which either ends the run (`forbidden`) or answers for the host (`virtual`).
 */

import { shared } from './shared.ts';

export type HostCallback = (...args: unknown[]) => unknown;

/** What code under test gets for an immediate, and for a timer. */
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
  /** Sets what Node's `setTimeout` and `setInterval` set; `delayMs` is any number. */
  setTimer(callback: HostCallback, delayMs: number, args: readonly unknown[], repeats: boolean): HostTimer;
  setImmediate(callback: HostCallback, args: readonly unknown[]): HostImmediate;
  /** Clears what `setTimer` returned, or its number. False for anything else. */
  clearTimer(handle: unknown): boolean;
  clearImmediate(handle: unknown): boolean;
  /** A drawn uint32. */
  random(): number;
}

export interface Ambient {
  /** Absent where the host is forbidden. */
  readonly host: VirtualHost | undefined;
  /**
   * Wraps a function that is put off to later in the segment, so that it runs as whoever put it off. Absent where the
   * kernel's waits say who runs.
   */
  readonly carry: ((callback: (...args: unknown[]) => unknown) => (...args: unknown[]) => unknown) | undefined;
  /** Host time, chance or the like was reached from that place. Ends the run, and returns the error to throw. */
  reached(what: string, callSite: string): NondeterminismError;
}

/**
 * Whether a segment runs now, and the ambient of the run. Segments begin and end more often than anything else happens:
 * setting a flag costs nothing, whereas storing a run's object in one that outlives it would cost.
 */
export const segment = shared('segment', (): { active: boolean; ambient: Ambient | undefined } => ({
  active: false,
  ambient: undefined,
}));

/** The ambient of the running segment, if there is one. */
export function activeAmbient(): Ambient | undefined {
  return segment.active ? segment.ambient : undefined;
}

/** Thrown at code that reaches for the host where that is forbidden. The run ends with this segment. */
export class NondeterminismError extends Error {
  override name = 'NondeterminismError';
  readonly what: string;
  /** `file:line:column` of the code that called. */
  readonly callSite: string;
  /** What the author of that code can do about it. */
  readonly advice: string;

  constructor(what: string, callSite: string, advice: string) {
    super(`${what} reached during a run at ${callSite}: ${advice}`);
    this.what = what;
    this.callSite = callSite;
    this.advice = advice;
  }
}
