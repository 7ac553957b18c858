/** Draws what is asked of a cluster: patterns of operations over a few seconds, many of them in the same instants. */

import type { Stream, Weighted } from '../../sim/kernel/choices/streams.ts';
import type { Keyed } from '../../sim/world.ts';
import type { ActionKind } from '../../src/action/action.ts';
import type { MeshConfig, MeshOperation } from '../scenario/scenario.ts';
import { closing, type Draft, MOTIFS, type Motif, type OperationDraft } from './motifs.ts';
import type { Vocabulary } from './vocabulary.ts';

/** How long operations go on, in milliseconds. Runs with nothing to do for long only cost time. */
const SPANS_MS: readonly number[] = [900, 1500, 2000, 2000, 2500, 3000, 3000, 4000, 6000, 9000];
/** By what the weight of a pattern is multiplied in a run. Runs without some of the patterns are wanted too. */
const LEANINGS: readonly number[] = [0, 1, 1, 2, 4];
/** One run in this many closes a queue. */
const CLOSING_ONE_IN = 8;

export interface Workload {
  readonly operations: readonly (Keyed & MeshOperation)[];
  readonly spanMs: number;
}

export function drawWorkload(
  stream: Stream,
  config: MeshConfig,
  vocabulary: Vocabulary,
  leaning: readonly ActionKind[],
  windowMaxMs: number,
): Workload {
  const spanMs = stream.pick(SPANS_MS);
  const total = drawTotal(stream);
  const operations: OperationDraft[] = [];
  const draft: Draft = { stream, config, vocabulary, leaning, windowMaxMs, operations };
  const motifs = drawMotifs(stream);
  const busyNode = stream.int(1, config.nodes);
  const hotMs: number[] = [];
  for (let count = stream.int(1, 4); count > 0; count -= 1) hotMs.push(drawAt(stream, spanMs));

  if (stream.int(1, CLOSING_ONE_IN) === 1) {
    closing(draft, stream.int(Math.floor(spanMs / 2), spanMs), stream.int(1, config.nodes));
  }
  while (operations.length < total) {
    const node = stream.int(1, 3) === 1 ? busyNode : stream.int(1, config.nodes);
    const at = stream.int(1, 5) === 1 ? stream.pick(hotMs) : drawAt(stream, spanMs);
    stream.weighted(motifs)(draft, at, node);
  }
  return { operations: inOrder(operations), spanMs };
}

function drawTotal(stream: Stream): number {
  const size = stream.int(1, 20);
  if (size <= 2) return stream.int(1, 60);
  if (size <= 18) return stream.int(110, 190);
  return stream.int(190, 320);
}

/** Round times coincide with each other, and with the ticks of the node loops. */
function drawAt(stream: Stream, spanMs: number): number {
  const at = stream.int(0, spanMs);
  const roundness = stream.int(1, 8);
  if (roundness === 1) return Math.floor(at / 500) * 500;
  if (roundness <= 3) return Math.floor(at / 100) * 100;
  return at;
}

function drawMotifs(stream: Stream): readonly Weighted<Motif>[] {
  const motifs = MOTIFS.map(([motif, share]): Weighted<Motif> => [motif, share * stream.pick(LEANINGS)]);
  return motifs.some(([, weight]) => weight > 0) ? motifs : MOTIFS;
}

/** In order of time, and numbered in that order. */
function inOrder(drafts: OperationDraft[]): (Keyed & MeshOperation)[] {
  drafts.sort((a, b) => a.at - b.at);
  const operations: (Keyed & MeshOperation)[] = [];
  for (const { at, operation } of drafts) operations.push({ key: `k${operations.length + 1}`, at, ...operation });
  return operations;
}
