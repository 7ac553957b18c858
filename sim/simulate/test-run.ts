/**
 * One run of a simulated test: the body in its node, the operations that it answers, the nodes that it makes, and what is said
 * to hold.
 */

import type { Signal } from '../../src/runtime/port.ts';
import type { FreshModule } from '../fresh/fresh-module.ts';
import type { TraceEvent } from '../invariant/invariant.ts';
import { WorldError } from '../invariant/world-error.ts';
import { type Name, rootName } from '../kernel/choices/name.ts';
import type { Group, Kernel } from '../kernel/kernel.ts';
import type { SimTask } from '../kernel/tasks/task.ts';
import { describeError } from '../scenario/blame/thrown.ts';
import type { Harness, Instance, Keyed, KeyedFault } from '../world.ts';
import { Abortable } from './abortable.ts';
import { isAssertion, mistakeIn, mistakeOf, type Site } from './author-mistake.ts';
import { drawValue } from './draw-value.ts';
import { failureOf, type TestEvent, type TestView } from './failures.ts';
import { type Handlers, handlersOf } from './handlers.ts';
import { drawNodeFaults, TEST_NODE } from './node-faults.ts';
import type { OperationDeclarations } from './options.ts';
import { Owners } from './owners.ts';
import { Promises } from './promised.ts';
import type { Asked, NodeFault, TestFault, TestScenario } from './scenario.ts';
import type { Incarnation, NodeHandle, NodeMain, Sim } from './sim.ts';
import { type Actions, simOf } from './sim-of.ts';
import { TestNode } from './test-node.ts';
import { horizonMs } from './workload.ts';

/** What all runs of a test share. */
export interface TestPlan {
  readonly site: Site;
  readonly operations: OperationDeclarations;
  readonly module: FreshModule | undefined;
  readonly settleMs: number;
  readonly reach: readonly string[];
  readonly body: (sim: Sim, module: unknown) => unknown;
  readonly assertions?: SoftErrors | undefined;
}

/** What a test runner keeps of expectations that failed and threw nothing. */
export interface SoftErrors {
  readonly softErrorCount: number;
  softErrors(from: number): readonly unknown[];
}

export class TestRun implements Instance<Asked, TestFault, TestView>, Actions {
  readonly view: TestView = { failures: [] };
  readonly kernel: Kernel;
  readonly #plan: TestPlan;
  readonly #scenario: TestScenario;
  readonly #harness: Harness<TraceEvent, TestFault>;
  readonly #test: Group;
  readonly #sim: Sim;
  readonly #nodes = new Map<string, TestNode>();
  readonly #owners = new Owners((name) => this.#nodes.has(name));
  readonly #operations = new Map<string, Abortable>();
  readonly #promises: Promises;
  readonly #started: Signal[] = [];
  readonly #resting: Signal[] = [];
  #handlers: Handlers | undefined;
  #body: SimTask | undefined;
  /** Until when the body goes on by itself, as far as it has said so. */
  #bodyUntilMs = 0;
  #bodyEnded = false;
  #finished = false;
  #softErrors = 0;
  /** Whether a fault waits for somebody's step. */
  #countsSteps: boolean;

  constructor(plan: TestPlan, scenario: TestScenario, harness: Harness<TraceEvent, TestFault>) {
    this.#plan = plan;
    this.#scenario = scenario;
    this.#harness = harness;
    this.kernel = harness.kernel;
    this.#test = this.kernel.root.child(TEST_NODE);
    this.#countsSteps = scenario.faults.some(({ at }) => typeof at !== 'number');
    this.#promises = new Promises(this.kernel, (op, error) => this.#broken(op, error));
    this.#softErrors = plan.assertions?.softErrorCount ?? 0;
    this.#sim = simOf(this);
  }

  // What the run calls.

  start(): void {
    this.#strikeNode(TEST_NODE);
    this.#body = this.#spawn('body', rootName.child('body'), () => this.#runBody());
  }

