/**
 * Choices are local: taking one operation out of a scenario leaves the other operations' choices as they were. That keeps a
 * bug alive while its scenario shrinks, and old seeds alive when a workload is edited.
 */
import type { TraceRecord } from '../sim/kernel/trace/trace.ts';
import { runScenario } from '../sim/scenario/run/run.ts';
import type { Scenario } from '../sim/world.ts';
import type { MeshConfig, MeshFault, MeshOperation } from './scenario/scenario.ts';
import { meshWorld } from './world.ts';

type MeshScenario = Scenario<MeshConfig, MeshOperation, MeshFault>;

/** Enough operations to meet in queues and windows, few enough to take each out in turn. */
const OPERATIONS = 7;

interface Seen {
  readonly choices: ReadonlyMap<string, number>;
  /** By operation key: times of the events that belong to it. */
  readonly times: ReadonlyMap<string, string>;
}

async function look(scenario: MeshScenario): Promise<Seen> {
  const { choices = {}, trace = [] } = await runScenario(meshWorld, scenario, { recordChoices: true, keepTrace: true });
  return { choices: new Map(Object.entries(choices)), times: timesOf(trace) };
}

/** An event belongs to an operation if it names it, or the action id that it was given. */
function timesOf(trace: readonly TraceRecord[]): ReadonlyMap<string, string> {
  const ofId = new Map<string, string>();
  const given = new Map<string, number>();
  const times = new Map<string, number[]>();
  for (const { kind, atMs, fields } of trace) {
    const where = `${String(fields.node)}/${String(fields.inc)}`;
    if (kind === 'take' && fields.input === 'submit') {
      const id = (given.get(where) ?? 0) + 1;
      given.set(where, id);
      ofId.set(`${where}/${id}`, String(fields.op));
    }
    const op = fields.op ?? ofId.get(`${where}/${String(fields.id)}`);
    if (op === undefined) continue;
    const list = times.get(String(op)) ?? [];
    list.push(atMs);
    times.set(String(op), list);
  }
  return new Map([...times].map(([op, list]) => [op, list.join(',')]));
}

function drawsOf(op: string, { choices }: Seen): readonly string[] {
  return [...choices.keys()].filter((name) => name.startsWith(`op:${op}/`));
}

/** What two runs have in common, summed over all pairs of runs. */
export interface InCommon {
  /** Names that draw different values. */
  readonly different: number;
  /** Draws of operations whose events keep their times, */
  readonly all: number;
  /** and how many of those are the same. */
  readonly common: number;
}

/**
 * Removes each operation in turn from the scenarios of seeds 1 to `scenarios`, and compares the draws with those of the
 * whole scenario.
 */
export async function withoutEachOperation(scenarios: number): Promise<InCommon> {
  let common = 0;
  let all = 0;
  let different = 0;
  for (let seed = 1; seed <= scenarios; seed += 1) {
    const generated = meshWorld.generate(BigInt(seed), 'swarm', 'strict');
    const scenario = { ...generated, workload: generated.workload.slice(0, OPERATIONS) };
    const whole = await look(scenario);
    for (const { key } of scenario.workload) {
      const without = await look({ ...scenario, workload: scenario.workload.filter((other) => other.key !== key) });
      for (const [name, value] of without.choices) {
        const before = whole.choices.get(name);
        if (before !== undefined && before !== value) different += 1;
      }
      for (const [op, times] of without.times) {
        if (op === key || whole.times.get(op) !== times) continue;
        const before = new Set(drawsOf(op, whole));
        const after = drawsOf(op, without);
        const kept = after.filter((name) => before.has(name)).length;
        common += kept;
        all += before.size + after.length - kept;
      }
    }
  }
  return { different, common, all };
}
