/**
 * The coder of a node, whose wire versions a fault can change while it runs. It codes with the coder that nodes ship with.
 */
import type { ActionChainRecord, AppendError } from '../../src/chain/records.ts';
import { type DecodeError, WIRE_VERSION } from '../../src/chain/wire.ts';
import type { CodecName } from '../../src/chain/wire-codec.ts';
import type { RecordCoder } from '../../src/node/ports.ts';
import { ChainRecordCoder } from '../../src/node/record-coder.ts';
import type { Result } from '../../src/result.ts';

export class VersionedCoder implements RecordCoder {
  readonly #own: bigint;
  readonly #codecs: ReadonlyMap<bigint, CodecName>;
  #coder: ChainRecordCoder;
  #writer = WIRE_VERSION;
  #reader = WIRE_VERSION;

  /** `codecs`: those of the chains of nodes 1, 2, … `node`: the node whose coder this is. */
  constructor(codecs: readonly CodecName[], node: number) {
    this.#own = BigInt(node);
    this.#codecs = new Map(codecs.map((codec, index) => [BigInt(index + 1), codec]));
    this.#coder = new ChainRecordCoder(this.#own, this.#codecs);
  }

  get writerVersion(): number {
    return this.#writer;
  }

  get readerVersion(): number {
    return this.#reader;
  }

  write(version: number): void {
    if (version !== this.#writer) this.#use(version, this.#reader);
  }

  read(version: number): void {
    if (version !== this.#reader) this.#use(this.#writer, version);
  }

  encode(record: ActionChainRecord): Result<Uint8Array, AppendError> {
    return this.#coder.encode(record);
  }

  decode(chain: bigint, payload: Uint8Array): Result<ActionChainRecord, DecodeError> {
    return this.#coder.decode(chain, payload);
  }

  #use(writer: number, reader: number): void {
    this.#writer = writer;
    this.#reader = reader;
    this.#coder = new ChainRecordCoder(this.#own, this.#codecs, { writer, reader });
  }
}
