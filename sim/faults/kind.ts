/**
 * A kind of fault. Everything about it is in one file: its fields in a scenario, how a run draws it, its simpler form, and
 * what it does to the hardware it strikes. Only the lists of kinds (`link/links.ts`, `machine/machines.ts`) name it, so a
 * new kind needs its file, its test and a line in its list.
 */
import type { Stream } from '../kernel/choices/streams.ts';
import type { FaultParts } from './parts.ts';
import type { Hardness } from './swarm.ts';

/** An active fault of the scenario. */
export interface Active {
  readonly key: string;
}

/** A fault before it has a key. */
export interface FaultDraft<Fault> {
  /** Virtual milliseconds. */
  readonly at: number;
  readonly fault: Fault;
}

/** A node, and a time in which it can be struck. */
export interface Strike {
  readonly node: number;
  readonly at: number;
  readonly forMs: number;
}

/** The run that kinds of faults draw for. */
export interface FaultContext {
  /** Nodes are numbered from 1. */
  readonly nodes: number;
  /** The longest that a fault lasts. */
  readonly windowMaxMs: number;
  /** Unix milliseconds of virtual time 0. */
  readonly epochMs: number | bigint;
  /**
   * Delays of messages, and of syncs, at which behaviour may change: just before, at and just after a time-out, for
   * example.
   */
  readonly messageDelaysMs: readonly number[];
  readonly syncDelaysMs: readonly number[];
  /** Draws when something goes wrong. */
  moment(stream: Stream): number;
  /** Draws what is struck, when, and for how long. */
  strike(stream: Stream): Strike;
}

/** One kind of fault. `F` is what a scenario says of it. `Plainer` is what shrinking may turn it into. */
export interface FaultKind<F extends { readonly kind: string }, Plainer = F> {
  readonly kind: F['kind'];
  /** Its fields in a scenario file, as a zod object. Called only where files are read or written. */
  schema(parts: FaultParts): object;
  /** Draws the faults of a run. */
  draw(stream: Stream, hardness: Hardness, context: FaultContext): FaultDraft<F>[];
  /** A plainer fault that does the same, of another kind if need be. For shrinking. */
  plainer?(fault: F): Plainer;
  /**
   * Whether it takes effect at an instant and then holds something down. Such a fault cannot be active from beginning to
   * end.
   */
  readonly holds?: boolean;
}

/** The schemas of kinds, each with its own type. */
export function schemasOf<const Kinds extends readonly { schema(parts: FaultParts): object }[]>(
  kinds: Kinds,
  parts: FaultParts,
): { readonly [K in keyof Kinds]: ReturnType<Kinds[K]['schema']> } {
  // One schema per kind, in the same order, which the type of `map` does not say.
  return kinds.map((kind) => kind.schema(parts)) as { readonly [K in keyof Kinds]: ReturnType<Kinds[K]['schema']> };
}
