import { describe, expect, it } from 'vitest';
import { frameOf, headerOf } from '../model/wire/frames.ts';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { logForm } from './log-form.ts';

function setup() {
  const mesh = new FakeMesh();
  mesh.firstSeq = 1;
  return { mesh, node: mesh.node(1), judge: mesh.judge(logForm) };
}

/** The frame, its checksum put right again after a change. */
function changed(seq: bigint, payload: Uint8Array, change: (frame: Uint8Array) => void): Uint8Array {
  const frame = frameOf(seq, payload);
  change(frame);
  return frame;
}

describe('log-form', () => {
  it('holds for headers and frames as specified, over a crash too', () => {
    const { mesh, node, judge } = setup();
    mesh.start();
    for (let i = 1; i <= 3; i++) node.fresh(node.submit(`k${i}`), { is: 'ok' });
    mesh.crash(1, 2);
    mesh.boot();
    const again = mesh.node(1);
    again.fresh(again.submit('k4'), { is: 'ok' });
    expect(judge.found).toBeNull();
  });

  it('fires at the start when a header names another codec or another chain, in a copy too', () => {
    for (const [chain, header] of [
      [1, headerOf(1, 'msgpack')],
      [1, headerOf(2, 'postcard')],
      [2, headerOf(2, 'postcard')],
      [2, new Uint8Array(0)],
    ] as const) {
      const { mesh, node, judge } = setup();
      node.chain(chain).header = header;
      mesh.start();
      expect(judge.found).toMatchObject({ event: 1, kind: 'boot' });
      expect(judge.found?.message).toContain(`expected the log of chain ${chain} on node 1 to begin with the header`);
    }
  });

  it('fires when a checksum is not the CRC-32 of seq, length and payload', () => {
    const { mesh, node, judge } = setup();
    node.chain(1).frame = (seq, payload) =>
      changed(seq, payload, (frame) => {
        for (let at = frame.length - 4; at < frame.length; at++) frame[at] = (frame[at] ?? 0) ^ 0xff;
      });
    mesh.start();
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(judge.found?.kind).toBe('log-append');
    expect(judge.found?.message).toMatch(
      /^the frame of entry 1 of chain 1 is not as specified: expected the CRC-32 [0-9a-f]{8}, found [0-9a-f]{8}$/,
    );
  });

  it('fires when seq or length stand there in the other order of bytes', () => {
    for (const [from, what] of [
      [0, 'expected the seq 1 in the first 8 bytes'],
      [8, 'expected the length'],
    ] as const) {
      const { mesh, node, judge } = setup();
      node.chain(1).frame = (seq, payload) =>
        changed(seq, payload, (frame) => frame.subarray(from, from === 0 ? 8 : 12).reverse());
      mesh.start();
      node.fresh(node.submit('k1'), { is: 'ok' });
      expect(judge.found?.message).toContain(`is not as specified: ${what}`);
    }
  });

  it('fires when an entry takes more of the file than its frame', () => {
    const { mesh, node, judge } = setup();
    node.chain(1).frame = (seq, payload) => Uint8Array.of(...frameOf(seq, payload), 0);
    mesh.start();
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(judge.found?.message).toMatch(/expected \d+ bytes more in the file, found \d+$/);
  });

  it('fires when a seq is left out, or used again after a crash', () => {
    const { mesh, node, judge } = setup();
    mesh.start();
    node.fresh(node.submit('k1'), { is: 'ok' });
    mesh.spoil('log-append', (event) => ({ ...event, seq: 3n }));
    node.fresh(node.submit('k2'), { is: 'ok' });
    expect(judge.found?.message).toBe('expected entry 2 next in the log of node 1, found entry 3');
    const other = setup();
    other.mesh.start();
    for (let i = 1; i <= 2; i++) other.node.fresh(other.node.submit(`k${i}`), { is: 'ok' });
    other.mesh.crash(1, 2);
    other.mesh.boot();
    other.mesh.spoil('log-append', (event) => ({ ...event, seq: 2n }));
    const again = other.mesh.node(1);
    again.fresh(again.submit('k3'), { is: 'ok' });
    expect(other.judge.found?.message).toBe('expected entry 3 next in the log of node 1, found entry 2');
  });
});
