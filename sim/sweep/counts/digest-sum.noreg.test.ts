/** The digest of a sweep. Digests that CI compares depend on it: change it on purpose only, and say so in CHANGELOG.md. */
import { expect, it } from 'vitest';
import { addDigests, digestTerm, digestText } from './digest-sum.ts';

const RUN = 'ab'.repeat(32);

it('two runs add up to the same digest from version to version', () => {
  const sum = addDigests(digestTerm(1n, RUN), digestTerm(0xffff_ffff_ffff_ffffn, RUN));
  expect(digestText(sum)).toMatchInlineSnapshot(`"c722b0d39ae034f9a36df0f989f96ae97658299a6f002971ec7de161a0b53858"`);
});
