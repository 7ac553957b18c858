import { describe, expect, it } from 'vitest';
import { bytesOf, readVectors } from '../model/vectors.testing.ts';
import { fakeDecode } from '../testing/fake-codec.testing.ts';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { decodeReason, refusalOf } from './decode-reason.ts';

interface RecordedError {
  readonly name: string;
  readonly bytes: string;
  readonly result: { readonly err?: { readonly message: string } };
}

/** A mesh whose decoders say `message` of all that they refuse; without one, what is right. */
function setup(message?: string) {
  const mesh = new FakeMesh();
  mesh.decode = (codec, version, bytes) => {
    const decoded = fakeDecode(codec, version, bytes);
    return decoded.ok ? decoded : { ...decoded, message: message ?? refusalOf(codec, version, bytes) ?? '' };
  };
  const checker = mesh.checker(decodeReason);
  const probe = (bytes: Uint8Array, codec: 'msgpack' | 'postcard' = 'postcard', reader = 1): void => {
    const decoded = mesh.decode(codec, reader, bytes);
    const outcome = decoded.ok ? 'record' : decoded.error;
    mesh.emit({
      kind: 'probe',
      ...mesh.node(1).at,
      codec,
      reader,
      bytes,
      outcome,
      decoded: null,
      largestBytes: 0,
    });
  };
  return { mesh, checker, probe };
}

const ENDS_EARLY = 'postcard decode: Hit the end of buffer, expected more data';

describe('decode-reason', () => {
  it('knows what the recorded vectors say of each of their inputs', () => {
    const vectors = readVectors<RecordedError>('action-chain-decode-errors.jsonl');
    expect(vectors.length).toBeGreaterThan(300);
    for (const { name, bytes, result } of vectors) {
      expect([name, refusalOf('postcard', 1, bytesOf(bytes))]).toEqual([name, result.err?.message ?? null]);
    }
  });

  it('holds while each damage is given its own reason', () => {
    const { mesh, checker, probe } = setup();
    for (const bytes of [[], [1], [2, 1], [1, 1, 1, 0x6b, 5, 3], [1, 1, 1, 0x6b, 5, 0]]) probe(Uint8Array.from(bytes));
    probe(Uint8Array.of(3), 'msgpack', 3);
    mesh.node(1).seams.damage = Uint8Array.of(1, 0xff);
    mesh.node(1).fresh(mesh.node(1).submit('k1'), { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('fires when the reason is that of another damage', () => {
    const { checker, probe } = setup(ENDS_EARLY);
    probe(Uint8Array.of(1));
    expect(checker.found).toBeNull();
    probe(Uint8Array.of(1, 1, 1, 0x6b, 5, 3));
    expect(checker.found?.message).toBe(
      `expected the postcard decoder of version 1 to say 'postcard decode: Serde Deserialization Error' of 0101016b0503, found '${ENDS_EARLY}'`,
    );
  });

  it('fires when one codec speaks for the other, and when another version or nothing is taken for damage', () => {
    for (const [bytes, codec] of [
      [[1], 'msgpack'],
      [[2, 1], 'postcard'],
      [[], 'postcard'],
    ] as const) {
      const { checker, probe } = setup(ENDS_EARLY);
      probe(Uint8Array.from(bytes), codec);
      expect(checker.found?.message).toContain(`found '${ENDS_EARLY}'`);
    }
  });

  it('looks at bytes that were damaged before they entered a log, read by a decoder of their own version', () => {
    const { mesh, checker } = setup('postcard decode: something else');
    const node = mesh.node(1);
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(checker.found).toBeNull();
    node.seams.damage = Uint8Array.of(9, 1);
    node.fresh(node.submit('k2'), { is: 'ok' });
    expect(checker.found?.kind).toBe('log-append');
    expect(checker.found?.message).toContain(`to say '${ENDS_EARLY}' of 0901`);
  });
});
