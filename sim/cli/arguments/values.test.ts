import { describe, expect, it } from 'vitest';
import { checkRange, parseCount, parseDuration, parseNames, parseSeed, parseShare, UsageError } from './values.ts';

describe('a seed', () => {
  it.each([
    ['0', 0n],
    ['42', 42n],
    ['0x2A', 42n],
    ['9007199254740993', 9007199254740993n],
    ['18446744073709551615', 0xffff_ffff_ffff_ffffn],
    ['0xffffffffffffffff', 0xffff_ffff_ffff_ffffn],
  ])('%s is taken whole', (text, seed) => {
    expect(parseSeed('--seed', text)).toBe(seed);
  });

  it.each(['', ' 1', '1e3', '-1', '+1', '1.0', '1_000', '0b1', '0x', '0xg', '1n', 'NaN', '٣', '9'.repeat(5000)])(
    '%s is refused',
    (text) => {
      expect(() => parseSeed('--seed', text)).toThrow(UsageError);
    },
  );

  it.each(['18446744073709551616', '0x10000000000000000'])('%s is refused as too great', (text) => {
    expect(() => parseSeed('--seed', text)).toThrow('is above 18446744073709551615');
  });

  it('is refused in one short line, whatever was typed', () => {
    expect(() => parseSeed('--seed', `1\n${'x'.repeat(500)}`)).toThrow(/^--seed: "1\\nx{1,60}…" is not a u64 .*$/);
  });

  it('starts a range that ends within the u64', () => {
    expect(() => checkRange(0xffff_ffff_ffff_ffffn, 1)).not.toThrow();
    expect(() => checkRange(0xffff_ffff_ffff_ffffn, 2)).toThrow(UsageError);
  });
});

describe('a count', () => {
  it('is a whole number from 1', () => {
    expect(parseCount('--runs', '10000')).toBe(10_000);
    for (const text of ['0', 'abc', '-5', '1.5', '1e3', '', '9007199254740993']) {
      expect(() => parseCount('--runs', text)).toThrow(UsageError);
    }
  });

  it('may have a greatest', () => {
    expect(parseCount('--jobs', '256', 256)).toBe(256);
    expect(() => parseCount('--jobs', '257', 256)).toThrow('from 1 to 256');
  });
});

describe('a length of time', () => {
  it.each([
    ['500ms', 500],
    ['60s', 60_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
  ])('%s has its unit', (text, ms) => {
    expect(parseDuration('--time', text)).toBe(ms);
  });

  it.each(['60', '0s', '-1s', '1.5s', '1d', '', 's', '1000h'])('%s is refused', (text) => {
    expect(() => parseDuration('--time', text)).toThrow(UsageError);
  });

  it('is in milliseconds where that goes without saying', () => {
    expect(parseDuration('--until', '1500', 'ms')).toBe(1500);
    expect(parseDuration('--until', '2s', 'ms')).toBe(2000);
    expect(() => parseDuration('--until', '0', 'ms')).toThrow(UsageError);
  });
});

describe('a list of names', () => {
  const known = ['a.one', 'b.two', 'c.three'];

  it('is all, or known ones', () => {
    expect(parseNames('--require-marks', 'all', known)).toEqual(known);
    expect(parseNames('--require-marks', 'b.two, a.one,b.two', known)).toEqual(['b.two', 'a.one']);
  });

  it('refuses what is not known, and says what may have been meant, in a line', () => {
    const many = [...known, ...Array.from({ length: 100 }, (_, i) => `some.other-name-${i}`)];
    expect(() => parseNames('--require-marks', 'a.one,b.tow', many)).toThrow(
      /^--require-marks: "b\.tow" is not known; nearest of 103 are b\.two, [^,]+, [^,]+, [^,]+, [^,]+$/,
    );
    expect(() => parseNames('--require-marks', 'x'.repeat(5000), many)).toThrow(/^.{1,250}$/);
    expect(() => parseNames('--require-marks', '', known)).toThrow(UsageError);
  });
});

describe('a share', () => {
  it.each([
    ['0.01', 0.01],
    ['1%', 0.01],
    ['0.5%', 0.005],
    ['99.9%', 0.999],
  ])('%s is taken as %f', (text, share) => {
    expect(parseShare('--until-stable', text)).toBeCloseTo(share, 12);
  });

  it.each(['', '0', '0%', '1', '100%', '101%', '-1%', '.5', '1e-3', '1 %', '%', '0.0.1', 'NaN'])(
    '%s is refused',
    (text) => {
      expect(() => parseShare('--until-stable', text)).toThrow(UsageError);
    },
  );
});
