/** What a plain script does when, from a scenario of a simulated test and the run that it made. */
import type { AnyScenario } from '../scenario/file/read.ts';
import type { RunResult } from '../scenario/run/result.ts';
import type { FaultBase, KeyedFault } from '../world.ts';
import type { Plan } from './script.ts';

/** A run that settles later than this after its last operation is not waited for. */
const AFTER_LAST_MS = 2_000;
const GRACE_MS = 300;
/** Draws of the body and of operations, by name and number. */
const DRAW = /(?:^|\/)draw:([^/]+)\/n:(\d+)$/;

/** Why there can be no plain script of a scenario, in words; undefined where there can. */
export function unplainable({ faults, config }: AnyScenario): string | undefined {
  const kinds = new Set(faults.map(({ kind }) => kind).filter((kind) => kind.startsWith('node-')));
  if (kinds.size > 0) return `a plain script is one process, and cannot do ${[...kinds].join(' and ')}`;
  const isDrawn = typeof config === 'object' && config !== null && 'drawn' in config;
  return isDrawn ? 'its faults are drawn as it runs; shrink it first, then it lists them' : undefined;
}

/** `shiftMs` moves all operations: it decides which comes first of what the run had at one instant. */
export function planOf({ workload, faults, choices = {} }: AnyScenario, run: RunResult, shiftMs: number): Plan {
  const strikes = faults.flatMap((fault) => {
    const at = typeof fault.at === 'number' ? fault.at : run.struck?.[fault.key];
    return at === undefined ? [] : [{ ...fault, at }];
  });
  const lastMs = Math.max(0, ...workload.map(({ at }) => at), ...strikes.map(({ at }) => at));
  return {
    operations: workload.map((operation) => ({ ...operation, at: Math.max(0, operation.at + shiftMs) })),
    aborts: strikes.flatMap((fault) => {
      const [op, how] = [textOf(fault, 'op'), textOf(fault, 'how')];
      return fault.kind === 'abort' && op !== undefined && how !== undefined ? [{ at: fault.at, op, how }] : [];
    }),
    stalls: strikes.flatMap(({ kind, at, forMs = 0 }) => (kind === 'timer-late' ? [{ at, forMs }] : [])),
    jumps: strikes.flatMap((fault) => {
      const byMs = part(fault, 'byMs');
      return fault.kind === 'clock-jump' && typeof byMs === 'number' ? [{ at: fault.at, byMs }] : [];
    }),
    drawn: Object.fromEntries(
      Object.entries(choices).flatMap(([name, value]) => {
        const [, what, n] = DRAW.exec(name) ?? [];
        return what === undefined ? [] : [[`${what}#${n}`, value]];
      }),
    ),
    giveUpMs: Math.min(run.virtualMs, lastMs + AFTER_LAST_MS) + GRACE_MS,
  };
}

function part(fault: KeyedFault & FaultBase, name: string): unknown {
  return Reflect.get(fault, name);
}

function textOf(fault: KeyedFault & FaultBase, name: string): string | undefined {
  const value = part(fault, name);
  return typeof value === 'string' ? value : undefined;
}
