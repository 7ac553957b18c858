/** Faults of a plainer kind, that strike always instead of sometimes, last shorter and say less. */

import { allAlong, plainer, SHORTER } from '../../sim/faults/edits.ts';
import { isHardware } from '../../sim/faults/hardware.ts';
import type { DispatchTarget } from '../scenario/scenario.ts';
import { type Edit, type Fault, type MeshScenario, onFault } from './edit.ts';
import { PLAIN_ACTION, plainer as plainerAction } from './operations.ts';

export function* faultEdits({ faults }: MeshScenario): Generator<Edit> {
  for (const { key } of faults) {
    yield (current) => asLog(current, key);
    for (const edit of EDITS) yield onFault(key, edit);
    yield (current) => burstAsSubmit(current, key);
  }
}

/** Where faults strike operations by key, the key may have to change. */
function retargeted(fault: Fault, from: string, to: string): Fault {
  if (!('target' in fault) || !('op' in fault.target) || fault.target.op !== from) return fault;
  return { ...fault, target: { ...fault.target, op: to } };
}

/** If all that matters of a fault is that the run goes on until it ends, an operation at that time does as well. */
function asLog(scenario: MeshScenario, key: string): MeshScenario | null {
  const fault = scenario.faults.find((candidate) => candidate.key === key);
  if (fault === undefined || fault.kind === 'queue-burst' || typeof fault.at !== 'number') return null;
  const at = fault.at + ('forMs' in fault ? fault.forMs : 0);
  return asOperation(scenario, fault, { key, at, kind: 'log', node: 1, level: 'info', daemonId: null, message: 'm' });
}

/** A burst of one is an operation. */
function burstAsSubmit(scenario: MeshScenario, key: string): MeshScenario | null {
  const burst = scenario.faults.find((fault) => fault.key === key);
  if (burst?.kind !== 'queue-burst' || burst.actions.length !== 1 || typeof burst.at !== 'number') return null;
  const [action = PLAIN_ACTION] = burst.actions;
  const plain = asOperation(scenario, burst, { key, at: burst.at, kind: 'submit', node: burst.node, action });
  return { ...plain, faults: plain.faults.map((fault) => retargeted(fault, `${key}/1`, key)) };
}

function asOperation(scenario: MeshScenario, fault: Fault, operation: MeshScenario['workload'][number]): MeshScenario {
  return {
    ...scenario,
    workload: [...scenario.workload, operation].sort((a, b) => a.at - b.at),
    faults: scenario.faults.filter((other) => other !== fault),
  };
}

const EDITS: readonly ((fault: Fault) => Fault | null)[] = [
  plainerKind,
  (fault) => ('percent' in fault ? { ...fault, percent: 100 } : null),
  (fault) => onTarget(fault, (target) => ('percent' in target ? { ...target, percent: 100 } : target)),
  (fault) => onTarget(fault, (target) => ('times' in target ? { ...target, times: 1 } : target)),
  (fault) =>
    onTarget(fault, (target) => ('times' in target ? { ...target, times: Math.max(1, target.times >> 1) } : target)),
  (fault) => ('reason' in fault && fault.kind !== 'backend-fail' ? { ...fault, reason: 'down' } : null),
  (fault) => ('hintMs' in fault && fault.hintMs > 1 ? { ...fault, hintMs: fault.hintMs >> 1 } : null),
  (fault) => ('extraMs' in fault && fault.extraMs > 1 ? { ...fault, extraMs: fault.extraMs >> 1 } : null),
  (fault) => ('delayMs' in fault && fault.delayMs > 1 ? { ...fault, delayMs: fault.delayMs >> 1 } : null),
  (fault) => (fault.kind === 'wire-version' ? { ...fault, version: 2 } : null),
  (fault) => (fault.kind === 'wire-version' && fault.side === 'both' ? { ...fault, side: 'writer' } : null),
  (fault) => (fault.kind === 'wire-damage' ? { ...fault, damage: 'truncate' } : null),
  (fault) => (fault.kind === 'backend-dead' ? null : allAlong(fault)),
  ...SHORTER,
  (fault) => fewerActions(fault, (count) => count >> 1),
  (fault) => fewerActions(fault, (count) => count - 1),
  (fault) => (fault.kind === 'queue-burst' ? { ...fault, actions: fault.actions.map(() => PLAIN_ACTION) } : null),
  (fault) => (fault.kind === 'queue-burst' ? { ...fault, actions: fault.actions.map(plainerAction) } : null),
];

/** What most people would think of first, among the faults with the same kind of effect. */
function plainerKind(fault: Fault): Fault | null {
  const { key, at } = fault;
  switch (fault.kind) {
    case 'dispatch-retry':
    case 'dispatch-panic':
      return { key, at, kind: 'dispatch-error', target: fault.target, forMs: fault.forMs, reason: 'down' };
    default:
      return isHardware(fault) ? plainer(fault) : null;
  }
}

function onTarget(fault: Fault, edit: (target: DispatchTarget) => DispatchTarget): Fault | null {
  return 'target' in fault ? { ...fault, target: edit(fault.target) } : null;
}

function fewerActions(fault: Fault, to: (count: number) => number): Fault | null {
  if (fault.kind !== 'queue-burst' || fault.actions.length < 2) return null;
  return { ...fault, actions: fault.actions.slice(0, Math.max(1, to(fault.actions.length))) };
}
