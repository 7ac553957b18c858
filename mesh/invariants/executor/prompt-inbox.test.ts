import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { HEAT } from '../testing/fake-node.testing.ts';
import { promptInbox } from './prompt-inbox.ts';

function setup() {
  const mesh = new FakeMesh();
  const checker = mesh.checker(promptInbox);
  mesh.start();
  const node = mesh.node(1);
  return {
    mesh,
    checker,
    node,
    offer: (outcome: 'sent' | 'full' = 'sent') => node.offer('k', { kind: 'submit', action: HEAT }, outcome),
  };
}

describe('what gets into an inbox', () => {
  it('is taken out in its millisecond', () => {
    const { mesh, checker, node, offer } = setup();
    offer();
    node.take('k');
    offer('full');
    mesh.after(3);
    offer();
    expect(checker.found).toBeNull();
    mesh.after(1);
    node.take('k');
    expect(checker.found?.message).toContain(
      'expected node 1 to take out at 3 ms what was in its inbox, found 1 still there at 4 ms',
    );
  });

  it('waits for a paused node until that resumes', () => {
    const { mesh, checker, node, offer } = setup();
    mesh.emit({ kind: 'pause', ...node.at });
    offer();
    mesh.after(9).emit({ kind: 'resume', ...node.at });
    expect(checker.found).toBeNull();
    mesh.after(1).end();
    expect(checker.found?.message).toContain('at 9 ms');
  });
});
