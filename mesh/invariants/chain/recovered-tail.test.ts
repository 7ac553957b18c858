import { expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { recoveredTail } from './recovered-tail.ts';

it('what was recovered of a log, own or copy, has to be synced when the node crashes again', () => {
  const mesh = new FakeMesh();
  const checker = mesh.checker(recoveredTail);
  const crash = (chain: number, synced: number) =>
    mesh.emit({ kind: 'log-cut', node: 1, inc: 0, chain, synced, written: 90, kept: 90 });
  crash(2, 0);
  for (const chain of [1, 2]) mesh.emit({ kind: 'recover', node: 1, inc: 1, chain, found: 90, kept: 80, entries: 2 });
  crash(1, 80);
  expect(checker.found).toBeNull();
  crash(2, 79);
  expect(checker.found?.message).toContain('expected the 80 bytes that node 1 recovered of chain 2 to be synced');
});
