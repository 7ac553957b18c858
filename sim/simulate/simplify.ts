/** How a scenario of a simulated test is made simpler: earlier and equal times, plainer values, shorter faults. */
import type { ScenarioEdit } from '../world.ts';
import { simplerThan } from './draw-value.ts';
import type { OperationDeclarations } from './options.ts';
import type { Asked, TestConfig, TestFault, TestScenario } from './scenario.ts';
import { AT_DEFAULT, valuesOf } from './workload.ts';

type Edit = ScenarioEdit<TestConfig, Asked, TestFault>;

export function* testEdits(
  operations: OperationDeclarations,
  { workload, faults, config }: TestScenario,
): Generator<Edit> {
  if (config.drawn !== undefined) {
    for (const kind of Object.keys(config.drawn)) yield (scenario) => withoutDrawn(scenario, kind);
  }
  yield sooner;
  for (const operation of workload) {
    const { key, kind } = operation;
    const declaration = operations[kind];
    if (declaration === undefined) continue;
    const { at = AT_DEFAULT } = declaration;
    for (const [name, spec] of [['at', at] as const, ...valuesOf(declaration)]) {
      for (const nth of simplerThan(spec, operation[name]).keys()) {
        yield (scenario) => withValue(scenario, key, name, spec, nth);
      }
    }
  }
  for (const fault of faults) {
    const { key } = fault;
    for (const field of ['at', 'forMs', 'byMs']) {
      for (const nth of simplerNumbers(Reflect.get(fault, field)).keys()) {
        yield (scenario) => withFault(scenario, key, field, nth);
      }
    }
  }
}

/** Numbers nearer to 0. */
function simplerNumbers(value: unknown): readonly unknown[] {
  return typeof value === 'number' ? simplerThan([-Math.abs(value), Math.abs(value)], value) : [];
}

/** Everything at once as much sooner as the first of it can be. */
function sooner(scenario: TestScenario): TestScenario | null {
  const { workload, faults } = scenario;
  const times = [...workload, ...faults].flatMap(({ at }) => (typeof at === 'number' ? [at] : []));
  const byMs = Math.min(...times);
  if (times.length === 0 || byMs === 0) return null;
  return {
    ...scenario,
    workload: workload.map((operation) => ({ ...operation, at: operation.at - byMs })),
    faults: faults.map((fault) => (typeof fault.at === 'number' ? { ...fault, at: fault.at - byMs } : fault)),
  };
}

function withoutDrawn(scenario: TestScenario, kind: string): TestScenario | null {
  const { drawn = {} } = scenario.config;
  if (!Object.hasOwn(drawn, kind)) return null;
  const left = Object.entries(drawn).filter(([other]) => other !== kind);
  return { ...scenario, config: left.length === 0 ? {} : { drawn: Object.fromEntries(left) } };
}

/** The operation with the nth of the values that are simpler than its own; null if there is none. */
function withValue(scenario: TestScenario, key: string, name: string, spec: unknown, nth: number): TestScenario | null {
  const operation = scenario.workload.find((candidate) => candidate.key === key);
  if (operation === undefined) return null;
  const simpler = simplerThan(spec, operation[name])[nth];
  if (simpler === undefined) return null;
  const workload = scenario.workload.map((other) => (other === operation ? { ...other, [name]: simpler } : other));
  return { ...scenario, workload: workload.sort((a, b) => a.at - b.at) };
}

function withFault(scenario: TestScenario, key: string, field: string, nth: number): TestScenario | null {
  const fault = scenario.faults.find((candidate) => candidate.key === key);
  const simpler = fault === undefined ? undefined : simplerNumbers(Reflect.get(fault, field))[nth];
  if (simpler === undefined) return null;
  return {
    ...scenario,
    faults: scenario.faults.map((other) => (other === fault ? { ...other, [field]: simpler } : other)),
  };
}

/** Without aborts of operations that were taken out. */
export function consistent(scenario: TestScenario): TestScenario {
  const keys = new Set(scenario.workload.map(({ key }) => key));
  return { ...scenario, faults: scenario.faults.filter((fault) => fault.kind !== 'abort' || keys.has(fault.op)) };
}
