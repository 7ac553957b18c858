/**
 * What a group of marks is: handlers of events that keep a little state and say when something rare was reached. They see
 * every event of a run, so each does a constant amount of work and allocates nothing it can do without.
 */
import type { Checker } from '../../invariant/invariant.ts';
import type { MeshEvent } from '../events.ts';
import type { MeshConfig } from '../scenario.ts';

export type Handlers = Checker<MeshEvent>['on'];

export interface MarkContext<Mark extends string> {
  mark(mark: Mark): void;
  /** Virtual milliseconds. */
  now(): number;
  readonly config: MeshConfig;
}

/** One state a node; `fresh` makes the state of a node, or of its next incarnation. */
export class PerNode<State> {
  readonly #states: State[] = [];
  readonly #fresh: (node: number) => State;

  constructor(nodes: number, fresh: (node: number) => State) {
    this.#fresh = fresh;
    // Nodes are numbered from 1; slot 0 is never used.
    for (let node = 0; node <= nodes; node += 1) this.#states.push(fresh(node));
  }

  of(node: number): State {
    const state = this.#states[node];
    if (state === undefined) throw new RangeError(`there is no node ${node}`);
    return state;
  }

  reset(node: number): void {
    this.#states[node] = this.#fresh(node);
  }

  forEach(visit: (state: State, node: number) => void): void {
    for (let node = 1; node < this.#states.length; node += 1) visit(this.of(node), node);
  }
}
