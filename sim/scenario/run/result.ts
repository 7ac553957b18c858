/** What a run comes to: the one model that every report, file and exit status is made from. */
import type { Violation } from '../../invariant/invariant.ts';
import type { TraceRecord } from '../../kernel/trace/trace.ts';
import type { FaultBase, KeyedFault } from '../../world.ts';

/**
 * `inconclusive`: the run was cut short (`untilMs`, or a bound on its events, memory or host time) before anything was violated.
 * `world-error`: the world or an invariant threw, or broke a rule of its interface; `problem` says where.
 * `harness-error`: an exception in the harness itself. Neither error says anything about the system.
 */
export type RunVerdict =
  | 'held'
  | 'violated'
  | 'nondeterminism'
  | 'foreign-await'
  | 'world-error'
  | 'harness-error'
  | 'inconclusive';

/** Of what cannot be written down, or never was. */
export const NO_DIGEST = '0'.repeat(64);

export interface FaultCount {
  readonly planned: number;
  readonly injected: number;
}

export interface RunResult {
  readonly seed: bigint;
  readonly verdict: RunVerdict;
  /** sha256 over trace and final state, 64 hex digits. */
  readonly digest: string;
  /** Records of the trace. */
  readonly events: number;
  readonly operations: number;
  readonly virtualMs: number;
  /** By kind; kinds that were not planned are absent. */
  readonly faults: Readonly<Record<string, FaultCount>>;
  /** Keys of the planned faults that never took effect; absent if all did. */
  readonly notInjected?: readonly string[];
  /** Faults that the run itself has drawn and that took effect; absent if there are none. */
  readonly drawn?: readonly (KeyedFault & FaultBase)[];
  /** When each fault at an event struck, by key, in virtual milliseconds; absent if none did. */
  readonly struck?: Readonly<Record<string, number>>;
  /** Names in the scenario's `seeded` and `choices` by which nothing was drawn; absent if there are none. */
  readonly undrawn?: readonly string[];
  /**
   * Timers of virtual hosts that the run left, each with its kind, its duration, when it is due and who set it; absent if there
   * are none. They are gone with the run.
   */
  readonly timers?: readonly string[];
  /** Each invariant's first, in order of time. */
  readonly violations: readonly Violation[];
  /** Hits of the marks that were reached. */
  readonly marks: Readonly<Record<string, number>>;
  /** States that the invariants passed through, as `INVARIANT state`; see the monitor. Absent where no run was made. */
  readonly states?: readonly string[];
  /** One line, where the verdict is not about invariants: call site, tasks, or the defect. */
  readonly problem?: string;
  /** More of it, for people: a stack. */
  readonly detail?: string;
  /** With `recordChoices`: every draw of the run by name; ranks of tasks that never had a rival are not drawn. */
  readonly choices?: Readonly<Record<string, number>>;
  /** With `keepTrace`. */
  readonly trace?: readonly TraceRecord[];
}

export interface RunOptions {
  /** Keeps every record of the trace; the digest does not depend on it. */
  readonly keepTrace?: boolean;
  /** Stops inconclusively at so many events, and at the steps and the memory that go with them; see `bounds.ts`. */
  readonly maxEvents?: number | undefined;
  /** Stops at this virtual time, inconclusively. */
  readonly untilMs?: number;
  /** Fails the run as a defect of the harness if a name is drawn twice. */
  readonly checkNames?: boolean;
  /** Stops as soon as this invariant is violated: for searches that only ask whether it is. */
  readonly stopOn?: string;
  /** Whoever makes it has done nothing else since their last run, so that the process is as that one left it. */
  readonly follows?: boolean;
  /** Whoever makes it begins another one as soon as it is over, and does nothing else in between. */
  readonly isFollowed?: boolean;
  /** Given what the system threw, where a task or a callback let it out. */
  readonly onThrown?: ((error: unknown) => void) | undefined;
  /** Gives what was chosen by name. */
  readonly recordChoices?: boolean;
  /** How the kernel drains a segment; the digest does not depend on it. */
  readonly drain?: 'documented' | 'synchronous' | 'auto';
  /**
   * Milliseconds of host time after which a segment that does not come back is stopped, in runs with `ambient: 'virtual'`;
   * 10 s by default. `Infinity` where somebody else watches the thread.
   */
  readonly segmentMs?: number | undefined;
}
