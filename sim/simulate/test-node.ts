/** A node of a simulated test: its incarnations, and what can be done to it. */
import { CLOSED } from '../../src/runtime/port.ts';
import { WorldError } from '../invariant/world-error.ts';
import type { Name } from '../kernel/choices/name.ts';
import type { Group, Kernel } from '../kernel/kernel.ts';
import type { TestEvent } from './failures.ts';
import { type Incarnation, NodeDownError, type NodeHandle } from './sim.ts';

/** What a node is given of its test. */
export interface Surroundings {
  readonly kernel: Kernel;
  emit(event: TestEvent): void;
  /** Runs the node's main function, in a task of the node. */
  main(incarnation: Incarnation, group: Group): Promise<void>;
  /** Where the draws of whoever calls hang. */
  caller(what: string): Name;
}

export class TestNode implements NodeHandle {
  readonly name: string;
  readonly #around: Surroundings;
  #group: Group;
  #incarnation = 0;

  constructor(name: string, around: Surroundings) {
    this.name = name;
    this.#around = around;
    this.#group = around.kernel.root.child(`${name}/i0`);
  }

  get group(): Group {
    return this.#group;
  }

  get up(): boolean {
    return !this.#group.killed && !this.#group.paused;
  }

  start(): void {
    const { emit, main } = this.#around;
    const incarnation = { name: this.name, incarnation: this.#incarnation };
    emit({ kind: 'up', node: this.name, incarnation: this.#incarnation });
    const group = this.#group;
    group.spawn('main', () => main(incarnation, group));
  }

  async run<T>(call: () => T | Promise<T>): Promise<T> {
    if (typeof call !== 'function')
      throw new WorldError(`node ${this.name}: run: expected a function, found ${typeof call}`);
    const group = this.#group;
    if (group.killed) throw new NodeDownError(this.name);
    const replies = group.channel<{ readonly value: T } | { readonly error: unknown }>(1);
    const answer = async (): Promise<void> => {
      try {
        replies.trySend({ value: await call() });
      } catch (error) {
        replies.trySend({ error });
      }
    };
    group.spawn('run', answer, this.#around.caller('run'));
    const reply = await replies.receive();
    if (reply === CLOSED) throw new NodeDownError(this.name);
    if ('error' in reply) throw reply.error;
    return reply.value;
  }

  crash(): void {
    if (this.#group.killed) return;
    this.#around.emit({ kind: 'down', node: this.name });
    this.#group.kill();
  }

  restart(): void {
    if (!this.#group.killed) return;
    this.#incarnation += 1;
    this.#group = this.#around.kernel.root.child(`${this.name}/i${this.#incarnation}`);
    this.start();
  }

  pause(): void {
    if (!this.up) return;
    this.#around.emit({ kind: 'paused', node: this.name });
    this.#group.pause();
  }

  resume(): void {
    if (this.#group.killed || !this.#group.paused) return;
    this.#around.emit({ kind: 'resumed', node: this.name });
    this.#group.resume();
  }
}
