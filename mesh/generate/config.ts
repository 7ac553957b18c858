/**
 * Draws the shape of a cluster. In many runs each capacity and window is small, so that its bound is reached. In the others
 * it is roomy, so that the bounds behind it are reached.
 */

import type { RangeMs } from '../../sim/faults/link/link.ts';
import { LONG_WINDOW_MAX_MS, WINDOW_MAX_MS } from '../../sim/faults/swarm.ts';
import type { Stream, Weighted } from '../../sim/kernel/choices/streams.ts';
import { INBOX_CAPACITY } from '../../src/ring/capacities.ts';
import type { MeshConfig } from '../scenario/scenario.ts';

/** A range of whole numbers, both ends included. */
type Band = readonly [minimum: number, maximum: number];
type Bands = readonly Weighted<Band>[];

const NODES: readonly number[] = [1, 2, 2, 3, 3, 3, 3, 4, 4, 5];
const BACKENDS: readonly number[] = [0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8];
const INBOX: Bands = [
  [[1, 4], 4],
  [[5, 16], 12],
  [[17, 64], 34],
  [[INBOX_CAPACITY, INBOX_CAPACITY], 50],
];
const QUEUE: Bands = [
  [[1, 4], 5],
  [[5, 16], 20],
  [[17, 64], 40],
  [[1024, 1024], 35],
];
const PULL_COOLDOWN: Bands = [
  [[0, 0], 6],
  [[1, 40], 24],
  [[41, 300], 45],
  [[250, 250], 15],
  [[301, 1000], 10],
];
const STABILIZATION: Bands = [
  [[0, 0], 8],
  [[1, 60], 20],
  [[61, 600], 50],
  [[601, WINDOW_MAX_MS], 22],
];
const LONG_STABILIZATION: Bands = [
  [[WINDOW_MAX_MS + 1, 10_000], 3],
  [[LONG_WINDOW_MAX_MS, LONG_WINDOW_MAX_MS], 1],
];
const DRAIN_RATE: Bands = [
  [[0, 0], 2],
  [[1, 3], 34],
  [[4, 8], 20],
  [[10, 10], 38],
  [[50, 50], 6],
];
const MAX_DEFERS: Bands = [
  [[0, 0], 4],
  [[1, 2], 24],
  [[3, 6], 40],
  [[7, 15], 18],
  [[16, 16], 18],
];
const BACKPRESSURE_ON: Bands = [
  [[1, 1], 6],
  [[2, 5], 34],
  [[6, 12], 30],
  [[13, 40], 16],
  [[1000, 1000], 14],
];
const RING: Bands = [
  [[0, 0], 3],
  [[1, 3], 25],
  [[4, 12], 35],
  [[13, 40], 22],
  [[256, 2048], 15],
];
const DISPATCH: readonly RangeMs[] = [
  { minMs: 0, maxMs: 0 },
  { minMs: 0, maxMs: 0 },
  { minMs: 0, maxMs: 2 },
  { minMs: 1, maxMs: 10 },
  { minMs: 1, maxMs: 10 },
  { minMs: 5, maxMs: 40 },
  { minMs: 0, maxMs: 120 },
];
const NETWORK: readonly RangeMs[] = [
  { minMs: 1, maxMs: 1 },
  { minMs: 1, maxMs: 5 },
  { minMs: 1, maxMs: 20 },
  { minMs: 10, maxMs: 50 },
];
const SYNC: readonly RangeMs[] = [
  { minMs: 0, maxMs: 0 },
  { minMs: 0, maxMs: 5 },
  { minMs: 1, maxMs: 20 },
];
const SYNC_EVERY: readonly number[] = [0, 0, 0, 10, 20, 50, 100, 100, 200, 500];
const BROADCAST_TIMEOUT: Bands = [
  [[0, 0], 5],
  [[1, 5], 8],
  [[6, 60], 30],
  [[61, 400], 45],
  [[401, 1900], 12],
];
const LONG_BROADCAST_TIMEOUT_MS = 5000;
/** Beyond 2^53 too, where a number no longer tells one millisecond from the next. */
const EPOCHS: readonly (number | bigint)[] = [
  0,
  1,
  1000,
  4_294_967_000,
  1_700_000_000_000,
  1_700_000_000_000,
  1_700_000_000_000,
  253_402_300_799_000,
  1_000_000_000_000_000,
  9_007_199_254_740_993n,
  1_152_921_504_606_846_977n,
];

