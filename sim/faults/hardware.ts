/** Faults of hardware that any world may have: links, disks and machines. */
import { type SyncSlow, syncSlow } from './disk/sync-slow.ts';
import { isLinkFault, LINK_KINDS, type LinkFault, linkKind } from './link/links.ts';
import { isMachineFault, MACHINE_KINDS, type MachineFault, machineKind } from './machine/machines.ts';

export type HardwareFault = LinkFault | SyncSlow | MachineFault;

/** In the order in which they are drawn and reported. */
export const HARDWARE_KINDS = [syncSlow, ...LINK_KINDS, ...MACHINE_KINDS] as const;

/**
 * A plainer fault that does the same, the one that most people would think of first. Null if the fault is that one already.
 * For shrinking.
 */
export function plainerHardware<F extends HardwareFault>(fault: F): HardwareFault | null {
  if (isLinkFault<HardwareFault>(fault)) return linkKind(fault.kind)?.plainer?.(fault) ?? null;
  if (isMachineFault<HardwareFault>(fault)) return machineKind(fault.kind)?.plainer?.(fault) ?? null;
  return null;
}

const KINDS: ReadonlySet<string> = new Set(HARDWARE_KINDS.map(({ kind }) => kind));

export function isHardware<F extends { readonly kind: string }>(
  fault: F,
): fault is Extract<F, { readonly kind: HardwareFault['kind'] }> {
  return KINDS.has(fault.kind);
}
