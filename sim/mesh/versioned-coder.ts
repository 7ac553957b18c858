/** Encoder and decoders of a node, whose wire versions a fault can change while it runs. */
import type { ActionChainRecord, AppendError } from '../../src/chain/records.ts';
import { bodyCodec, type DecodeError, RecordDecoder, RecordEncoder, WIRE_VERSION } from '../../src/chain/wire.ts';
import type { CodecName } from '../../src/chain/wire-codec.ts';
import type { RecordCoder } from '../../src/node/ports.ts';
import type { Result } from '../../src/result.ts';

export class VersionedCoder implements RecordCoder {
  readonly #codecs: readonly CodecName[];
  readonly #own: CodecName;
  #encoder: RecordEncoder;
  #decoders: readonly RecordDecoder[];

  /** `codecs` are those of the chains of nodes 1, 2, …; `node` is the node whose coder this is. */
  constructor(codecs: readonly CodecName[], node: number) {
    this.#codecs = codecs;
    this.#own = codecs[node - 1] ?? 'msgpack';
    this.#encoder = new RecordEncoder(bodyCodec(this.#own), WIRE_VERSION);
    this.#decoders = this.#decodersOf(WIRE_VERSION);
  }

  get writerVersion(): number {
    return this.#encoder.version;
  }

  get readerVersion(): number {
    return this.#decoders[0]?.version ?? WIRE_VERSION;
  }

  write(version: number): void {
    if (version !== this.writerVersion) this.#encoder = new RecordEncoder(bodyCodec(this.#own), version);
  }

  read(version: number): void {
    if (version !== this.readerVersion) this.#decoders = this.#decodersOf(version);
  }

  encode(record: ActionChainRecord): Result<Uint8Array, AppendError> {
    return this.#encoder.encode(record);
  }

  decode(chain: bigint, payload: Uint8Array): Result<ActionChainRecord, DecodeError> {
    const decoder = this.#decoders[Number(chain) - 1];
    if (decoder === undefined) throw new RangeError(`no node writes chain ${chain}`);
    return decoder.decode(payload);
  }

  #decodersOf(version: number): readonly RecordDecoder[] {
    return this.#codecs.map((codec) => new RecordDecoder(bodyCodec(codec), version));
  }
}
