/**
 * How a mesh scenario becomes simpler without losing operations or faults: fewer nodes, usual limits, times closer
 * together, plainer actions and faults. Shrinking tries these edits one by one and keeps those that still show the bug.
 */
import type { MeshOsAction } from '../../src/action/action.ts';
import type { Keyed, Scenario, ScenarioEdit } from '../world.ts';
import { keepNodes, nodesUsed } from './renumber.ts';
import type { MeshConfig, MeshFault, MeshOperation } from './scenario.ts';

type MeshScenario = Scenario<MeshConfig, MeshOperation, MeshFault>;
type Edit = ScenarioEdit<MeshConfig, MeshOperation, MeshFault>;
type Operation = Keyed & MeshOperation;
type Fault = Keyed & MeshFault;

/** What a reader would not have to think about: the defaults of control-plane.md, and no chance in durations. */
const USUAL: Omit<MeshConfig, 'nodes' | 'codecs' | 'backends'> = {
  inboxCapacity: 1024,
  queueCapacity: 1024,
  pullCooldownMs: 250,
  drainRatePerSec: 10,
  stabilizationMs: 60000,
  backpressureOn: 1000,
  backpressureOff: 200,
  maxDefers: 16,
  recentFailures: 256,
  logRing: 2048,
  auditRing: 256,
  failureChain: 4096,
  logChain: 16384,
  auditChain: 4096,
  dispatch: { minMs: 0, maxMs: 0 },
  network: { minMs: 1, maxMs: 1 },
  sync: { minMs: 0, maxMs: 0 },
  syncEveryMs: 0,
  reRequestMs: 500,
  broadcastTimeoutMs: 5000,
  answer: { minMs: 1, maxMs: 1 },
  epochMs: 0,
};

/** The plainest action there is: admitted at once, with no window of its own. */
const PLAIN_ACTION: MeshOsAction = { kind: 'reduce_heat', blob: 1n, by: 1 };

export function* meshEdits(scenario: MeshScenario): Generator<Edit> {
  yield (current) => keepNodes(current, nodesUsed(current));
  for (let node = scenario.config.nodes; node >= 1; node -= 1) yield (current) => withoutNode(current, node);
  yield* configEdits(scenario);
  for (const { key } of scenario.faults) for (const edit of FAULT_EDITS) yield onFault(key, edit);
  for (const { key } of scenario.workload) for (const edit of OPERATION_EDITS) yield onOperation(key, edit);
  yield* timeEdits(scenario);
}

function withoutNode(scenario: MeshScenario, node: number): MeshScenario | null {
  if (scenario.config.nodes === 1 || nodesUsed(scenario).has(node)) return null;
  const kept = new Set(scenario.config.codecs.map((_codec, index) => index + 1));
  kept.delete(node);
  return keepNodes(scenario, kept);
}

function* configEdits({ config }: MeshScenario): Generator<Edit> {
  yield (current) => withConfig(current, { ...current.config, ...USUAL });
  for (const [field, usual] of Object.entries(USUAL)) {
    yield (current) => withConfig(current, { ...current.config, [field]: usual });
  }
  yield (current) => withConfig(current, { ...current.config, codecs: current.config.codecs.map(() => 'postcard') });
  for (let backends = 0; backends < config.backends; backends += 1) {
    yield (current) => (backends < current.config.backends ? withConfig(current, { ...current.config, backends }) : null);
  }
  for (const range of ['dispatch', 'network', 'sync', 'answer'] as const) {
    yield (current) => {
      const { minMs } = current.config[range];
      return withConfig(current, { ...current.config, [range]: { minMs, maxMs: minMs } });
    };
  }
}

function withConfig(scenario: MeshScenario, config: MeshConfig): MeshScenario | null {
  if (config.backpressureOff >= config.backpressureOn) return null;
  return same(config, scenario.config) ? null : { ...scenario, config };
}

function onFault(key: string, edit: (fault: Fault) => Fault | null): Edit {
  return (scenario) => {
    const fault = scenario.faults.find((candidate) => candidate.key === key);
    const simpler = fault === undefined ? null : edit(fault);
    if (simpler === null || same(simpler, fault)) return null;
    return { ...scenario, faults: scenario.faults.map((candidate) => (candidate.key === key ? simpler : candidate)) };
  };
}

function onOperation(key: string, edit: (operation: Operation) => Operation | null): Edit {
  return (scenario) => {
    const operation = scenario.workload.find((candidate) => candidate.key === key);
    const simpler = operation === undefined ? null : edit(operation);
    if (simpler === null || same(simpler, operation)) return null;
    return {
      ...scenario,
      workload: scenario.workload.map((candidate) => (candidate.key === key ? simpler : candidate)),
    };
  };
}

const FAULT_EDITS: readonly ((fault: Fault) => Fault | null)[] = [
  (fault) => ('percent' in fault ? { ...fault, percent: 100 } : null),
  (fault) =>
    'target' in fault && 'percent' in fault.target ? { ...fault, target: { ...fault.target, percent: 100 } } : null,
  (fault) => ('reason' in fault && fault.kind !== 'backend-fail' ? { ...fault, reason: 'down' } : null),
  (fault) => ('hintMs' in fault && fault.hintMs > 1 ? { ...fault, hintMs: fault.hintMs >> 1 } : null),
  (fault) => ('extraMs' in fault && fault.extraMs > 1 ? { ...fault, extraMs: fault.extraMs >> 1 } : null),
  (fault) => ('forMs' in fault && fault.forMs > 1 ? { ...fault, forMs: fault.forMs >> 1 } : null),
  (fault) => ('forMs' in fault && fault.forMs > 1000 ? { ...fault, forMs: fault.forMs - (fault.forMs % 1000) } : null),
  (fault) => fewerActions(fault, (count) => count >> 1),
  (fault) => fewerActions(fault, (count) => count - 1),
  (fault) =>
    fault.kind === 'queue-burst' ? { ...fault, actions: fault.actions.map(() => PLAIN_ACTION) } : null,
];

