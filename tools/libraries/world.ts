/**
 * The world of a library: five to ten operations with it. The library is loaded afresh in the first segment of each run.
 *
 * There are two styles. In the style `apply` the world calls the library itself, and work is the host's `setTimeout`. In
 * the style `task` a task of a node loads the library, each operation is a task of that node which owes an end, and work is
 * the kernel's own `sleep`.
 */
import { bundleModule } from '../../sim/fresh/bundle.ts';
import type { FreshModule } from '../../sim/fresh/fresh-module.ts';
import type { Invariant } from '../../sim/invariant/invariant.ts';
import { type Name, rootName } from '../../sim/kernel/choices/name.ts';
import { Stream } from '../../sim/kernel/choices/streams.ts';
import type { Group } from '../../sim/kernel/tasks/group.ts';
import type { Harness, Instance, Keyed, Scenario, World } from '../../sim/world.ts';
import type { Library, Operation, Sim, Workload } from './library.ts';

export const STYLES = ['apply', 'task'] as const;
export type Style = (typeof STYLES)[number];

type Use = { readonly kind: 'use'; readonly number: number };
type NoFault = { readonly kind: 'none' };
type Event =
  | { readonly kind: 'returned'; readonly op: string; readonly value: string }
  | { readonly kind: 'failed'; readonly op: string; readonly what: string };
type Ours = Scenario<object, Use, NoFault>;

const OPERATIONS_MIN = 5;
const OPERATIONS_MAX = 10;
const GAP_MAX_MS = 30;

const sound: Invariant<Event, object> = {
  id: 'sound',
  holds: 'every check of the workload holds, and no operation throws',
  create: ({ violate }) => ({ on: { failed: ({ op, what }) => violate(`${op}: ${what}`) } }),
};

export type LibraryWorld = World<object, Use, NoFault, Event, object>;

export async function worldOf(library: Library): Promise<LibraryWorld> {
  const module = await bundleModule(library.name, import.meta.url);
  return {
    name: library.name,
    semantics: STYLES,
    ambient: 'virtual',
    events: { returned: ['op', 'value'], failed: ['op', 'what'] },
    marks: [],
    faultKinds: [],
    invariants: [sound],
    schemas: () => Promise.reject(new Error('scenarios of libraries are in no files')),
    generate: (seed, _profile, semantics) => scenarioOf(library.name, seed, semantics),
    settleBoundMs: () => 10_000,
    stepBudget: () => ({ fixed: 20_000, perMs: 10 }),
    build: ({ semantics, workload }, harness) =>
      new LibraryRun(library, module, semantics === 'task', workload.length, harness),
    lane: () => 'library',
  };
}

function scenarioOf(name: string, seed: bigint, semantics: string): Ours {
  const stream = new Stream(`library/${name}/${seed}`);
  let at = 0;
  const workload = Array.from({ length: stream.int(OPERATIONS_MIN, OPERATIONS_MAX) }, (_, i) => {
    at += stream.int(0, GAP_MAX_MS);
    return { key: `a${i + 1}`, at, kind: 'use' as const, number: i + 1 };
  });
  return { format: 1, name: `${name} ${seed}`, world: name, semantics, seed, config: {}, workload, faults: [] };
}

class LibraryRun implements Instance<Use, NoFault, object, Event> {
  readonly view = {};
  readonly #library: Library;
  readonly #module: FreshModule;
  readonly #tasks: boolean;
  readonly #harness: Harness<Event>;
  readonly #node: Group;
  #left: number;
  #workload: Promise<Workload> | undefined;

  constructor(library: Library, module: FreshModule, tasks: boolean, operations: number, harness: Harness<Event>) {
    this.#library = library;
    this.#module = module;
    this.#tasks = tasks;
    this.#left = operations;
    this.#harness = harness;
    this.#node = harness.kernel.root.child('n1');
  }

  start(): void {
    if (this.#tasks) this.#node.spawn('main', async () => void (await this.#load()));
    else void this.#load();
  }

  #load(): Promise<Workload> {
    this.#workload = this.#evaluate();
    return this.#workload;
  }

  async #evaluate(): Promise<Workload> {
    const given = this.#module.evaluate();
    const exports = given instanceof Promise ? await given : given;
    return this.#library.start(exports, this.#sim('library', rootName.child('library')));
  }

  apply({ key, number }: Keyed & Use, name: Name): void {
    const operation = { ...this.#sim(key, name), number };
    if (this.#tasks) this.#node.spawn(key, () => this.#operate(key, operation), name, { owesEnd: true });
    else void this.#operate(key, operation);
  }

  async #operate(key: string, operation: Operation): Promise<void> {
    try {
      const workload = await this.#workload;
      const value = await workload?.operate(operation);
      this.#harness.emit({ kind: 'returned', op: key, value: JSON.stringify(value ?? null) });
      if (this.#left === 1) await workload?.end?.();
    } catch (error) {
      this.#failed(key, error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    this.#left -= 1;
  }

  #failed(key: string, what: string): void {
    this.#harness.emit({ kind: 'failed', op: key, what });
  }

  #sim(key: string, name: Name): Sim {
    const { kernel } = this.#harness;
    const drawn = new Map<string, number>();
    return {
      now: () => kernel.now,
      draw: (what, min, max) => {
        const count = (drawn.get(what) ?? 0) + 1;
        drawn.set(what, count);
        return min + kernel.draw(name.child(what, count), max - min + 1);
      },
      sleep: this.#tasks
        ? (ms) => this.#node.sleep(ms)
        : (ms) =>
            new Promise((resolve) => {
              setTimeout(resolve, ms);
            }),
      check: (holds, what) => {
        if (!holds) this.#failed(key, what);
      },
    };
  }

  inject(): void {}
  heal(): void {}
  settle(): void {}
  close(): void {}
  drained = (): boolean => this.#left === 0;
  ended = this.drained;
  waiting = (): readonly string[] => [`${this.#left} operations`];
  finalState = (): readonly number[] => [this.#harness.kernel.now];
}
