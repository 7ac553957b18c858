/**
 * The things that a generated run talks about. There are few of each, so that operations meet: windows, cooldowns and gates
 * matter only when the same chain or daemon comes up again. Ids cover all of u64, and texts hold what encoders get wrong.
 */

import type { Stream } from '../../sim/kernel/choices/streams.ts';
import type { DaemonRef } from '../../src/action/action.ts';
import type { MeshConfig } from '../scenario/scenario.ts';

export interface Vocabulary {
  readonly daemons: readonly DaemonRef[];
  readonly chains: readonly bigint[];
  readonly blobs: readonly bigint[];
  readonly peers: readonly bigint[];
  /** Names of the backends registered at the start. */
  readonly backends: readonly string[];
  /** These, and two that nobody has registered yet. */
  readonly backendNames: readonly string[];
}

/** Around the limits of 32, 53 and 64 bits, where ids are truncated by mistake. */
const IDS: readonly bigint[] = [
  0n,
  1n,
  2n,
  3n,
  7n,
  42n,
  4_294_967_295n,
  4_294_967_296n,
  9_007_199_254_740_991n,
  9_007_199_254_740_992n,
  9_007_199_254_740_993n,
  9_223_372_036_854_775_808n,
  18_446_744_073_709_551_614n,
  18_446_744_073_709_551_615n,
];

/**
 * Well-formed texts: empty, plain, beyond ASCII and the basic plane, control characters, and lengths that need more bytes.
 */
export const TEXTS: readonly string[] = [
  'ok',
  'disk full',
  'connection reset by peer',
  '',
  'naïve café',
  '日本語のログ',
  '🦀 crab 🦀',
  'e\u0301 combining',
  'مرحبا',
  'nul\u0000inside',
  '\ufeffbyte order mark',
  'line\u2028separator',
  'line\nbreak\ttab',
  '"quoted" \\ {"json":1}',
  'x'.repeat(31),
  'x'.repeat(32),
  'y'.repeat(127),
  'y'.repeat(128),
  'z'.repeat(255),
  // Fewer characters than a length prefix holds, but more bytes.
  'ж'.repeat(20),
  'ж'.repeat(100),
  '🦀'.repeat(64),
  `\ufeff${'m'.repeat(300)}`,
  '語'.repeat(400),
  'deferred 3 times — exceeds max_defer_count 2',
];

/** What a foreign dispatcher may give as a reason: these texts, and ill-formed ones. */
export const FOREIGN_TEXTS: readonly string[] = [
  ...TEXTS,
  '\ud800',
  'lone low \udc00',
  '\udbff\ud800',
  'half a crab 🦀\ud83e',
];

/**
 * Longer than 65,535 bytes, where length prefixes grow again. Rare, because it is written, sent and digested many times.
 */
export const HUGE_TEXT: string = 'long '.repeat(13_200);

const NAMES: readonly string[] = ['indexer', 'gc', 'レプリカ', ''];

export const PATHS: readonly string[] = ['/', '/var/lib/mesh', 'C:\\mesh\\data', '/тмп', ''];

/** Other daemons that are easily mistaken for a given one. */
const TWINS: readonly ((of: DaemonRef) => DaemonRef)[] = [
  ({ id, name }) => ({ id, name: `${name}-2` }),
  ({ id, name }) => ({ id, name: name.toUpperCase() }),
  // Id and name, written one after the other, read the same.
  ({ id, name }) => ({ id: id / 10n, name: `${id % 10n}${name}` }),
];

export function drawVocabulary(stream: Stream, config: MeshConfig): Vocabulary {
  const daemons: DaemonRef[] = [];
  for (let count = stream.int(1, 4); count > 0; count -= 1) {
    daemons.push({ id: stream.pick(IDS), name: stream.pick(NAMES) });
  }
  const [first] = daemons;
  if (first !== undefined && stream.int(1, 3) > 1) daemons.push(stream.pick(TWINS)(first));
  const backends: string[] = [];
  for (let number = 1; number <= config.backends; number += 1) backends.push(`b${number}`);
  return {
    daemons,
    chains: drawIds(stream, stream.int(1, 4)),
    blobs: drawIds(stream, stream.int(1, 6)),
    peers: drawIds(stream, stream.int(2, 5)),
    backends,
    backendNames: [...backends, `b${config.backends + 1}`, `b${config.backends + 2}`],
  };
}

function drawIds(stream: Stream, count: number): bigint[] {
  const ids: bigint[] = [];
  for (let drawn = 0; drawn < count; drawn += 1) ids.push(stream.pick(IDS));
  return ids;
}
