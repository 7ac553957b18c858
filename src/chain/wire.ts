/**
 * The wire form of an action-chain record: one version byte, then the body in the chain's codec. Decoding looks at the
 * version before the body, so that a record of another version is reported as such and not as damage.
 * (Source: net-mesh 0.21.0, `encode_record` and `decode_record`.)
 */
import type { Result } from '../result.ts';
import { isWellFormed } from '../text.ts';
import { msgpackCodec } from './msgpack.ts';
import { postcardCodec } from './postcard.ts';
import { type ActionChainRecord, AppendError } from './records.ts';
import type { BodyCodec, CodecName } from './wire-codec.ts';

/** The version that this build writes and reads unless told otherwise. */
export const WIRE_VERSION = 1;

/** Why bytes are no record. */
export type DecodeError =
  | { readonly kind: 'empty' }
  | { readonly kind: 'unsupported_version'; readonly seen: number; readonly supported: number }
  | { readonly kind: 'malformed'; readonly codec: CodecName; readonly reason: string };

/** The error as an operator reads it. */
export function describeDecodeError(error: DecodeError): string {
  switch (error.kind) {
    case 'empty':
      return 'empty action-chain record payload';
    case 'unsupported_version':
      return `unsupported action-chain wire version ${error.seen}; this build expects ${error.supported}`;
    case 'malformed':
      return `${error.codec} decode: ${error.reason}`;
  }
}

const CODECS: Readonly<Record<CodecName, BodyCodec>> = { msgpack: msgpackCodec, postcard: postcardCodec };

/** The codec of that name. */
export function bodyCodec(name: CodecName): BodyCodec {
  return CODECS[name];
}

/** Bytes that encoded records are carved out of: one small buffer of its own each costs ten times as much. */
const SLAB_BYTES = 4096;
/** A record longer than this gets a buffer of its own. */
const SLAB_SHARE_BYTES = 512;

/** Writes records in one codec and one version. */
export class RecordEncoder {
  readonly codec: BodyCodec;
  readonly version: number;
  #slab = new Uint8Array(0);
  #used = 0;

  /** `version` is a byte; a RangeError otherwise. */
  constructor(codec: BodyCodec, version = WIRE_VERSION) {
    this.codec = codec;
    this.version = checkVersion(version);
  }

  /** The record's bytes, which nobody else writes to; refuses strings without a UTF-8 form and numbers that are no u64. */
  encode(record: ActionChainRecord): Result<Uint8Array, AppendError> {
    const refusal = refusalOf(record);
    if (refusal !== null) return refuse(refusal);
    const body = this.codec.encode(record);
    if (!body.ok) return refuse(`${this.codec.name} encode: ${body.error}`);
    const bytes = this.#take(body.value.length + 1);
    bytes[0] = this.version;
    bytes.set(body.value, 1);
    return { ok: true, value: bytes };
  }

  #take(length: number): Uint8Array {
    if (length > SLAB_SHARE_BYTES) return new Uint8Array(length);
    if (this.#used + length > this.#slab.length) {
      this.#slab = new Uint8Array(SLAB_BYTES);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += length;
    return this.#slab.subarray(start, this.#used);
  }
}

/** Reads records of one codec and one version. */
export class RecordDecoder {
  readonly codec: BodyCodec;
  readonly version: number;

  /** `version` is a byte; a RangeError otherwise. */
  constructor(codec: BodyCodec, version = WIRE_VERSION) {
    this.codec = codec;
    this.version = checkVersion(version);
  }

  decode(bytes: Uint8Array): Result<ActionChainRecord, DecodeError> {
    const seen = bytes[0];
    if (seen === undefined) return { ok: false, error: { kind: 'empty' } };
    if (seen !== this.version) {
      return { ok: false, error: { kind: 'unsupported_version', seen, supported: this.version } };
    }
    const body = this.codec.decode(bytes, 1);
    return body.ok ? body : { ok: false, error: { kind: 'malformed', codec: this.codec.name, reason: body.error } };
  }
}

function checkVersion(version: number): number {
  if (!Number.isInteger(version) || version < 0 || version > 255) {
    throw new RangeError(`a wire version is a byte, not ${version}`);
  }
  return version;
}

function refuse(reason: string): { readonly ok: false; readonly error: AppendError } {
  return { ok: false, error: new AppendError('action', reason) };
}

/** Why a record has no wire form in any codec, or null. */
function refusalOf(record: ActionChainRecord): string | null {
  if (!isU64(record.id)) return 'id is not a u64';
  if (!isWellFormed(record.kind)) return 'kind holds a lone surrogate';
  if (!isU64(record.emittedAtMs)) return 'emittedAtMs is not a u64';
  const disposition = record.disposition;
  if (disposition.type === 'dispatched') return null;
  if (!isWellFormed(disposition.reason)) return 'reason holds a lone surrogate';
  if (disposition.type === 'failed') {
    return isU64OrNull(disposition.retryAfterMs) ? null : 'retryAfterMs is not a u64';
  }
  return isU64OrNull(disposition.cooldownMs) ? null : 'cooldownMs is not a u64';
}

function isU64(value: bigint): boolean {
  return BigInt.asUintN(64, value) === value;
}

function isU64OrNull(value: bigint | null): boolean {
  return value === null || isU64(value);
}
