/**
 * A group of marks: handlers of events that keep a little state and say when something rare was reached. They see every
 * event of a run, so each does a constant amount of work and allocates as little as possible.
 */
import type { Handlers as HandlersOf } from '../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../events.ts';
import type { MeshConfig } from '../scenario/scenario.ts';

export type Handlers = HandlersOf<MeshEvent>;

export interface MarkContext<Mark extends string> {
  mark(mark: Mark): void;
  /** Virtual milliseconds. */
  now(): number;
  readonly config: MeshConfig;
}

/**
 * One state per node, made when it is first needed: a run has thousands of events, but there are thousands of runs a
 * minute.
 */
export class PerNode<State> {
  /** Nodes are numbered from 1; slot 0 is never used. */
  readonly #states: (State | undefined)[];
  readonly #fresh: () => State;

  constructor(nodes: number, fresh: () => State) {
    this.#states = new Array<State | undefined>(nodes + 1).fill(undefined);
    this.#fresh = fresh;
  }

  of(node: number): State {
    const state = this.#states[node];
    if (state !== undefined) return state;
    const fresh = this.#fresh();
    this.#states[node] = fresh;
    return fresh;
  }

  /** The node's next incarnation starts anew. */
  reset(node: number): void {
    this.#states[node] = undefined;
  }

  /** Visits the states of all nodes of which anything was seen. */
  forEach(visit: (state: State, node: number) => void): void {
    this.#states.forEach((state, node) => {
      if (state !== undefined) visit(state, node);
    });
  }
}
