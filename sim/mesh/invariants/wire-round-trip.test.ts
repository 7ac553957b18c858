import { describe, expect, it } from 'vitest';
import { fakeEncode } from './fake-codec.testing.ts';
import { FakeMesh } from './fake-mesh.testing.ts';
import { wireRoundTrip } from './wire-round-trip.ts';

/** Node 1 writes postcard, node 2 msgpack. */
function setup() {
  const mesh = new FakeMesh();
  return { mesh, judge: mesh.judge(wireRoundTrip) };
}

describe('wire-round-trip', () => {
  it('holds for records of every disposition in both codecs, refused and damaged appends and other versions included', () => {
    const { mesh, judge } = setup();
    for (const number of [1, 2]) {
      const node = mesh.node(number);
      for (let i = 0; i < 40; i++) {
        node.writerVersion = i === 7 ? 3 : 1;
        node.seams.action = i !== 8;
        node.seams.damage = i === 9 ? Uint8Array.of(1, 2) : null;
        const id = node.submit(`k${i}`);
        if (i % 4 === 0) node.fresh(id, { is: 'ok' });
        else if (i % 4 === 1) node.fresh(id, { is: 'failed', reason: 'ünreachable '.repeat(i) });
        else if (i % 4 === 2) node.fresh(id, { is: 'failed', reason: '', retryAfterMs: i * 1000 });
        else node.fresh(id, { is: 'gate', untilMs: i });
      }
      node.appendRecord({
        id: 0xffff_ffff_ffff_ffffn,
        kind: 'kind 🦀',
        emittedAtMs: 2n ** 53n + 1n,
        disposition: { type: 'failed', reason: '\0', retryAfterMs: 0xffff_ffff_ffff_ffffn },
      });
    }
    expect(judge.found).toBeNull();
  });

  it.each([
    ['postcard', 1],
    ['msgpack', 2],
  ] as const)('fires when %s gives another record back', (codec, number) => {
    const { mesh, judge } = setup();
    const { decode } = mesh;
    mesh.decode = (which, version, bytes) => {
      const decoded = decode(which, version, bytes);
      return which === codec && decoded.ok ? { ok: true, record: { ...decoded.record, id: 5n } } : decoded;
    };
    const node = mesh.node(number);
    node.fresh(node.submit('k1'), { is: 'rejected' });
    expect(judge.found).toMatchObject({ kind: 'log-append' });
    expect(judge.found?.message).toContain(`back from the ${codec} codec, found {id: 5`);
  });

  it('fires when the codec that the chain does not use is wrong', () => {
    const { mesh, judge } = setup();
    mesh.decode = (codec, version, bytes) =>
      codec === 'msgpack'
        ? { ok: false, error: 'malformed', message: '' }
        : new FakeMesh().decode(codec, version, bytes);
    const node = mesh.node(1);
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(judge.found?.message).toContain("back from the msgpack codec, found the error 'malformed'");
  });

  it('decodes successes again now and then', () => {
    const { mesh, judge } = setup();
    const node = mesh.node(1);
    for (let i = 1; i <= 20; i++) node.fresh(node.submit(`k${i}`), { is: 'ok' });
    expect(judge.found).toBeNull();
    const good = mesh.decode;
    mesh.decode = (codec, version, bytes) => {
      const decoded = good(codec, version, bytes);
      return decoded.ok ? { ok: true, record: { ...decoded.record, kind: 'other' } } : decoded;
    };
    for (let i = 21; i <= 28; i++) node.fresh(node.submit(`k${i}`), { is: 'ok' });
    expect(judge.found).toMatchObject({ kind: 'log-append' });
  });

  it('fires when the encoder makes bytes that hold no record', () => {
    const { mesh, judge } = setup();
    mesh.encode = () => Uint8Array.of(1, 0xff);
    const node = mesh.node(2);
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(judge.found?.message).toBe('expected the msgpack encoder of node 2 to make a record, found 01ff');
  });

  it('fires when equal records give other bytes, by the order of their fields or by themselves', () => {
    const byOrder = setup();
    byOrder.mesh.encode = (codec, version, record) =>
      Object.keys(record)[0] === 'id' || codec === 'msgpack'
        ? fakeEncode(codec, version, record)
        : Uint8Array.from([...fakeEncode(codec, version, record), 0]);
    const one = byOrder.mesh.node(1);
    one.fresh(one.submit('k1'), { is: 'ok' });
    expect(byOrder.judge.found?.message).toContain('expected equal postcard bytes for equal records');
    const inLog = setup();
    inLog.mesh.spoil('log-append', (event) => ({ ...event, payload: Uint8Array.from([...event.payload, 0]) }));
    const two = inLog.mesh.node(1);
    two.fresh(two.submit('k1'), { is: 'ok' });
    expect(inLog.judge.found?.message).toContain('expected equal postcard bytes for equal records');
  });

  it('fires when encoding leaves something out', () => {
    const { mesh, judge } = setup();
    mesh.encode = (codec, version, record) => fakeEncode(codec, version, { ...record, emittedAtMs: 0n });
    const node = mesh.node(1);
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(judge.found).toMatchObject({ kind: 'append-action' });
    expect(judge.found?.message).toContain(
      'expected the postcard encoder to make {id: 1, kind: "reduce_heat", emittedAtMs: 17',
    );
  });

  it('fires when a well-formed record is refused, and not when one is refused for a lone surrogate', () => {
    for (const reason of ['whole', 'half \ud83e']) {
      const { mesh, judge } = setup();
      const node = mesh.node(1);
      node.seams.action = false;
      mesh.encode = () => null;
      node.append(2n, { type: 'failed', reason, retryAfterMs: null });
      if (reason === 'whole') expect(judge.found?.message).toContain('to encode the well-formed record');
      else expect(judge.found).toBeNull();
    }
  });

  it('fires when an undamaged entry is not folded by a decoder of its version', () => {
    const { mesh, judge } = setup();
    mesh.spoil('fold', (event) => ({ ...event, outcome: 'malformed' }));
    const node = mesh.node(1);
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(judge.found).toMatchObject({ kind: 'fold' });
    expect(judge.found?.message).toContain("undamaged and of version 1, to be folded by node 1, found 'malformed'");
  });
});
