/**
 * What a judge remembers of each node, by incarnation: a crash ends one memory and the next boot begins another, so that
 * nothing seen of a dead incarnation is held against the next. Looked up at every event, hence a plain list by node.
 */
interface OfIncarnation {
  readonly inc: number;
}

export class Incarnations<S extends OfIncarnation> {
  private readonly running: (S | undefined)[] = [];
  private readonly begin: (node: number, inc: number) => S;

  constructor(begin: (node: number, inc: number) => S) {
    this.begin = begin;
  }

  /** The memory of this incarnation, begun at its first event. */
  of(node: number, inc: number): S {
    const state = this.running[node];
    if (state !== undefined && state.inc === inc) return state;
    const begun = this.begin(node, inc);
    while (this.running.length <= node) this.running.push(undefined);
    this.running[node] = begun;
    return begun;
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
}
