/** The kernel does what every runtime has to do: the same cases as the Node runtime's, under several choosers. */
import { describe, expect, it } from 'vitest';
import { RUNTIME_CONTRACT } from '../../src/runtime/contract.testing.ts';
import { type Chooser, PlainChooser, SeededChooser } from './choices/chooser.ts';
import { Kernel } from './kernel.ts';

const SEEDS = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n];
const choosers: readonly [string, () => Chooser][] = [
  ['the plain chooser', () => new PlainChooser()],
  ...SEEDS.map((seed): [string, () => Chooser] => [`seed ${seed}`, () => new SeededChooser(seed)]),
];

describe.each(choosers)('under %s, the kernel', (_name, chooser) => {
  it.each(RUNTIME_CONTRACT)('$does', async ({ run }) => {
    const kernel = new Kernel({ chooser: chooser(), epochMs: 1_700_000_000_000 });
    const group = kernel.root.child('n1/i0');
    let done = false;
    group.spawn('case', async () => {
      await run(group);
      done = true;
    });
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(done).toBe(true);
  });
});
