/** Recorded vectors, read for the tests of the models. Every value is what the upstream source gave. */
import { readFileSync } from 'node:fs';
import type { MeshOsAction } from '../../../src/action/action.ts';
import type { ActionChainRecord, ActionDisposition } from '../../../src/chain/records.ts';

/** Whole numbers above 2^53 stand as strings. */
type Num = number | string;

export interface RecordedRecord {
  readonly id: Num;
  readonly kind: string;
  readonly emitted_at_ms: Num;
  readonly disposition:
    | { readonly type: 'dispatched' }
    | { readonly type: 'failed'; readonly reason: string; readonly retry_after_ms: Num | null }
    | { readonly type: 'gated'; readonly reason: string; readonly cooldown_ms: Num | null };
}

/** The lines of a file. `Line` is the form its README gives them. */
export function readVectors<Line>(file: string): readonly Line[] {
  const text = readFileSync(new URL(`../../../test-data/vectors/${file}`, import.meta.url), 'utf8');
  const lines: Line[] = [];
  for (const line of text.split('\n')) if (line !== '') lines.push(JSON.parse(line));
  return lines;
}

export function recordOf(recorded: RecordedRecord): ActionChainRecord {
  const { id, kind, emitted_at_ms: emittedAtMs } = recorded;
  return { id: BigInt(id), kind, emittedAtMs: BigInt(emittedAtMs), disposition: dispositionOf(recorded.disposition) };
}

function dispositionOf(made: RecordedRecord['disposition']): ActionDisposition {
  switch (made.type) {
    case 'dispatched':
      return { type: 'dispatched' };
    case 'failed':
      return { type: 'failed', reason: made.reason, retryAfterMs: option(made.retry_after_ms) };
    case 'gated':
      return { type: 'gated', reason: made.reason, cooldownMs: option(made.cooldown_ms) };
  }
}

function option(value: Num | null): bigint | null {
  return value === null ? null : BigInt(value);
}

export interface RecordedAction {
  readonly kind: MeshOsAction['kind'];
  readonly chain?: Num;
  readonly daemon?: { readonly id: Num; readonly name: string };
}

/** The parts of a recorded action that admission looks at. */
export function actionOf(recorded: RecordedAction): MeshOsAction {
  const chain = BigInt(recorded.chain ?? 0);
  const daemon = { id: BigInt(recorded.daemon?.id ?? 0), name: recorded.daemon?.name ?? '' };
  switch (recorded.kind) {
    case 'pull_replica':
      return { kind: 'pull_replica', chain, source: 0n };
    case 'drop_replica':
      return { kind: 'drop_replica', chain };
    case 'migrate_blob':
      return { kind: 'migrate_blob', blob: 0n, from: 0n, to: 0n };
    case 'start_daemon':
    case 'stop_daemon':
    case 'apply_backoff':
      return { kind: 'start_daemon', daemon };
    default:
      return { kind: 'reduce_heat', blob: 0n, by: 0 };
  }
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