/** A config whose windows are no longer than `windowMaxMs`. Where that is long, the stabilization window is. */
export function drawConfig(stream: Stream, windowMaxMs: number): MeshConfig {
  const nodes = stream.pick(NODES);
  const codecs: ('msgpack' | 'postcard')[] = [];
  for (let node = 1; node <= nodes; node += 1) codecs.push(stream.int(1, 3) === 1 ? 'postcard' : 'msgpack');
  const backpressureOn = drawIn(stream, BACKPRESSURE_ON);
  const long = windowMaxMs > WINDOW_MAX_MS;
  const broadcastTimeoutMs = long ? LONG_BROADCAST_TIMEOUT_MS : drawIn(stream, BROADCAST_TIMEOUT);
  return {
    nodes,
    codecs,
    inboxCapacity: drawIn(stream, INBOX),
    queueCapacity: drawIn(stream, QUEUE),
    pullCooldownMs: drawIn(stream, PULL_COOLDOWN),
    drainRatePerSec: drawIn(stream, DRAIN_RATE),
    stabilizationMs: drawIn(stream, long ? LONG_STABILIZATION : STABILIZATION),
    backpressureOn,
    backpressureOff: drawOff(stream, backpressureOn),
    maxDefers: drawIn(stream, MAX_DEFERS),
    recentFailures: drawIn(stream, RING),
    logRing: drawIn(stream, RING),
    auditRing: drawIn(stream, RING),
    failureChain: drawIn(stream, RING),
    logChain: drawIn(stream, RING),
    auditChain: drawIn(stream, RING),
    dispatch: stream.pick(DISPATCH),
    network: stream.pick(NETWORK),
    sync: stream.pick(SYNC),
    syncEveryMs: stream.pick(SYNC_EVERY),
    // How often replicas ask again that have nothing to fetch. More replicas ask less often, to keep idle time cheap.
    reRequestMs: stream.int(50 * nodes, 500),
    broadcastTimeoutMs,
    answer: drawAnswer(stream, broadcastTimeoutMs),
    backends: stream.pick(BACKENDS),
    epochMs: stream.pick(EPOCHS),
  };
}

/** One run in this many limits a bound that is roomy by default. */
const BOUNDS_ONE_IN = 8;

/** Bounds so small that runs reach them. In most runs there are none. */
export function drawBounds(stream: Stream): Partial<MeshConfig> {
  const small = (values: readonly number[]): number | undefined =>
    stream.int(1, BOUNDS_ONE_IN) === 1 ? stream.pick(values) : undefined;
  const inboundCapacity = small([2, 4, 8, 16]);
  const earlyEntriesMax = small([1, 2, 3, 8]);
  const waitingBroadcastsMax = small([1, 1, 2, 3]);
  return {
    ...(inboundCapacity === undefined ? {} : { inboundCapacity }),
    ...(earlyEntriesMax === undefined ? {} : { earlyEntriesMax }),
    ...(waitingBroadcastsMax === undefined ? {} : { waitingBroadcastsMax }),
  };
}

/** Below the on mark, as `strict` requires: next to it, at 0, or anywhere between. */
function drawOff(stream: Stream, on: number): number {
  const where = stream.int(1, 3);
  return where === 1 ? on - 1 : where === 2 ? 0 : stream.int(0, on - 1);
}

/** Answers that are always in time, that come close to the deadline, or that come any time. */
function drawAnswer(stream: Stream, timeoutMs: number): RangeMs {
  const where = stream.int(1, 4);
  if (where <= 2) return { minMs: 0, maxMs: Math.min(10, timeoutMs) };
  if (where === 3) return { minMs: Math.max(0, timeoutMs - 1), maxMs: timeoutMs + 1 };
  return { minMs: 0, maxMs: timeoutMs + 20 };
}

function drawIn(stream: Stream, bands: Bands): number {
  const [minimum, maximum] = stream.weighted(bands);
  return stream.int(minimum, maximum);
}
