/** Hands out the ids of actions: 1, 2, 3, … per incarnation of a node. 0 is the sentinel for "no action". */
export class ActionIdAllocator {
  #next = 1n;

  next(): bigint {
    const id = this.#next;
    this.#next += 1n;
    return id;
  }
}
