/**
 * What the body of a simulated test is given: virtual time, chance, nodes, and what must hold.
 *
 *     async (sim, { Store }) => {
 *       const disk = new Map();
 *       const server = sim.node('server', ({ Store }) => void (store = new Store(disk)));
 *       await server.run(() => store.put('k', 1));
 *       server.crash();
 *       await sim.settled();
 *       expect(disk.get('k')).toBe(1);
 *     }
 */
import type { ValueOf, ValueSpec } from './values.ts';

export interface Sim<M = unknown> {
  /**
   * Starts a node: a host of its own with timers and clocks, in which `main` runs with the code under test, evaluated afresh.
   * It runs again in every incarnation, after a crash and a restart. Names are letters, digits, dots, dashes and underscores.
   */
  node(name: string, main: NodeMain<M>): NodeHandle;
  /**
   * Ends faults, brings up what is down, and resolves when everything has come to rest: operations have settled, and no
   * referenced one-shot timer is due within `settleMs`. If that does not come, the run is violated.
   */
  settled(): Promise<void>;
  /** Draws a value; drawn again under one name, it is numbered. */
  draw<const S extends ValueSpec>(name: string, values: S): ValueOf<S>;
  /** Must hold after every step of the run from here on. */
  always(name: string, predicate: () => boolean): void;
  /** Must hold once within that time, in virtual milliseconds. */
  eventually(name: string, predicate: () => boolean, withinMs: number): void;
  /** Says that the run has come to a point; see the option `reach`. */
  reached(mark: string): void;
  /** Virtual milliseconds since the run began. */
  now(): number;
  /** Waits, for at least 0 virtual milliseconds. */
  sleep(ms: number): Promise<void>;
  /** Puts a line into the story of the run. */
  log(...values: readonly unknown[]): void;
  /** Timers of whoever calls are late, here and now: none of its node fires for so many virtual milliseconds. */
  lag(ms: number): void;
  /** The wall clock of whoever calls jumps, here and now; back, if negative. */
  clockJump(ms: number): void;
}

/** What runs in a node: it is given the code under test, evaluated afresh in this incarnation, and who it is. */
export type NodeMain<M> = (module: M, node: Incarnation) => unknown;

export interface Incarnation {
  readonly name: string;
  /** From 0; the next one after each crash. */
  readonly incarnation: number;
}

/**
 * A node of the test. There is no network yet that it could be cut off from: `isolate()` comes with it, as do sockets and
 * disks; until then nodes and the test share variables, which stand for what lasts.
 */
export interface NodeHandle {
  readonly name: string;
  /** Whether it runs: neither down nor paused. */
  readonly up: boolean;
  /**
   * Runs a function in the node, as its own code, and gives what comes of it.
   *
   * @throws {NodeDownError} if the node is down, or crashes before there is an answer
   */
  run<T>(call: () => T | Promise<T>): Promise<T>;
  /** Ends it where it stands: its timers are dead, its promises never settle. It stays down until `restart` or `settled`. */
  crash(): void;
  /** Starts its next incarnation, if it is down. */
  restart(): void;
  /** It does nothing, while time goes on; timers that come due fire when it is resumed. */
  pause(): void;
  resume(): void;
}

/** A call of a node that is down, or that went down before it answered. */
export class NodeDownError extends Error {
  override readonly name = 'NodeDownError';

  constructor(node: string) {
    super(`the node ${node} is down`);
  }
}
