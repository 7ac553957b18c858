/**
 * What a simulated test says: its options, the operations it declares, and the body that answers them.
 *
 *     const test = simulate(
 *       {
 *         load: () => import('async-mutex'),
 *         operations: { work: { times: 4, at: [0, 50], forMs: [0, 20] }, look: { times: 2, at: [0, 50] } },
 *       },
 *       (sim, { Mutex }) => {
 *         const mutex = new Mutex();
 *         return {
 *           work: async ({ forMs }) => {
 *             const release = await mutex.acquire();
 *             await sim.sleep(forMs);
 *             release();
 *           },
 *           look: async () => {
 *             await mutex.waitForUnlock();
 *             expect(mutex.isLocked()).toBe(false);
 *           },
 *         };
 *       },
 *     );
 *
 * Operations are data: the seed draws how many there are, when each begins and with what values; the shrinker takes them out
 * and simplifies them; a scenario file lists them. What the body does by itself is fixed.
 */
import type { Sim } from './sim.ts';
import type { ValueOf, ValueSpec } from './values.ts';

/** What can go wrong in a test; see `docs/your-own-system.md` for what each does. */
export const FAULT_KINDS = ['node-crash', 'node-pause', 'clock-jump', 'timer-late', 'abort'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Fields of a declaration that are no values of the operation. */
interface Declared {
  /** How many there are in a run: a number, or a range from which each run draws. 1 by default. */
  readonly times?: number | readonly [number, number];
  /** When they begin, in virtual milliseconds: all at a time, or each at one of a range. `[0, 100]` by default. */
  readonly at?: number | readonly [number, number];
  /** An operation that may wait for ever is no finding if it does. */
  readonly mayWait?: boolean;
  /**
   * The kind of operation that this one waits for. It may wait for ever in a run with fewer of that kind than of those that
   * need it.
   */
  readonly needs?: string;
}

/** An operation as data. Every field but `times`, `at`, `mayWait` and `needs` is a value of it. */
export type OperationDeclaration = Declared & { readonly [value: string]: ValueSpec | undefined };

/** By kind. */
export type OperationDeclarations = Readonly<Record<string, OperationDeclaration>>;

/** What every operation is given besides its values. */
export interface Given {
  /** Of this operation, as in the scenario: `work2`. */
  readonly key: string;
  /** Aborts when the fault `abort` strikes this operation, which may then reject with the signal's reason. */
  readonly signal: AbortSignal;
}

/** What the handler of a declared operation is given. */
export type ValuesOf<D> = { readonly [K in Exclude<keyof D, keyof Declared>]: ValueOf<D[K]> } & Given;

/**
 * What the body gives back: a handler for each declared operation. What a handler throws, or a promise of it that is
 * rejected, fails the run, as does one that never settles.
 */
export type HandlersOf<Ops> = { readonly [K in keyof Ops]: (values: ValuesOf<Ops[K]>) => unknown } & {
  /** Called once when everything has settled: for what must hold in the end. */
  readonly finally?: () => unknown;
};

/** A body without operations need not give anything. */
type BodyGives<Ops> = keyof Ops extends never ? HandlersOf<Ops> | void : HandlersOf<Ops>;

/** Runs once a run, in the node `test`, which never crashes. */
export type Body<Ops, M> = (sim: Sim<M>, module: M) => BodyGives<Ops> | Promise<BodyGives<Ops>>;

export interface SimulateOptions<Ops extends OperationDeclarations, M> {
  /**
   * The code under test: `() => import('…')` and nothing else. It is evaluated afresh in every incarnation of every node,
   * so that what it keeps in module variables does not outlive a crash, nor a run.
   */
  readonly load?: () => Promise<M>;
  /** What is asked of the code under test, by kind. */
  readonly operations?: Ops;
  /** Runs of a test: 100, or what SIM_RUNS says. */
  readonly runs?: number;
  /** The first seed; by default it is made from the test's name. SIM_SEED=S makes exactly that run. */
  readonly seed?: number | bigint | string;
  /**
   * What goes wrong: nothing, in each run some kinds that are drawn for it (`swarm`, the default), all kinds as hard as can
   * be (`storm`), or a swarm of these kinds.
   */
  readonly faults?: 'none' | 'swarm' | 'storm' | readonly FaultKind[];
  /** Marks that must be reached in some run (`sim.reached`): else the test has shown nothing, and fails. */
  readonly reach?: readonly string[];
  /** How long everything may take to come to rest once faults have ended, in virtual milliseconds: 30,000. */
  readonly settleMs?: number;
  /** Which orders are tried: `io`, those that Node itself could show. There is no other one yet. */
  readonly interleave?: 'io';
}

/** A test function, for `test('…', simulate(…))` of vitest, `node:test` and jest. */
export type SimulatedTest = (...context: readonly unknown[]) => Promise<void>;

/** Options and body of any test: what its types say is its author's business. */
export type AnyOptions = SimulateOptions<OperationDeclarations, unknown>;
export type AnyBody = (sim: Sim, module: unknown) => unknown;
