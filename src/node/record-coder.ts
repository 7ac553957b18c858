/** Encodes a node's own records and decodes those of every chain it keeps, each chain in the codec it is written in. */
import type { ActionChainRecord, AppendError } from '../chain/records.ts';
import { bodyCodec, type DecodeError, RecordDecoder, RecordEncoder, WIRE_VERSION } from '../chain/wire.ts';
import type { CodecName } from '../chain/wire-codec.ts';
import type { Result } from '../result.ts';
import type { RecordCoder } from './ports.ts';

/** Version bytes of what a node writes, and of what it reads. */
export interface WireVersions {
  readonly writer: number;
  readonly reader: number;
}

const USUAL: WireVersions = { writer: WIRE_VERSION, reader: WIRE_VERSION };

export class ChainRecordCoder implements RecordCoder {
  readonly #encoder: RecordEncoder;
  readonly #decoders: ReadonlyMap<bigint, RecordDecoder>;

  /** `codecs` by the id of the node that writes the chain; a RangeError if `own` is none of them. */
  constructor(own: bigint, codecs: ReadonlyMap<bigint, CodecName>, versions: WireVersions = USUAL) {
    const codec = codecs.get(own);
    if (codec === undefined) throw new RangeError(`chain ${own} has no codec`);
    const { writer, reader } = versions;
    this.#encoder = new RecordEncoder(bodyCodec(codec), writer);
    this.#decoders = new Map([...codecs].map(([chain, name]) => [chain, new RecordDecoder(bodyCodec(name), reader)]));
  }

  encode(record: ActionChainRecord): Result<Uint8Array, AppendError> {
    return this.#encoder.encode(record);
  }

  /** A RangeError for a chain it was not told of. */
  decode(chain: bigint, payload: Uint8Array): Result<ActionChainRecord, DecodeError> {
    const decoder = this.#decoders.get(chain);
    if (decoder === undefined) throw new RangeError(`chain ${chain} has no codec`);
    return decoder.decode(payload);
  }
}
