/** One mesh on the virtual clock: nodes, network and faults of a scenario, and what the scenario does to them. */

import { strikeMachine } from '../../sim/cluster/machine.ts';
import { ActiveFaults } from '../../sim/faults/active.ts';
import { isMachineFault, machineKind } from '../../sim/faults/machine/machines.ts';
import type { Handlers } from '../../sim/invariant/invariant.ts';
import type { Name } from '../../sim/kernel/choices/name.ts';
import type { TraceValue } from '../../sim/kernel/trace/trace.ts';
import type { Harness, Instance, Keyed, KeyedFault, Scenario } from '../../sim/world.ts';
import type { NodeInput } from '../../src/node/ports.ts';
import type { MeshEvent } from '../events.ts';
import { createMarks } from '../marks/marks.ts';
import type { ActiveFault, MeshConfig, MeshFault, MeshOperation, MeshSemantics } from '../scenario/scenario.ts';
import type { MeshView } from '../view.ts';
import { meshLinks } from './links.ts';
import { LiveMeshView } from './live-view.ts';
import { NodeProcess } from './node-process.ts';

type MeshScenario = Scenario<MeshConfig, MeshOperation, MeshFault>;

export class MeshInstance implements Instance<MeshOperation, MeshFault, MeshView, MeshEvent> {
  readonly view: MeshView;
  /** Say when a mark is reached. */
  readonly observers: Handlers<MeshEvent>;
  readonly #harness: Harness<MeshEvent>;
  readonly #faults: ActiveFaults<ActiveFault>;
  readonly #processes: readonly NodeProcess[];

