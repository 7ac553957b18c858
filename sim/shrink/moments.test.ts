import { describe, expect, it } from 'vitest';
import type { AtEvent, FaultBase, OperationBase, Scenario } from '../world.ts';
import { atTime, momentEdits } from './moments.ts';

type Plain = Scenario<null, OperationBase, FaultBase>;

function withFault(at: AtEvent | number): Plain {
  const fault = { key: 'f1', at, kind: 'stop' };
  return { format: 1, name: 'n', world: 'w', semantics: 's', seed: 1n, config: null, workload: [], faults: [fault] };
}

/** When the fault strikes after each edit alone. */
function edited(at: AtEvent | number): readonly unknown[] {
  const from = withFault(at);
  return [...momentEdits<null, OperationBase, FaultBase>({ key: 'f1', at })]
    .map((edit) => edit(from))
    .flatMap((to) => (to === null ? [] : to.faults.map((fault) => fault.at)));
}

describe('when a fault strikes', () => {
  it('becomes the time at which it struck', () => {
    expect(atTime(withFault({ event: 'a', nth: 2 }), 'f1', 70).faults).toEqual([{ key: 'f1', at: 70, kind: 'stop' }]);
  });

  it('or an event with fewer conditions, that comes sooner', () => {
    expect(edited({ event: 'a', where: { node: 1, id: 7n }, nth: 5 })).toEqual([
      { event: 'a', where: { id: 7n }, nth: 5 },
      { event: 'a', where: { node: 1 }, nth: 5 },
      { event: 'a', where: { node: 1, id: 7n }, nth: 1 },
      { event: 'a', where: { node: 1, id: 7n }, nth: 2 },
      { event: 'a', where: { node: 1, id: 7n }, nth: 4 },
    ]);
    expect(edited({ event: 'a', where: { node: 1 }, nth: 1 })).toEqual([{ event: 'a', nth: 1 }]);
  });

  it('stays where it is if that is a time', () => {
    expect(edited(70)).toEqual([]);
  });
});
