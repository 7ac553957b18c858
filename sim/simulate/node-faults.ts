/**
 * Faults of nodes are drawn when a node is made, by its name: which other nodes there are then makes no difference. They
 * strike at a time, or at a step of the node.
 */
import type { Name } from '../kernel/choices/name.ts';
import type { KeyedFault } from '../world.ts';
import type { FaultKind } from './options.ts';
import type { NodeFault, TestConfig } from './scenario.ts';

type Drawn = KeyedFault & NodeFault;
type Draw = (name: Name, bound: number) => number;

/** The test itself is not down and not paused, as nobody would go on. */
const OF_THE_TEST: readonly FaultKind[] = ['clock-jump', 'timer-late'];
const OF_A_NODE = ['node-crash', 'node-pause', 'clock-jump', 'timer-late'] as const;
const STEP_MAX = 20;
const LENGTHS_MS = [5, 50, 500] as const;
const JUMPS_MS = [10, 1000, 60_000, 3_600_000, 86_400_000] as const;
/** The node that runs the test's body and its operations. */
export const TEST_NODE = 'test';

/** `horizonMs`: when the last operation begins. */
export function* drawNodeFaults(
  node: string,
  { drawn = {} }: TestConfig,
  where: Name,
  draw: Draw,
  nowMs: number,
  horizonMs: number,
): Generator<Drawn> {
  for (const kind of OF_A_NODE) {
    const hardness = drawn[kind];
    if (hardness === undefined || (node === TEST_NODE && !OF_THE_TEST.includes(kind))) continue;
    const ofKind = where.child('fault', kind);
    const count = draw(ofKind.child('count'), 2 * hardness + 1);
    for (let i = 1; i <= count; i += 1) {
      const fault = ofKind.child('n', i);
      const pick = <T>(what: string, items: readonly [T, ...T[]]): T =>
        items[draw(fault.child(what), items.length)] ?? items[0];
      const atMs =
        nowMs + draw(fault.child('ms'), pick('within', [10, 100, Math.max(1, horizonMs), 2 * horizonMs + 100]));
      const nth = 1 + draw(fault.child('nth'), STEP_MAX);
      const at = draw(fault.child('at'), 2) === 0 ? atMs : { event: 'step', where: { of: node }, nth };
      const key = `${node}.${kind}.${i}`;
      if (kind === 'clock-jump') {
        const size = 1 + draw(fault.child('by'), pick('size', JUMPS_MS));
        yield { key, at, kind, node, byMs: draw(fault.child('back'), 2) === 0 ? size : -size };
      } else {
        yield { key, at, kind, node, forMs: 1 + draw(fault.child('for'), pick('length', LENGTHS_MS)) };
      }
    }
  }
}
