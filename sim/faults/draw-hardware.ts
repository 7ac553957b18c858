/** The faults of the hardware of one run, drawn from its seed: for worlds that have no better moments than just any. */
import { Stream } from '../kernel/choices/streams.ts';
import { drawDuration, drawNode } from './draw.ts';
import { HARDWARE_KINDS, type HardwareFault } from './hardware.ts';
import type { FaultContext, FaultDraft } from './kind.ts';
import { drawSwarm, drawWindowMaxMs } from './swarm.ts';

const EXTENT = { calm: 'none', swarm: 'some', storm: 'all' } as const;

export interface HardwareFacts {
  readonly seed: bigint;
  readonly profile: keyof typeof EXTENT;
  /** How many nodes there are; they are numbered from 1. */
  readonly nodes: number;
  /** Faults begin within so many virtual milliseconds. */
  readonly spanMs: number;
  readonly epochMs?: number;
}

/** In order of time, with keys `f1`, `f2`, … */
export function drawHardware({
  seed,
  profile,
  nodes,
  spanMs,
  epochMs = 0,
}: HardwareFacts): readonly (HardwareFault & { readonly key: string; readonly at: number })[] {
  const streamOf = (name: string) => new Stream(`${seed}/${name}`);
  const context: FaultContext = {
    nodes,
    windowMaxMs: drawWindowMaxMs(streamOf('windows')),
    epochMs,
    messageDelaysMs: [5, 50, 300],
    syncDelaysMs: [1, 20, 100, 500],
    moment: (stream) => stream.int(0, spanMs),
    strike: (stream) => ({
      node: drawNode(stream, context),
      at: stream.int(0, spanMs),
      forMs: drawDuration(stream, context),
    }),
  };
  const drafts: FaultDraft<HardwareFault>[] = [];
  const kinds = HARDWARE_KINDS.map(({ kind }) => kind);
  for (const { kind, hardness, stream } of drawSwarm(streamOf, kinds, EXTENT[profile])) {
    for (const known of HARDWARE_KINDS) {
      if (known.kind === kind) drafts.push(...known.draw(stream, hardness, context));
    }
  }
  drafts.sort((a, b) => a.at - b.at);
  return drafts.map(({ at, fault }, index) => ({ key: `f${index + 1}`, at, ...fault }));
}