function fewerActions(fault: Fault, to: (count: number) => number): Fault | null {
  if (fault.kind !== 'queue-burst' || fault.actions.length < 2) return null;
  return { ...fault, actions: fault.actions.slice(0, Math.max(1, to(fault.actions.length))) };
}

const OPERATION_EDITS: readonly ((operation: Operation) => Operation | null)[] = [
  (operation) => (operation.kind === 'submit' ? { ...operation, action: PLAIN_ACTION } : null),
  (operation) => (operation.kind === 'submit' ? { ...operation, action: plainer(operation.action) } : null),
  (operation) => ('forMs' in operation && operation.forMs > 1 ? { ...operation, forMs: operation.forMs >> 1 } : null),
  (operation) =>
    operation.kind === 'log' ? { ...operation, message: 'm', level: 'info', daemonId: null } : null,
  (operation) =>
    operation.kind === 'admin'
      ? { ...operation, operator: 'o', operation: 'p', outcome: 'accepted' }
      : null,
  (operation) =>
    operation.kind === 'broadcast'
      ? { ...operation, operation: { kind: 'quiesce', reason: 'maintenance' } }
      : null,
];

/** The same kind of action with small values. */
function plainer(action: MeshOsAction): MeshOsAction {
  switch (action.kind) {
    case 'pull_replica':
      return { ...action, chain: 1n, source: 1n };
    case 'drop_replica':
      return { ...action, chain: 1n };
    case 'migrate_blob':
      return { ...action, blob: 1n, from: 1n, to: 2n };
    case 'start_daemon':
      return { ...action, daemon: { id: 1n, name: 'd' } };
    case 'stop_daemon':
      return { ...action, daemon: { id: 1n, name: 'd' }, reason: 'r', deadlineMs: 0 };
    case 'apply_backoff':
      return { ...action, daemon: { id: 1n, name: 'd' }, untilMs: 0 };
    default:
      return action;
  }
}

/** Brings what follows a pause nearer, the whole pause or half of it. */
function* timeEdits(scenario: MeshScenario): Generator<Edit> {
  const pauses = timesOf(scenario).length;
  for (let nth = 0; nth < pauses; nth += 1) {
    yield (current) => closer(current, nth, (gap) => gap);
    yield (current) => closer(current, nth, (gap) => gap >> 1);
  }
}

function timesOf({ workload, faults }: MeshScenario): readonly number[] {
  return [...new Set([...workload, ...faults].map(({ at }) => at))].sort((a, b) => a - b);
}

function closer(scenario: MeshScenario, nth: number, by: (gapMs: number) => number): MeshScenario | null {
  const times = timesOf(scenario);
  const from = times[nth];
  if (from === undefined) return null;
  const shift = by(from - (times[nth - 1] ?? 0));
  if (shift <= 0) return null;
  const moved = <T extends Keyed>(item: T): T => (item.at >= from ? { ...item, at: item.at - shift } : item);
  return { ...scenario, workload: scenario.workload.map(moved), faults: scenario.faults.map(moved) };
}

/** One value changed to another that should do as well, if it does not matter. */
export function* meshVariations(scenario: MeshScenario): Generator<{ value: string; scenario: MeshScenario }> {
  const { config } = scenario;
  for (const [field, value] of Object.entries(config)) {
    if (field === 'nodes' || typeof value !== 'number') continue;
    for (const other of [value * 2 + 1, value >> 1]) {
      const varied = other === value ? null : withConfig(scenario, { ...config, [field]: other });
      if (varied !== null) yield { value: `config.${field}`, scenario: varied };
    }
  }
  for (const item of [...scenario.workload, ...scenario.faults]) {
    for (const at of [item.at + 7, item.at + 250]) yield { value: `${item.key}.at`, scenario: movedTo(scenario, item.key, at) };
  }
  for (const { key, kind } of scenario.workload) {
    if (kind !== 'submit') continue;
    const others: readonly MeshOsAction[] = [PLAIN_ACTION, { kind: 'mark_avoid', peer: 2n, reason: 'slow', ttlMs: 10 }];
    for (const action of others) {
      const varied = onOperation(key, (found) => (found.kind === 'submit' ? { ...found, action } : null))(scenario);
      if (varied !== null) yield { value: `${key}.action`, scenario: varied };
    }
  }
}

function movedTo(scenario: MeshScenario, key: string, at: number): MeshScenario {
  const moved = <T extends Keyed>(item: T): T => (item.key === key ? { ...item, at } : item);
  return {
    ...scenario,
    workload: scenario.workload.map(moved).sort((a, b) => a.at - b.at),
    faults: scenario.faults.map(moved),
  };
}

/** Whether two values of a scenario say the same. */
function same(a: unknown, b: unknown): boolean {
  return text(a) === text(b);
}

function text(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
}
