import { describe, expect, it } from 'vitest';
import { BodyWriter, utf8Length } from './body-writer.ts';

const TEXTS = ['', 'start_daemon', 'é', 'a\ud800b', '\udfff', '🦀'.repeat(64), 'x'.repeat(64), 'x'.repeat(3000)];

describe('a body writer', () => {
  it('writes texts as UTF-8, short and long ones, lone surrogates as U+FFFD', () => {
    const writer = new BodyWriter();
    for (const text of TEXTS) {
      const expected = new TextEncoder().encode(text);
      expect(utf8Length(text)).toBe(expected.length);
      writer.begin();
      writer.text(text, utf8Length(text));
      expect(writer.copy()).toEqual(expected);
      expect(writer.is(expected, 0)).toBe(true);
    }
  });

  it('tells a body from one that differs in a byte, or in its length', () => {
    const writer = new BodyWriter();
    for (const length of [3, 300]) {
      writer.begin();
      for (let i = 0; i < length; i++) writer.byte(i & 0xff);
      const same = Uint8Array.of(1, ...writer.copy());
      expect(writer.is(same, 1)).toBe(true);
      expect(writer.is(same, 0)).toBe(false);
      expect(writer.is(same.subarray(0, length), 1)).toBe(false);
      for (const at of [1, length]) {
        const other = same.slice();
        other[at] = 0xee;
        expect(writer.is(other, 1)).toBe(false);
      }
    }
  });

  it('keeps what it wrote when it needs more room', () => {
    const writer = new BodyWriter();
    writer.begin();
    writer.bytes([1, 2]);
    writer.u64(0x0102_0304_0506_0708n);
    writer.text('y'.repeat(5000), 5000);
    writer.u64(0xffff_ffff_ffff_ffffn);
    const written = writer.copy();
    expect(written.length).toBe(5018);
    expect([...written.subarray(0, 11)]).toEqual([1, 2, 1, 2, 3, 4, 5, 6, 7, 8, 0x79]);
    expect([...written.subarray(5009)]).toEqual([0x79, ...new Array(8).fill(0xff)]);
  });
});
