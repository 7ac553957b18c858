/** Links between nodes, and the faults that strike messages on them. */
import type { Name } from '../../kernel/choices/name.ts';
import type { Stream } from '../../kernel/choices/streams.ts';
import { drawDuration, drawNode } from '../draw.ts';
import type { FaultContext, FaultDraft, FaultKind } from '../kind.ts';
import { drawCount, drawPercent, type Hardness } from '../swarm.ts';

/** A closed range of integer milliseconds to draw from. */
export interface RangeMs {
  readonly minMs: number;
  readonly maxMs: number;
}

/** Draws a length from a range; a range of one value draws nothing. `draw` gives 0 … bound - 1. */
export function drawMs({ minMs, maxMs }: RangeMs, draw: (bound: number) => number): number {
  return maxMs > minMs ? minMs + draw(maxMs - minMs + 1) : minMs;
}

/** A directed link. `percent` of its messages are struck. */
export interface LinkTarget {
  readonly from: number;
  readonly to: number;
  readonly percent: number;
}

/** Draws 0 … bound - 1. */
export type Draw = (name: Name, bound: number) => number;

/** What happens to a message; faults change it. */
export interface Flight {
  fate: 'sent' | 'lost' | 'cut';
  copies: number;
}

/** What happens to one copy of a message. */
export interface Passage {
  delayMs: number;
}

/**
 * A kind of link fault. Of each kind, a message is struck by the first fault at most. Kinds are tried in the order of their
 * list.
 */
export interface LinkFaultKind<F extends { readonly kind: string }, Plainer = F> extends FaultKind<F, Plainer> {
  /** Whether the fault is on this link. */
  isOn(fault: F, from: number, to: number): boolean;
  /** How many of a hundred messages are struck. At 100 nothing is drawn. */
  percentOf(fault: F): number;
  /** The longest delay that it adds to a message, in milliseconds. Absent: none. */
  longestMs?(fault: F): number;
  /** Called when a message is sent. */
  onSend?(flight: Flight, fault: F): void;
  /** Called when a copy of it sets out. */
  onPassage?(passage: Passage, fault: F, draw: Draw, where: Name): void;
}

/** Draws a directed link between two nodes. There must be at least two. */
export function drawLink(stream: Stream, hardness: Hardness, context: FaultContext): LinkTarget {
  const from = drawNode(stream, context);
  const step = stream.int(1, context.nodes - 1);
  return { from, to: ((from + step - 1) % context.nodes) + 1, percent: drawPercent(stream, hardness) };
}

/** Draws faults of links. None where there is only one node. */
export function drawOnLinks<F>(
  stream: Stream,
  hardness: Hardness,
  context: FaultContext,
  make: (link: LinkTarget, forMs: number) => F,
): FaultDraft<F>[] {
  const drafts: FaultDraft<F>[] = [];
  if (context.nodes === 1) return drafts;
  for (let count = drawCount(stream, hardness, 2); count > 0; count -= 1) {
    const link = drawLink(stream, hardness, context);
    drafts.push({ at: context.moment(stream), fault: make(link, drawDuration(stream, context)) });
  }
  return drafts;
}

/** What kinds share that strike a share of one link's messages. */
export function onOneLink<F extends LinkTarget>() {
  return {
    isOn: (fault: F, from: number, to: number): boolean => fault.from === from && fault.to === to,
    percentOf: (fault: F): number => fault.percent,
  };
}
