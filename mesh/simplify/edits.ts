/**
 * How a mesh scenario becomes simpler without losing operations or faults: fewer nodes, usual limits, times closer
 * together, plainer actions and faults. Shrinking tries these edits one by one and keeps those that still show the bug.
 */
import { configEdits, configShortcuts } from './config.ts';
import { consistent } from './consistent.ts';
import type { Edit, MeshScenario } from './edit.ts';
import { faultEdits } from './faults.ts';
import { operationEdits } from './operations.ts';
import { keepNodes, nodesUsed } from './renumber.ts';
import { timeEdits } from './times.ts';

export function* meshEdits(scenario: MeshScenario): Generator<Edit> {
  for (const edit of allEdits(scenario)) {
    yield (current) => {
      const simpler = edit(current);
      return simpler === null ? null : consistent(simpler);
    };
  }
}

function* allEdits(scenario: MeshScenario): Generator<Edit> {
  yield (current) => keepNodes(current, nodesUsed(current));
  for (let node = scenario.config.nodes; node >= 1; node -= 1) yield (current) => withoutNode(current, node);
  yield* configEdits(scenario);
  yield* faultEdits(scenario);
  yield* operationEdits(scenario);
  yield* timeEdits(scenario);
}

/** Edits that are worth it only if operations or faults disappear because of them. */
export function* meshShortcuts(): Generator<Edit> {
  yield* configShortcuts();
}

function withoutNode(scenario: MeshScenario, node: number): MeshScenario | null {
  if (scenario.config.nodes === 1 || nodesUsed(scenario).has(node)) return null;
  const kept = new Set(scenario.config.codecs.map((_codec, index) => index + 1));
  kept.delete(node);
  return keepNodes(scenario, kept);
}
