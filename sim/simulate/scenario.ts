/** What a scenario of a simulated test says: operations with their values, and faults of nodes and operations. */
import type { Scenario } from '../world.ts';
import type { FaultKind } from './options.ts';

/** An operation with its values. */
export interface Asked {
  readonly kind: string;
  readonly [value: string]: unknown;
}

/** How an operation is aborted: by an `AbortError`, by a `TimeoutError`, or for a reason that is no error. */
export const ABORTS = ['abort', 'timeout', 'interrupt'] as const;
export type HowAborted = (typeof ABORTS)[number];

export type NodeFault =
  | { readonly kind: 'node-crash' | 'node-pause' | 'timer-late'; readonly node: string; readonly forMs: number }
  | { readonly kind: 'clock-jump'; readonly node: string; readonly byMs: number; readonly forMs?: never };
export type AbortFault = {
  readonly kind: 'abort';
  readonly op: string;
  readonly how: HowAborted;
  readonly forMs?: never;
};
export type TestFault = NodeFault | AbortFault;

/** 1 lightly, 2, 3 hard. */
type Hardness = 1 | 2 | 3;

export interface TestConfig {
  /**
   * Kinds of faults that are drawn for each node when it is made, and how hard each strikes. A scenario that was shrunk
   * has none: it lists the faults that struck.
   */
  readonly drawn?: Readonly<Partial<Record<FaultKind, Hardness>>> | undefined;
}

export type TestScenario = Scenario<TestConfig, Asked, TestFault>;
