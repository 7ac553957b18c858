/** Times closer together, and round ones. The order in which things happen stays. */
import type { KeyedFault } from '../../sim/world.ts';
import type { Edit, MeshScenario } from './edit.ts';

const ROUND_MS = [1000, 500, 100, 50, 10];

export function* timeEdits(scenario: MeshScenario): Generator<Edit> {
  const pauses = timesOf(scenario).length;
  for (let nth = 0; nth < pauses; nth += 1) {
    yield (current) => earlier(current, nth, (_time, pauseMs) => pauseMs);
    yield (current) => earlier(current, nth, (_time, pauseMs) => pauseMs >> 1);
    for (const stepMs of ROUND_MS) yield (current) => earlier(current, nth, (time) => time % stepMs);
  }
}

function timesOf({ workload, faults }: MeshScenario): readonly number[] {
  const times = [...workload, ...faults].flatMap(({ at }) => (typeof at === 'number' ? [at] : []));
  return [...new Set(times)].sort((a, b) => a - b);
}

/** Moves everything from the n-th time on to an earlier time, by less than the pause before it or by exactly that pause. */
function earlier(
  scenario: MeshScenario,
  nth: number,
  by: (timeMs: number, pauseMs: number) => number,
): MeshScenario | null {
  const times = timesOf(scenario);
  const from = times[nth];
  if (from === undefined) return null;
  const pauseMs = from - (times[nth - 1] ?? 0);
  const shiftMs = by(from, pauseMs);
  if (shiftMs <= 0 || shiftMs > pauseMs) return null;
  const moved = <T extends KeyedFault>(item: T): T =>
    typeof item.at === 'number' && item.at >= from ? { ...item, at: item.at - shiftMs } : item;
  return { ...scenario, workload: scenario.workload.map(moved), faults: scenario.faults.map(moved) };
}
