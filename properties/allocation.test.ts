/** What reads bytes of others allocates by no length that it has not checked: frames, headers and records. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { largestAllocation } from '../mesh/probes/allocations.ts';
import { claimed } from '../mesh/probes/claims.ts';
import { decodeHeader, encodeFrame, encodeHeader, frameAt, isIntactFrame, scanFrames } from '../src/chain/frame.ts';
import { bodyCodec, RecordDecoder } from '../src/chain/wire.ts';
import { damagedBytes } from './damage.testing.ts';
import { testProperty } from './property.testing.ts';

/** What a reader may have room for whatever it is given. */
const KEPT_BYTES = 8192;

function boundOf(bytes: Uint8Array): number {
  return KEPT_BYTES + 4 * bytes.length;
}

/** The frame, with another length in its header than it has. */
const claimingFrame = fc
  .tuple(fc.uint8Array({ maxLength: 60 }), fc.nat(1000), fc.constantFrom(70_000, 16_777_216, 0x7fff_ffff, 0xffff_ffff))
  .map(([payload, seq, length]) => {
    const frame = Uint8Array.from(encodeFrame(seq, payload));
    new DataView(frame.buffer).setUint32(8, length, true);
    return frame;
  });

const damagedFrame = damagedBytes(
  fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.nat(1000)).map(([payload, seq]) => encodeFrame(seq, payload)),
);

testProperty(
  'frames that claim more than there is of them make nobody allocate',
  fc.property(fc.oneof(claimingFrame, damagedFrame), (frame) => {
    const largestBytes = largestAllocation(() => {
      isIntactFrame(frame);
      frameAt(frame, 0);
      scanFrames(frame, 0, 1);
      decodeHeader(frame);
    });
    assert.ok(largestBytes <= boundOf(frame), `${largestBytes} bytes for ${frame.length}`);
  }),
);

testProperty(
  'a claim behind whole frames is found to be none',
  fc.property(claimingFrame, fc.uint8Array({ maxLength: 20 }), (frame, payload) => {
    const header = encodeHeader({ chain: 1n, codec: 'postcard' });
    const file = Uint8Array.of(...header, ...encodeFrame(1, payload), ...frame);
    let found = 0;
    const largestBytes = largestAllocation(() => {
      found = scanFrames(file, header.length, 1).frames.length;
    });
    assert.equal(found, 1);
    assert.ok(largestBytes <= boundOf(file), `${largestBytes} bytes for ${file.length}`);
  }),
);

testProperty(
  'records that claim more than there is of them make no decoder allocate',
  fc.property(
    fc.constantFrom('msgpack' as const, 'postcard' as const),
    fc.infiniteStream(fc.nat(1000)),
    (codec, drawn) => {
      const bytes = claimed(codec, 1, (_what, bound) => (drawn.next().value ?? 0) % bound);
      const decoder = new RecordDecoder(bodyCodec(codec), 1);
      let refused = false;
      const largestBytes = largestAllocation(() => {
        refused = !decoder.decode(bytes).ok;
      });
      assert.ok(refused, 'a claim is taken for a record');
      assert.ok(largestBytes <= boundOf(bytes), `${largestBytes} bytes for ${bytes.length}`);
    },
  ),
);
