/** How large a scenario is for a reader: what happens, and what is left to chance. */
import type { FaultBase, OperationBase, Scenario } from '../world.ts';

export interface ScenarioSize {
  readonly operations: number;
  readonly faults: number;
  /** Choices that are not plain: the number of pins, or `all` where the seed decides every choice. */
  readonly choices: number | 'all';
}

export function sizeOf<C, O extends OperationBase, F extends FaultBase>(scenario: Scenario<C, O, F>): ScenarioSize {
  const { workload, faults, seeded, choices } = scenario;
  return {
    operations: workload.length,
    faults: faults.length,
    choices: seeded === undefined ? 'all' : seeded.length + Object.keys(choices ?? {}).length,
  };
}

/** For example `3 operations, 1 fault and 2 choices`. */
export function sizeText({ operations, faults, choices }: ScenarioSize): string {
  const chosen = choices === 'all' ? 'all choices by seed' : count(choices, 'pinned choice');
  return `${count(operations, 'operation')}, ${count(faults, 'fault')}, ${chosen}`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
