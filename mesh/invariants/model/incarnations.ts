/**
 * What a checker remembers of each node, by incarnation. A crash ends one memory and the next boot begins another, so that
 * nothing seen of a dead incarnation is held against the next. It is looked up at every event, hence a plain list by node.
 */
export class Incarnations<S> {
  private readonly running: (S | undefined)[] = [];
  /** Kept apart from the memories, whose type differs from checker to checker: the look-up then has one form for all. */
  private readonly incs: number[] = [];
  private readonly begin: (node: number, inc: number) => S;

  constructor(begin: (node: number, inc: number) => S) {
    this.begin = begin;
  }

  /** The memory of this incarnation, begun at its first event. */
  of(node: number, inc: number): S {
    const state = this.running[node];
    return state !== undefined && this.incs[node] === inc ? state : this.began(node, inc);
  }

  /** The memory of the node's running incarnation; undefined if none was begun, or it has died. */
  current(node: number): S | undefined {
    return this.running[node];
  }

  /** Forgets the node: its incarnation has died. */
  end(node: number): void {
    if (node < this.running.length) this.running[node] = undefined;
  }

  /** Every node whose incarnation has not died, in order of their numbers. */
  forEach(visit: (state: S, node: number) => void): void {
    for (let node = 0; node < this.running.length; node++) {
      const state = this.running[node];
      if (state !== undefined) visit(state, node);
    }
  }

  private began(node: number, inc: number): S {
    const begun = this.begin(node, inc);
    while (this.running.length <= node) {
      this.running.push(undefined);
      this.incs.push(-1);
    }
    this.running[node] = begun;
    this.incs[node] = inc;
    return begun;
  }
}
