/** Measurements on this project's own checkout that end before they measure anything. */
import { describe, expect, it } from 'vitest';
import { canary, harmless, measured, own, plain } from './measure.testing.ts';
import type { Mutant } from './mutant.ts';

/** Each builds several workers: a second or two, and many on a machine that does other things besides. */
describe('a measurement', { timeout: 120_000 }, () => {
  it('is void where the canary is not seen, and then measures nothing', async () => {
    const result = await measured([own('ring-one-too-many')], { ...harmless, id: 'canary' }, 1);
    expect(result).toMatchObject({ void: true, mutants: [] });
    expect(plain(result)).toMatch(/^void: the canary/);
  });

  it('is void where the canary is seen by another invariant than the one it names', async () => {
    const other: Mutant = {
      ...canary,
      detector: { kind: 'sweep', invariant: 'settle', profile: 'swarm', semantics: 'strict' },
    };
    expect(await measured([], other, 1)).toMatchObject({ void: true });
  });

  it('plants nothing if a single text does not match', async () => {
    const gone: Mutant = { ...harmless, id: 'gone', find: 'no such text' };
    await expect(measured([own('ring-one-too-many'), gone], canary, 1)).rejects.toThrow(
      'gone: its text does not stand',
    );
  });
});
