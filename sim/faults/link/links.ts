/** Every kind of fault of links. */
import type { LinkFaultKind } from './link.ts';
import { type LinkDelay, linkDelay } from './link-delay.ts';
import { type LinkDuplicate, linkDuplicate } from './link-duplicate.ts';
import { type LinkLoss, linkLoss } from './link-loss.ts';
import { type LinkReorder, linkReorder } from './link-reorder.ts';
import { type Partition, partition } from './partition.ts';

export type LinkFault = LinkLoss | LinkDuplicate | LinkReorder | LinkDelay | Partition;

/** In the order in which they are drawn and reported. */
export const LINK_KINDS = [linkLoss, linkDuplicate, linkReorder, linkDelay, partition] as const;

/** The order in which a message meets them: a message that is cut off cannot be lost, and a lost one has no copies. */
export const MET_BY_MESSAGES: readonly LinkFaultKind<LinkFault>[] = [
  partition,
  linkLoss,
  linkDuplicate,
  linkDelay,
  linkReorder,
];

const BY_KIND: ReadonlyMap<string, LinkFaultKind<LinkFault>> = new Map(
  MET_BY_MESSAGES.map((kind) => [kind.kind, kind]),
);

export function linkKind(kind: string): LinkFaultKind<LinkFault> | undefined {
  return BY_KIND.get(kind);
}

export function isLinkFault<F extends { readonly kind: string }>(
  fault: F,
): fault is Extract<F, { readonly kind: LinkFault['kind'] }> {
  return BY_KIND.has(fault.kind);
}

/**
 * How much later than without faults a message may arrive, in milliseconds. It is struck by one fault of each kind at most.
 */
export function longestExtraMs(faults: readonly { readonly kind: string }[]): number {
  const longest = new Map<string, number>();
  for (const fault of faults) {
    if (!isLinkFault<LinkFault | { readonly kind: string }>(fault)) continue;
    const ms = linkKind(fault.kind)?.longestMs?.(fault) ?? 0;
    longest.set(fault.kind, Math.max(ms, longest.get(fault.kind) ?? 0));
  }
  return [...longest.values()].reduce((sum, ms) => sum + ms, 0);
}
