/** Every kind of fault of the mesh, in the order in which they are drawn and reported. */
import { LINK_KINDS } from '../../sim/faults/link/links.ts';
import { MACHINE_KINDS } from '../../sim/faults/machine/machines.ts';
import type { MeshFaultKind } from './scenario.ts';

/** Bursts come first, because dispatch faults are aimed at their actions. */
export const FAULT_KINDS: readonly MeshFaultKind[] = [
  'queue-burst',
  'dispatch-error',
  'dispatch-retry',
  'dispatch-panic',
  'dispatch-slow',
  'hook-throw',
  'append-error',
  'sync-slow',
  'wire-version',
  'wire-damage',
  ...LINK_KINDS.map(({ kind }) => kind),
  ...MACHINE_KINDS.map(({ kind }) => kind),
  'queue-close',
  'backend-dead',
  'backend-slow',
  'backend-fail',
  'backend-replace',
];