  apply({ key, at: _at, kind, ...values }: Keyed & Asked, name: Name): void {
    const operation = new Abortable(this.#test, key, (fault) => this.#harness.injected(fault));
    this.#operations.set(key, operation);
    this.emit({ kind: 'began', op: key });
    this.#spawn(key, name, () => this.#operate(operation, kind, values), this.#owesEnd(kind));
  }

  inject(fault: KeyedFault & TestFault, name: Name): void {
    if (fault.kind === 'abort') this.#operations.get(fault.op)?.abort(fault, name);
    else if (this.#strike(fault)) this.#harness.injected(fault.key);
  }

  heal(fault: KeyedFault & TestFault): void {
    if (fault.kind === 'node-crash') this.#nodes.get(fault.node)?.restart();
    else if (fault.kind === 'node-pause') this.#nodes.get(fault.node)?.resume();
  }

  settle(): void {
    this.#bringUp();
    this.emit({ kind: 'settled' });
  }

  close(): void {}

  stepped(ran: string): void {
    this.#promises.check();
    if (!this.#countsSteps) return;
    const owner = this.#owners.known(ran);
    if (owner !== undefined) this.emit({ kind: 'step', of: owner.key });
  }

  goesOn(): boolean {
    if (this.#bodyEnded || this.#resting.length > 0) return false;
    return this.kernel.now <= this.#bodyUntilMs + this.#plan.settleMs;
  }

  drained(): boolean {
    return this.kernel.owing === 0;
  }

  rested(): boolean {
    if (this.#bringUp()) return true;
    const resting = this.#resting.splice(0);
    for (const each of resting) each.notify();
    if (resting.length > 0) return true;
    const end = this.#handlers?.get('finally');
    if (end === undefined || this.#finished) return false;
    this.#finished = true;
    this.#spawn('finally', rootName.child('finally'), async () => {
      await this.#attempt('finally', 'finally', () => end({}));
    });
    return true;
  }

  finalState(): readonly number[] {
    return [this.kernel.now];
  }

  // What the body calls, by `sim`.

  now(): number {
    return this.kernel.now;
  }

  /** Where draws of whoever calls hang, each use of a name numbered. */
  nameFor(what: string): Name {
    return this.#owners.drawName(this.kernel.currentTask, what);
  }

  draw(what: string, values: unknown): unknown {
    const name = this.nameFor(what);
    return drawValue(values, (bound) => this.kernel.draw(name, bound));
  }

  /** The node of whoever calls, and its group. */
  here(): { readonly name: string; readonly group: Group } {
    const owner = this.#owners.known(this.kernel.currentTask);
    const node = owner?.task === undefined && owner !== undefined ? this.#nodes.get(owner.key) : undefined;
    return node === undefined ? { name: TEST_NODE, group: this.#test } : { name: node.name, group: node.group };
  }

  emit(event: TestEvent): void {
    this.#harness.emit(event);
  }

  reached(mark: string): void {
    this.emit({ kind: 'reached', mark });
    if (this.#plan.reach.includes(mark)) this.#harness.mark(mark);
  }

  sleep(ms: number): Promise<void> {
    if (this.kernel.currentTask === this.#body?.name)
      this.#bodyUntilMs = Math.max(this.#bodyUntilMs, this.kernel.now + ms);
    // A timer, as anybody would set one: what it is due for counts until all has come to rest, and it may be late.
    return ms === 0 ? this.kernel.root.yield() : new Promise((resolve) => void setTimeout(resolve, ms));
  }

  async settled(): Promise<void> {
    const task = this.#owners.known(this.kernel.currentTask)?.task;
    if (task === undefined)
      throw new WorldError('sim.settled: only the body and operations wait until all has settled');
    const rest = this.#test.signal();
    this.#resting.push(rest);
    const owed = task.owes;
    task.forgive();
    await rest.wait();
    if (owed) task.owe();
  }

  promise(name: string, predicate: () => boolean, withinMs?: number): void {
    this.#promises.add(name, predicate, withinMs, this.nameFor(`promise-${name}`));
  }

  node(name: string, main: NodeMain<unknown>): NodeHandle {
    if (this.#nodes.has(name)) throw new WorldError(`sim.node: there is a node '${name}' already`);
    const node = new TestNode(name, {
      kernel: this.kernel,
      emit: (event) => this.emit(event),
      main: (incarnation) => this.#runMain(name, main, incarnation),
      caller: (what) => this.nameFor(what),
    });
    this.#nodes.set(name, node);
    this.#strikeNode(name);
    node.start();
    return node;
  }

  // What goes on by itself.

  async #runBody(): Promise<void> {
    const module = await this.#evaluate();
    const handlers = await this.#callBody(module);
    this.#bodyEnded = true;
    this.#handlers = handlers;
    for (const each of this.#started.splice(0)) each.notify();
  }

  async #callBody(module: unknown): Promise<Handlers> {
    const startMs = this.kernel.now;
    const { steps } = this.kernel;
    try {
      const given = this.#plan.body(this.#sim, module);
      return handlersOf(isThenable(given) ? await given : given, this.#plan);
    } catch (error) {
      if (error instanceof WorldError) throw error;
      const isFirst = this.kernel.now === startMs && this.kernel.steps === steps;
      if (isFirst && !isAssertion(error)) throw mistakeOf('the body threw', error);
      this.#failed('body', 'body', error);
      return new Map();
    }
  }

  async #operate(operation: Abortable, kind: string, values: object): Promise<void> {
    if (this.#handlers === undefined) {
      const started = this.#test.signal();
      this.#started.push(started);
      await started.wait();
    }
    const handler = this.#handlers?.get(kind);
    if (handler === undefined) return;
    const { key } = operation;
    try {
      await handler(operation.given(values));
      if (!this.#failedSoftly(key, kind)) this.emit({ kind: 'returned', op: key });
    } catch (error) {
      if (error instanceof WorldError) throw error;
      if (operation.explains(error)) this.emit({ kind: 'aborted', op: key });
      else this.#failed(key, kind, error);
    } finally {
      operation.end();
    }
  }

  async #runMain(node: string, main: NodeMain<unknown>, incarnation: Incarnation): Promise<void> {
    await this.#attempt(node, node, async () => main(await this.#evaluate(), incarnation));
  }

  async #attempt(op: string, kind: string, act: () => unknown): Promise<void> {
    try {
      await act();
      this.#failedSoftly(op, kind);
    } catch (error) {
      if (error instanceof WorldError) throw error;
      this.#failed(op, kind, error);
    }
  }

  async #evaluate(): Promise<unknown> {
    const { module, site } = this.#plan;
    try {
      const exports = module?.evaluate();
      return exports instanceof Promise ? await exports : exports;
    } catch (error) {
      throw mistakeIn(site, `load: the module threw while it was evaluated: ${describeError(error)}`);
    }
  }

  /** Whether an expectation has failed since the last look that threw nothing. */
  #failedSoftly(op: string, kind: string): boolean {
    const { assertions } = this.#plan;
    if (assertions === undefined || assertions.softErrorCount <= this.#softErrors) return false;
    const [error] = assertions.softErrors(this.#softErrors);
    this.#softErrors = assertions.softErrorCount;
    this.#failed(op, kind, error);
    return true;
  }

  #failed(op: string, kind: string, error: unknown): void {
    const failure = failureOf(op, kind, error);
    this.view.failures.push(failure);
    this.emit({ kind: 'failed', op, what: failure.what });
  }

  #broken(op: string, error: unknown): void {
    const failure = failureOf(op, op, error);
    this.view.failures.push(failure);
    this.emit({ kind: 'broken', op, what: failure.what });
  }

  #spawn(role: string, name: Name, act: () => Promise<void>, owesEnd = true): SimTask {
    const task = this.#test.spawn(role, act, name, { owesEnd });
    this.#owners.add(role, name, task);
    return task;
  }

  /** One that waits for others owes an end if there are enough of them. */
  #owesEnd(kind: string): boolean {
    const { mayWait = false, needs } = this.#plan.operations[kind] ?? {};
    if (mayWait) return false;
    if (typeof needs !== 'string') return true;
    const { workload } = this.#scenario;
    const count = (wanted: (other: string) => boolean): number => workload.filter((each) => wanted(each.kind)).length;
    return count((other) => other === needs) >= count((other) => this.#plan.operations[other]?.needs === needs);
  }

  #strikeNode(node: string): void {
    const { kernel } = this;
    const { operations } = this.#plan;
    const where = rootName.child('node', node);
    const draw = (name: Name, bound: number): number => kernel.draw(name, bound);
    for (const fault of drawNodeFaults(node, this.#scenario.config, where, draw, kernel.now, horizonMs(operations))) {
      this.#countsSteps ||= typeof fault.at !== 'number';
      this.#harness.strike(fault);
    }
  }

  /** Whether there was something that it struck. */
  #strike(fault: NodeFault): boolean {
    const node = this.#nodes.get(fault.node);
    const group = fault.node === TEST_NODE ? this.#test : node?.group;
    if (group === undefined || group.killed) return false;
    switch (fault.kind) {
      case 'node-crash':
        node?.crash();
        break;
      case 'node-pause':
        node?.pause();
        break;
      case 'timer-late':
        this.late(fault.node, group, fault.forMs);
        break;
      case 'clock-jump':
        this.jump(fault.node, group, fault.byMs);
        break;
    }
    return true;
  }

  late(node: string, group: Group, forMs: number): void {
    this.kernel.lagTimers(group, forMs);
    this.emit({ kind: 'late', node, forMs });
  }

  jump(node: string, group: Group, byMs: number): void {
    group.shiftWallClock(byMs);
    this.emit({ kind: 'jumped', node, byMs });
  }

  /** Whether something was down or paused. */
  #bringUp(): boolean {
    let brought = false;
    for (const node of this.#nodes.values()) {
      if (node.up) continue;
      brought = true;
      node.resume();
      node.restart();
    }
    return brought;
  }
}

function isThenable(given: unknown): given is PromiseLike<unknown> {
  return typeof given === 'object' && given !== null && 'then' in given && typeof given.then === 'function';
}