  constructor(scenario: MeshScenario, semantics: MeshSemantics, harness: Harness<MeshEvent>) {
    const { config } = scenario;
    this.#harness = harness;
    this.observers = createMarks(
      (mark) => harness.mark(mark),
      () => harness.kernel.now,
      config,
    );
    const { kernel } = harness;
    this.#faults = new ActiveFaults(kernel.draw.bind(kernel), (fault) => {
      harness.injected(fault.key);
      this.#emit({ kind: 'injected', fault: fault.key, of: fault.kind });
    });
    const network = meshLinks({
      kernel,
      faults: this.#faults,
      config,
      emit: (event) => harness.emit(event),
      accept: (to, delivery) => this.#process(to).current.accept(delivery),
    });
    const cluster = {
      config,
      semantics,
      kernel,
      faults: this.#faults,
      emit: (event: MeshEvent) => harness.emit(event),
      send: network.send.bind(network),
    };
    this.#processes = config.codecs.map((_codec, index) => new NodeProcess(cluster, index + 1));
    this.view = new LiveMeshView(scenario, semantics, this.#processes);
  }

  start(): void {
    for (const process of this.#processes) process.boot();
  }

  apply(operation: Keyed & MeshOperation, _name: Name): void {
    const { key, node } = operation;
    const { current } = this.#process(node);
    switch (operation.kind) {
      case 'submit':
        current.offer(key, { kind: 'submit', action: operation.action });
        break;
      case 'gate-daemon':
        current.offer(key, {
          kind: 'gate-daemon',
          daemon: operation.daemon,
          untilMs: this.#harness.kernel.now + operation.forMs,
        });
        break;
      case 'log':
        current.offer(key, {
          kind: 'log',
          level: operation.level,
          daemonId: operation.daemonId,
          message: operation.message,
        });
        break;
      case 'admin':
        current.offer(key, {
          kind: 'admin',
          operator: operation.operator,
          operation: operation.operation,
          outcome: operation.outcome,
        });
        break;
      case 'broadcast':
        current.broadcast(key, operation);
        break;
      case 'register-backend':
        current.register(key, operation.backend, operation.live);
        break;
      case 'set-backend-live':
        current.setLive(key, operation.backend, operation.live);
        break;
      case 'close-queue':
        current.closeQueue();
        break;
    }
  }

  inject(fault: KeyedFault & MeshFault, name: Name): void {
    this.#emit({ kind: 'fault', fault: fault.key, of: fault.kind, phase: 'begin' });
    if (isMachineFault(fault)) {
      strikeMachine(this.#process(fault.node).machine, this.#faults, fault, this.#harness.kernel, name);
      return;
    }
    switch (fault.kind) {
      case 'queue-burst':
        this.#burst(fault.key, fault.node, fault.actions);
        this.#faults.struck(fault);
        break;
      case 'queue-close':
        this.#closeQueue(fault);
        break;
      case 'backend-dead':
        if (this.#process(fault.node).current.setLive(fault.key, fault.backend, false)) {
          this.#faults.struck(fault);
          this.#faults.hold(fault);
        }
        break;
      case 'backend-replace':
        if (this.#process(fault.node).current.up) {
          this.#process(fault.node).current.register(fault.key, fault.backend, true);
          this.#faults.struck(fault);
        }
        break;
      default:
        this.#faults.begin(fault);
        if (fault.kind === 'wire-version') this.#versionsChanged(fault);
    }
  }

  heal(fault: KeyedFault & MeshFault): void {
    if (this.#faults.release(fault)) {
      this.#release(fault);
      this.#emit({ kind: 'fault', fault: fault.key, of: fault.kind, phase: 'end' });
      return;
    }
    if (!this.#faults.end(fault)) return;
    if (fault.kind === 'wire-version') this.#process(fault.node).current.versionsChanged();
    this.#emit({ kind: 'fault', fault: fault.key, of: fault.kind, phase: 'end' });
  }

  settle(boundMs: number): void {
    this.#emit({ kind: 'settle', boundMs });
  }

  drained(): boolean {
    return this.#processes.every((process) => process.drained && this.#converged(process));
  }

  waiting(): readonly string[] {
    return this.#processes.flatMap((process) => {
      const waits = [...process.waiting()];
      if (!this.#converged(process)) waits.push(`copies of n${process.node}'s chain differ in length`);
      return waits;
    });
  }

  close(waiting: readonly string[]): void {
    this.#emit({ kind: 'settled', drained: waiting.length === 0, waiting });
    for (const process of this.#processes) process.current.stopOrderly();
  }

  ended(): boolean {
    return this.#processes.every((process) => process.current.ended);
  }

  finalState(): readonly TraceValue[] {
    return this.#processes.flatMap((process) => process.finalState());
  }

  #emit(event: MeshEvent): void {
    this.#harness.emit(event);
  }

  #process(node: number): NodeProcess {
    const process = this.#processes[node - 1];
    if (process === undefined) throw new RangeError(`there is no node ${node}`);
    return process;
  }

  /** Whether every other node holds as many durable entries of this node's chain as the node itself. */
  #converged(writer: NodeProcess): boolean {
    const index = writer.node - 1;
    const length = writer.disks[index]?.synced;
    return this.#processes.every((process) => process.disks[index]?.synced === length);
  }

  #burst(key: string, node: number, actions: readonly (NodeInput & { kind: 'submit' })['action'][]): void {
    const { current } = this.#process(node);
    actions.forEach((action, index) => {
      current.offer(`${key}/${index + 1}`, { kind: 'submit', action });
    });
  }

  #closeQueue(fault: ActiveFault & { readonly node: number }): void {
    const { current } = this.#process(fault.node);
    if (!current.up) return;
    current.closeQueue();
    this.#faults.struck(fault);
  }

  #versionsChanged(fault: ActiveFault & { readonly node: number }): void {
    this.#process(fault.node).current.versionsChanged();
    this.#faults.struck(fault);
  }

  /** Undoes a fault that holds something down. */
  #release(fault: ActiveFault): void {
    if (isMachineFault(fault)) machineKind(fault.kind)?.release?.(this.#process(fault.node).machine);
    else if (fault.kind === 'backend-dead') this.#process(fault.node).current.setLive(fault.key, fault.backend, true);
    else throw new Error(`${fault.kind} holds nothing down`);
  }
}
