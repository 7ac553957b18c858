import { describe, expect, it } from 'vitest';
import { toyWorld } from '../../examples/toy-world.ts';
import type { RunResult } from '../../scenario/run/result.ts';
import { runScenario } from '../../scenario/run/run.ts';
import { unfinished } from '../source.ts';
import { fingerprinter } from './fingerprint.ts';

const of = fingerprinter(toyWorld);
const run = await runScenario(toyWorld, toyWorld.generate(1n, 'swarm', 'resend'));

function shown(result: RunResult): readonly number[] | null {
  const fingerprint = of(result);
  return fingerprint === null ? null : [...fingerprint];
}

describe('the fingerprint of a run', () => {
  it('has the marks that were reached and the states of invariants, each once and in order', () => {
    // Two marks, then never-ahead's states and those of `together`, which only looks at the end.
    expect(run.states).toEqual(['never-ahead shown 10', 'together shown 1']);
    expect(shown({ ...run, marks: { 'lost-thrice': 4, arrived: 20 } })).toEqual([0, 1, 3, 7]);
  });

  it('does not depend on how often or in which order', () => {
    const marks = { arrived: 1, 'lost-thrice': 1 };
    expect(shown({ ...run, marks })).toEqual(shown({ ...run, marks: { 'lost-thrice': 9, arrived: 2 } }));
  });

  it('changes with a mark, a state, and a violation of the run itself', () => {
    const fingerprints = [
      shown({ ...run, marks: {} }),
      shown({ ...run, states: [] }),
      shown({ ...run, states: [...(run.states ?? []), 'no-crash violated'] }),
      shown(run),
    ];
    expect(new Set(fingerprints.map(String)).size).toBe(fingerprints.length);
  });

  it('leaves out marks that the world does not declare', () => {
    expect(shown({ ...run, marks: { ...run.marks, unheard: 1 } })).toEqual(shown(run));
  });

  it('is none where a run did not come to its end', () => {
    expect(of(unfinished(1n, 'inconclusive', 'p'))).toBeNull();
  });
});
