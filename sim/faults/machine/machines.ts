/** Every kind of fault that strikes a machine at an instant. */
import { type ClockJump, clockJump } from './clock-jump.ts';
import { type LogTornTail, logTornTail } from './log-torn-tail.ts';
import type { MachineFaultKind } from './machine.ts';
import { type NodeCrash, nodeCrash } from './node-crash.ts';
import { type NodePause, nodePause } from './node-pause.ts';

export type MachineFault = NodeCrash | LogTornTail | NodePause | ClockJump;

export const MACHINE_KINDS = [nodeCrash, logTornTail, nodePause, clockJump] as const;

const BY_KIND: ReadonlyMap<string, MachineFaultKind<MachineFault>> = new Map(
  MACHINE_KINDS.map((kind): [string, MachineFaultKind<MachineFault>] => [kind.kind, kind]),
);

export function machineKind(kind: string): MachineFaultKind<MachineFault> | undefined {
  return BY_KIND.get(kind);
}

export function isMachineFault<F extends { readonly kind: string }>(
  fault: F,
): fault is Extract<F, { readonly kind: MachineFault['kind'] }> {
  return BY_KIND.has(fault.kind);
}
