import { describe, expect, it } from 'vitest';
import type { AtEvent, FaultBase, KeyedFault } from '../../world.ts';
import { ArmedFaults } from './armed-faults.ts';

/** Faults at the given events, keyed f1, f2, …, what struck so far, and a way to emit. */
function armed(...moments: readonly (AtEvent | number)[]) {
  const struck: string[] = [];
  const faults = moments.map((at, index): KeyedFault & FaultBase => ({ key: `f${index + 1}`, at, kind: 'stop' }));
  const waiting = new ArmedFaults(faults, ({ key }) => struck.push(key));
  const emit = (event: { readonly kind: string; readonly [field: string]: unknown }): void => {
    const forKind = waiting.of(event.kind);
    if (forKind !== undefined) waiting.saw(forKind, event);
  };
  return { waiting, struck, emit };
}

describe('faults at events', () => {
  it('strike at the n-th event of their kind, once', () => {
    const { waiting, struck, emit } = armed({ event: 'a', nth: 2 });
    emit({ kind: 'b' });
    emit({ kind: 'a' });
    expect([struck, waiting.waiting]).toEqual([[], 1]);
    emit({ kind: 'a' });
    emit({ kind: 'a' });
    expect([struck, waiting.waiting]).toEqual([['f1'], 0]);
  });

  it('count only events whose fields have the values asked for', () => {
    const { struck, emit } = armed({ event: 'a', where: { node: 1, why: null }, nth: 2 });
    for (const fields of [{ node: 1, why: null }, { node: 2, why: null }, { node: 1, why: 'x' }, { node: 1 }]) {
      emit({ kind: 'a', ...fields });
    }
    expect(struck).toEqual([]);
    emit({ kind: 'a', node: 1, why: null });
    expect(struck).toEqual(['f1']);
  });

  it.each([7, 7n, '7'])('take %o for the id 7n', (id) => {
    const { struck, emit } = armed({ event: 'a', where: { id }, nth: 1 });
    emit({ kind: 'a', id: 8n });
    emit({ kind: 'a', id: 7n });
    expect(struck).toEqual(['f1']);
  });

  it('tell ids apart that are the same number', () => {
    const { struck, emit } = armed({ event: 'a', where: { id: '9007199254740993' }, nth: 1 });
    emit({ kind: 'a', id: 9_007_199_254_740_992n });
    expect(struck).toEqual([]);
    emit({ kind: 'a', id: 9_007_199_254_740_993n });
    expect(struck).toEqual(['f1']);
  });

  it('strike in the order of the scenario where one event is what several wait for', () => {
    const { struck, emit } = armed({ event: 'a', nth: 1 }, { event: 'a', nth: 2 }, { event: 'a', nth: 1 });
    emit({ kind: 'a' });
    expect(struck).toEqual(['f1', 'f3']);
    emit({ kind: 'a' });
    expect(struck).toEqual(['f1', 'f3', 'f2']);
  });

  it('leave those at times alone, and cost nothing for kinds that nobody waits for', () => {
    const { waiting } = armed(5);
    expect([waiting.waiting, waiting.of('a')]).toEqual([0, undefined]);
  });

  it('strike no more once they are disarmed', () => {
    const { waiting, struck, emit } = armed({ event: 'a', nth: 1 });
    waiting.disarm();
    emit({ kind: 'a' });
    expect([struck, waiting.waiting]).toEqual([[], 0]);
  });
});
