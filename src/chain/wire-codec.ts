/** What a body codec is: the part of a record's wire form that stands behind the version byte. */
import type { Result } from '../result.ts';
import type { ActionChainRecord } from './records.ts';

/** The codecs a chain can be written in; the name stands in its log's header. */
export type CodecName = 'msgpack' | 'postcard';

export interface BodyCodec {
  readonly name: CodecName;
  /**
   * The body of a record whose strings are well-formed and whose u64s are in range (`RecordEncoder` sees to that), or
   * why it has none. Equal records have equal bodies. The bytes are a view that the codec's next call may overwrite.
   */
  encode(record: ActionChainRecord): Result<Uint8Array, string>;
  /**
   * The record whose body begins at `start`, or why there is none. Never throws, never allocates by a length it has
   * not checked against the bytes, and keeps no hold on them.
   */
  decode(bytes: Uint8Array, start: number): Result<ActionChainRecord, string>;
}
