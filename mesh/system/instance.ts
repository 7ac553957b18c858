/** One mesh on the virtual clock: nodes, network and faults of a scenario, and what the scenario does to them. */

import type { SimDisk } from '../../sim/cluster/disk.ts';
import { type ActiveFault, ActiveFaults } from '../../sim/faults/active.ts';
import type { Handlers } from '../../sim/invariant/invariant.ts';
import type { Name } from '../../sim/kernel/choices/name.ts';
import type { TraceValue } from '../../sim/kernel/trace/trace.ts';
import type { Harness, Instance, Keyed, KeyedFault, Scenario } from '../../sim/world.ts';
import type { NodeInput } from '../../src/node/ports.ts';
import type { MeshEvent } from '../events.ts';
import { createMarks } from '../marks/marks.ts';
import type { MeshConfig, MeshFault, MeshOperation, MeshSemantics } from '../scenario/scenario.ts';
import type { MeshView } from '../view.ts';
import { LiveMeshView } from './live-view.ts';
import { SimNetwork } from './network.ts';
import { NodeProcess } from './node-process.ts';

type MeshScenario = Scenario<MeshConfig, MeshOperation, MeshFault>;

/** Share of crashes that cut a log exactly between two entries, where few bytes of all those in question lie. */
const BETWEEN_PERCENT = 35;

export class MeshInstance implements Instance<MeshOperation, MeshFault, MeshView, MeshEvent> {
  readonly view: MeshView;
  /** Say when a mark is reached. */
  readonly observers: Handlers<MeshEvent>;
  readonly #harness: Harness<MeshEvent>;
  readonly #faults: ActiveFaults;
  readonly #processes: readonly NodeProcess[];
  /** Nodes that a fault keeps down or paused, and endpoints that one keeps dead, by the fault's key. */
  readonly #held = new Set<string>();

  constructor(scenario: MeshScenario, semantics: MeshSemantics, harness: Harness<MeshEvent>) {
    const { config } = scenario;
    this.#harness = harness;
    this.observers = createMarks(
      (mark) => harness.mark(mark),
      () => harness.kernel.now,
      config,
    );
    this.#faults = new ActiveFaults((fault) => {
      harness.injected(fault.key);
      this.#emit({ kind: 'injected', fault: fault.key, of: fault.kind });
    });
    const { kernel } = harness;
    const network = new SimNetwork({
      kernel,
      faults: this.#faults,
      latency: config.network,
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
    switch (fault.kind) {
      case 'node-crash':
        this.#crash(fault, (disk, chain) => this.#anyCut(disk, chain, name));
        break;
      case 'log-torn-tail':
        this.#tornTail(fault, name);
        break;
      case 'node-pause':
        this.#pause(fault);
        break;
      case 'clock-jump':
        this.#process(fault.node).jumpClock(fault.byMs);
        this.#faults.struck(fault);
        break;
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
          this.#held.add(fault.key);
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
    if (this.#held.delete(fault.key)) {
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

  #crash(fault: ActiveFault & { readonly node: number }, cut: (disk: SimDisk, chain: number) => number): void {
    if (!this.#process(fault.node).crash(cut)) return;
    this.#held.add(fault.key);
    this.#faults.struck(fault);
  }

  /** Anywhere after the last finished sync, at any byte, but for a share of the cuts that fall between two writes. */
  #anyCut(disk: SimDisk, chain: number, name: Name): number {
    const { kernel } = this.#harness;
    const unsynced = disk.written - disk.synced;
    if (unsynced === 0) return disk.written;
    const cut = name.child('cut', chain);
    if (kernel.draw(cut.child('between'), 100) < BETWEEN_PERCENT) {
      const whole = disk.wholeCuts();
      const length = whole[kernel.draw(cut.child('whole').child('of', whole.length), whole.length)];
      if (length === undefined) throw new RangeError('a draw beyond its bound');
      return length;
    }
    return disk.synced + kernel.draw(cut.child('of', unsynced), unsynced + 1);
  }

  /** Inside an entry of the node's own log, where it has one that is not synced; the copies are cut anywhere. */
  #tornTail(fault: ActiveFault & { readonly node: number; readonly kind: 'log-torn-tail' }, name: Name): void {
    const { kernel } = this.#harness;
    const process = this.#process(fault.node);
    let torn = false;
    const crashed = process.crash((disk, chain) => {
      const tears = chain === fault.node ? disk.tornCuts() : [];
      if (tears.length === 0) return this.#anyCut(disk, chain, name);
      const tear = tears[kernel.draw(name.child('entry').child('of', tears.length), tears.length)];
      if (tear === undefined) throw new RangeError('a draw beyond its bound');
      torn = true;
      return tear.from + kernel.draw(name.child('tear').child('of', tear.to - tear.from), tear.to - tear.from + 1);
    });
    if (!crashed) return;
    this.#held.add(fault.key);
    if (torn) this.#faults.struck(fault);
  }

  #pause(fault: ActiveFault & { readonly node: number }): void {
    const process = this.#process(fault.node);
    if (!process.current.up) return;
    process.pause();
    this.#held.add(fault.key);
    this.#faults.struck(fault);
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
  #release(fault: KeyedFault & MeshFault): void {
    switch (fault.kind) {
      case 'node-crash':
      case 'log-torn-tail':
        this.#process(fault.node).restart();
        break;
      case 'node-pause':
        this.#process(fault.node).resume();
        break;
      case 'backend-dead':
        this.#process(fault.node).current.setLive(fault.key, fault.backend, true);
        break;
      default:
        throw new Error(`${fault.kind} holds nothing down`);
    }
  }
}
