/** Who draws and steps in a run: the body, operations, nodes, and whoever is none of these. */
import { type Name, rootName } from '../kernel/choices/name.ts';
import type { SimTask } from '../kernel/tasks/task.ts';

interface Owner {
  readonly key: string;
  readonly name: Name;
  /** Of the body and of operations. */
  readonly task: SimTask | undefined;
  /** How often each name was drawn. */
  readonly counts: Map<string, number>;
}

export class Owners {
  /** By the name of a task, or of a node. */
  readonly #owners = new Map<string, Owner>();
  readonly #isNode: (name: string) => boolean;

  constructor(isNode: (name: string) => boolean) {
    this.#isNode = isNode;
  }

  add(key: string, name: Name, task: SimTask): void {
    this.#put(task.name, key, name, task);
  }

  /** Whose task this is; undefined if it is nobody's. */
  known(task: string): Owner | undefined {
    const known = this.#owners.get(task);
    if (known !== undefined) return known;
    const [node = ''] = task.split('/', 1);
    if (!this.#isNode(node)) return undefined;
    return this.#owners.get(node) ?? this.#put(node, node, rootName.child('node', node), undefined);
  }

  /** Where a draw of this task hangs, each use of a name numbered. */
  drawName(task: string, what: string): Name {
    // The code of a timer that outlived its operation, say, is nobody's.
    const owner = this.known(task) ?? this.#put(task, task, rootName.child('by', task), undefined);
    const count = (owner.counts.get(what) ?? 0) + 1;
    owner.counts.set(what, count);
    return owner.name.child('draw', what).child('n', count);
  }

  #put(by: string, key: string, name: Name, task: SimTask | undefined): Owner {
    const owner = { key, name, task, counts: new Map<string, number>() };
    this.#owners.set(by, owner);
    return owner;
  }
}
