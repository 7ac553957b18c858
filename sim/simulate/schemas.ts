/**
 * What a scenario file of a simulated test may say. A value may be other than what the test declares by now: a file that was
 * kept still says what happened then.
 */
import type { AnyScenario } from '../scenario/file/read.ts';
import type { Complaint, WorldSchemas } from '../world.ts';
import { FAULT_KINDS, type OperationDeclarations } from './options.ts';
import { ABORTS } from './scenario.ts';
import { valuesOf } from './workload.ts';

const HARDNESS_MAX = 3;
/** What every operation of a scenario has. */
const KEYED: readonly string[] = ['key', 'at', 'kind'];

export async function testSchemas(operations: OperationDeclarations): Promise<WorldSchemas> {
  const { z } = await import('zod');
  const key = z.string();
  const at = z.int().min(0);
  const keyed = { key, at };
  const kinds = Object.keys(operations);
  const moment = z.union([
    at,
    z.strictObject({ event: z.string(), where: z.record(z.string(), z.string()).optional(), nth: z.int().min(1) }),
  ]);
  const ofNode = { key, at: moment, node: z.string() };
  const lasting = { ...ofNode, forMs: z.int().min(0) };
  return {
    config: z.strictObject({
      drawn: z.partialRecord(z.enum(FAULT_KINDS), z.int().min(1).max(HARDNESS_MAX)).optional(),
    }),
    operation: z.object({ ...keyed, kind: kinds.length === 0 ? z.never() : z.enum(kinds) }).catchall(z.json()),
    fault: z.discriminatedUnion('kind', [
      z.strictObject({ ...lasting, kind: z.literal('node-crash') }),
      z.strictObject({ ...lasting, kind: z.literal('node-pause') }),
      z.strictObject({ ...lasting, kind: z.literal('timer-late') }),
      z.strictObject({ ...ofNode, kind: z.literal('clock-jump'), byMs: z.int() }),
      z.strictObject({ key, at: moment, kind: z.literal('abort'), op: z.string(), how: z.enum(ABORTS) }),
    ]),
    check: (scenario) => [...checkValues(scenario, operations), ...checkReferences(scenario)],
  };
}

/** An operation has the values that its kind declares. */
function checkValues({ workload }: AnyScenario, operations: OperationDeclarations): readonly Complaint[] {
  return workload.flatMap((operation, i) => {
    const values = valuesOf(operations[operation.kind] ?? {}).map(([name]) => name);
    const unknown = Object.keys(operation).filter((name) => !KEYED.includes(name) && !values.includes(name));
    const missing = values.filter((name) => !Object.hasOwn(operation, name));
    return [
      ...unknown.map((name) => ({ path: ['workload', i, name], message: 'expected no value that is not declared' })),
      ...missing.map((name) => ({ path: ['workload', i], message: `expected a value for ${name}` })),
    ];
  });
}

/** An abort is of an operation that is there. */
function checkReferences({ workload, faults }: AnyScenario): readonly Complaint[] {
  const keys = new Set(workload.map(({ key }) => key));
  return faults.flatMap((fault, i) =>
    'op' in fault && typeof fault.op === 'string' && !keys.has(fault.op)
      ? [{ path: ['faults', i, 'op'], message: 'expected the key of an operation' }]
      : [],
  );
}
