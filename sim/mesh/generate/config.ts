/**
 * Draws the shape of a cluster. Every capacity and window is small in a good share of runs, so that its bound is
 * crossed, and roomy in the others, so that the bounds behind it are reached at all.
 */
import { LONG_WINDOW_MAX_MS, WINDOW_MAX_MS } from '../../faults/swarm.ts';
import type { Stream } from '../../kernel/streams.ts';
import type { MeshConfig, RangeMs } from '../scenario.ts';

/** A weight, and the closed range drawn from when it is taken. */
type Band = readonly [weight: number, minimum: number, maximum: number];

const NODES: readonly number[] = [1, 2, 2, 3, 3, 3, 3, 4, 4, 5];
const BACKENDS: readonly number[] = [0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8];
const INBOX: readonly Band[] = [
  [4, 1, 4],
  [12, 5, 16],
  [34, 17, 64],
  [50, 1024, 1024],
];
const QUEUE: readonly Band[] = [
  [8, 1, 4],
  [26, 5, 16],
  [36, 17, 64],
  [30, 1024, 1024],
];
const PULL_COOLDOWN: readonly Band[] = [
  [6, 0, 0],
  [24, 1, 40],
  [45, 41, 300],
  [15, 250, 250],
  [10, 301, 1000],
];
const STABILIZATION: readonly Band[] = [
  [8, 0, 0],
  [20, 1, 60],
  [42, 61, 600],
  [30, 601, WINDOW_MAX_MS],
];
const LONG_STABILIZATION: readonly Band[] = [
  [3, WINDOW_MAX_MS + 1, 10_000],
  [1, LONG_WINDOW_MAX_MS, LONG_WINDOW_MAX_MS],
];
const DRAIN_RATE: readonly Band[] = [
  [2, 0, 0],
  [34, 1, 3],
  [20, 4, 8],
  [38, 10, 10],
  [6, 50, 50],
];
const MAX_DEFERS: readonly Band[] = [
  [24, 1, 2],
  [40, 3, 6],
  [18, 7, 15],
  [18, 16, 16],
];
const BACKPRESSURE_ON: readonly Band[] = [
  [6, 1, 1],
  [34, 2, 5],
  [30, 6, 12],
  [16, 13, 40],
  [14, 1000, 1000],
];
const RING: readonly Band[] = [
  [3, 0, 0],
  [25, 1, 3],
  [35, 4, 12],
  [22, 13, 40],
  [15, 256, 2048],
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
const BROADCAST_TIMEOUT: readonly Band[] = [
  [5, 0, 0],
  [8, 1, 5],
  [30, 6, 60],
  [45, 61, 400],
  [12, 401, WINDOW_MAX_MS],
];
const EPOCHS: readonly number[] = [
  0, 1, 1000, 4_294_967_000, 1_700_000_000_000, 1_700_000_000_000, 1_700_000_000_000, 253_402_300_799_000,
  4_503_599_627_000_000,
];

/** A config whose windows are no longer than `windowMaxMs`; where that is long, the stabilization is. */
export function drawConfig(stream: Stream, windowMaxMs: number): MeshConfig {
  const nodes = stream.pick(NODES);
  const codecs: ('msgpack' | 'postcard')[] = [];
  for (let node = 1; node <= nodes; node += 1) codecs.push(stream.int(1, 3) === 1 ? 'postcard' : 'msgpack');
  const backpressureOn = drawIn(stream, BACKPRESSURE_ON);
  const broadcastTimeoutMs = drawIn(stream, BROADCAST_TIMEOUT);
  return {
    nodes,
    codecs,
    inboxCapacity: drawIn(stream, INBOX),
    queueCapacity: drawIn(stream, QUEUE),
    pullCooldownMs: drawIn(stream, PULL_COOLDOWN),
    drainRatePerSec: drawIn(stream, DRAIN_RATE),
    stabilizationMs: drawIn(stream, windowMaxMs > WINDOW_MAX_MS ? LONG_STABILIZATION : STABILIZATION),
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
    // Replicas that have nothing to fetch ask again this often; more of them ask less often, to keep idle time cheap.
    reRequestMs: stream.int(50 * nodes, 500),
    broadcastTimeoutMs,
    answer: drawAnswer(stream, broadcastTimeoutMs),
    backends: stream.pick(BACKENDS),
    epochMs: stream.pick(EPOCHS),
  };
}

/** Below the on mark, as `strict` wants it: next to it, at 0, or anywhere between. */
function drawOff(stream: Stream, on: number): number {
  const where = stream.int(1, 3);
  return where === 1 ? on - 1 : where === 2 ? 0 : stream.int(0, on - 1);
}

/** Answers that always make it, that come right around the deadline, or that come any time. */
function drawAnswer(stream: Stream, timeoutMs: number): RangeMs {
  const where = stream.int(1, 4);
  if (where <= 2) return { minMs: 0, maxMs: Math.min(10, timeoutMs) };
  if (where === 3) return { minMs: Math.max(0, timeoutMs - 1), maxMs: timeoutMs + 1 };
  return { minMs: 0, maxMs: timeoutMs + 20 };
}

function drawIn(stream: Stream, bands: readonly Band[]): number {
  let total = 0;
  for (const band of bands) total += band[0];
  let rest = stream.int(1, total);
  for (const [weight, minimum, maximum] of bands) {
    rest -= weight;
    if (rest <= 0) return stream.int(minimum, maximum);
  }
  throw new RangeError('bands without weight');
}
