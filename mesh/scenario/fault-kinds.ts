/** Every kind of fault there is in the mesh, in the order of reports. */
import type { MeshFaultKind } from './scenario.ts';

const IS_FAULT: { readonly [K in MeshFaultKind]: true } = {
  'dispatch-error': true,
  'dispatch-retry': true,
  'dispatch-panic': true,
  'dispatch-slow': true,
  'hook-throw': true,
  'append-error': true,
  'sync-slow': true,
  'wire-version': true,
  'wire-damage': true,
  'link-loss': true,
  'link-duplicate': true,
  'link-reorder': true,
  'link-delay': true,
  partition: true,
  'node-crash': true,
  'node-pause': true,
  'clock-jump': true,
  'queue-burst': true,
  'queue-close': true,
  'log-torn-tail': true,
  'backend-dead': true,
  'backend-slow': true,
  'backend-fail': true,
  'backend-replace': true,
};

export const FAULT_KINDS: readonly string[] = Object.keys(IS_FAULT);
