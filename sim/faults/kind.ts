/**
 * What a kind of fault is. Each has one file with all there is to say of it: its fields in a scenario, how a run draws it,
 * how it is made simpler, and what it does to the hardware it strikes. The lists of kinds (`link/links.ts`,
 * `machine/machines.ts`) are all that names them, so a new one needs its file, its test and a line in its list.
 */
import type { Stream } from '../kernel/choices/streams.ts';
import type { FaultParts } from './parts.ts';
import type { Hardness } from './swarm.ts';

/** A fault of the scenario that is on. */
export interface Active {
  readonly key: string;
}

/** A fault before it has a key. */
export interface FaultDraft<Fault> {
  /** Virtual milliseconds. */
  readonly at: number;
  readonly fault: Fault;
}

/** A node, and a time during which it can be struck. */
export interface Strike {
  readonly node: number;
  readonly at: number;
  readonly forMs: number;
}

/** What there is to go wrong in a run, for kinds to draw from. */
export interface FaultContext {
  /** Nodes are numbered from 1. */
  readonly nodes: number;
  /** Faults last no longer. */
  readonly windowMaxMs: number;
  /** Unix milliseconds of virtual time 0. */
  readonly epochMs: number | bigint;
  /** Delays of messages and of syncs at which something may change: just before, at and after a time-out, say. */
  readonly messageDelaysMs: readonly number[];
  readonly syncDelaysMs: readonly number[];
  /** When something goes wrong. */
  moment(stream: Stream): number;
  /** What is struck, when, and for how long. */
  strike(stream: Stream): Strike;
}

/** One kind of fault; `F` is what a scenario says of it, `Plainer` what it may become when it is made simpler. */
export interface FaultKind<F extends { readonly kind: string }, Plainer = F> {
  readonly kind: F['kind'];
  /** What a scenario file says of it, as a zod object; called only where files are read or written. */
  schema(parts: FaultParts): object;
  /** Draws the faults of a run. */
  draw(stream: Stream, hardness: Hardness, context: FaultContext): FaultDraft<F>[];
  /** One that people would think of first and that does the same, of another kind if need be; for shrinking. */
  plainer?(fault: F): Plainer;
  /** Whether it takes effect at an instant and then holds something down, so that it can't be on from beginning to end. */
  readonly holds?: boolean;
}

/** The schemas of kinds, each with the type of its own. */
export function schemasOf<const Kinds extends readonly { schema(parts: FaultParts): object }[]>(
  kinds: Kinds,
  parts: FaultParts,
): { readonly [K in keyof Kinds]: ReturnType<Kinds[K]['schema']> } {
  // One schema a kind, in the same order, which the type of `map` does not say.
  return kinds.map((kind) => kind.schema(parts)) as { readonly [K in keyof Kinds]: ReturnType<Kinds[K]['schema']> };
}
