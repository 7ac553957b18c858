/**
 * The rules that a world and a scenario have to keep before a run can mean anything. A scenario file is checked as it is
 * read, with the place of each mistake; here it is about what code hands over: the world itself, and what `generate` or a
 * caller made. Each function throws a `WorldError` for the first rule that is broken.
 */
import { WorldError } from '../../invariant/world-error.ts';
import type { AtEvent, FaultBase, Keyed, KeyedFault, OperationBase, Scenario, StepBudget, World } from '../../world.ts';
import { PROFILES } from '../../world.ts';
import { invariantEntries } from '../file/catalogue.ts';
import { called } from './member.ts';

type AnyWorld = Pick<
  World<never, never, never, never, never>,
  'name' | 'semantics' | 'events' | 'marks' | 'faultKinds' | 'invariants' | 'wiring' | 'floors'
>;

const TIME = 'a whole number of milliseconds from 0';

/** Worlds that keep the rules: a world is looked at once a process, and nothing of a run depends on it. */
const sound = new WeakSet<object>();

export function checkWorld(world: AnyWorld): void {
  if (sound.has(world)) return;
  const { semantics, marks, faultKinds, wiring } = world;
  if (semantics.length === 0) throw new WorldError(`semantics: the world '${world.name}' names none`);
  unrepeated('semantics', semantics);
  unrepeated('marks', marks);
  unrepeated('faultKinds', faultKinds);
  unrepeated(
    'invariants',
    invariantEntries(world).map(({ id }) => id),
  );
  if (wiring !== undefined && !Array.isArray(wiring)) throw new WorldError('wiring: expected a list of URLs');
  for (const own of wiring ?? []) {
    if (!URL.canParse(own) || new URL(own).protocol !== 'file:') {
      throw new WorldError(`wiring: expected URLs of files and folders, such as import.meta.url; found '${own}'`);
    }
  }
  for (const profile of PROFILES) for (const of of semantics) checkFloors(world, profile, of);
  sound.add(world);
}

function checkFloors(world: AnyWorld, profile: (typeof PROFILES)[number], semantics: string): void {
  const { marks } = world;
  const given = called('floors', () => world.floors?.(profile, semantics)) ?? {};
  for (const [mark, share] of Object.entries(given)) {
    const told = `floors('${profile}', '${semantics}'): ${mark}`;
    if (!marks.includes(mark)) throw new WorldError(`${told}: the world declares no such mark`);
    if (!(share > 0 && share <= 1))
      throw new WorldError(`${told}: expected a share above 0 and up to 1, found ${share}`);
  }
}

function unrepeated(what: string, names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new WorldError(`${what}: '${twice}' is there twice`);
}

type AnyScenario = Scenario<unknown, OperationBase, FaultBase>;

/** What no schema sees of a scenario that code made. */
export function checkHanded(world: AnyWorld, scenario: AnyScenario): void {
  if (typeof scenario !== 'object' || scenario === null || Array.isArray(scenario)) {
    throw new WorldError(`expected a scenario, found ${typeof scenario}`);
  }
  const { semantics, seed, workload, faults, witness = [], expect } = scenario;
  if (typeof seed !== 'bigint' || BigInt.asUintN(64, seed) !== seed) throw broken(`seed: expected a u64 as a bigint`);
  if (!world.semantics.includes(semantics)) {
    throw broken(`semantics: expected one of ${world.semantics.join(', ')}, found '${semantics}'`);
  }
  if (!Array.isArray(workload) || !Array.isArray(faults)) throw broken('workload and faults: expected two lists');
  checkTimes(workload);
  // By index, as every run comes through here: pairs of index and fault would be as many objects.
  for (let i = 0; i < faults.length; i++) {
    const at = faults[i]?.at;
    if (typeof at === 'object' && at !== null) checkMoment(world, `faults.${i}.at`, at);
    else if (!isTime(at)) throw broken(`faults.${i}.at: expected ${TIME}, found ${at}`);
  }
  checkKeys(workload, faults);
  for (const [i, { kind, forMs }] of faults.entries()) {
    if (!world.faultKinds.includes(kind)) {
      throw broken(`faults.${i}.kind: expected one of ${world.faultKinds.join(', ')}, found '${kind}'`);
    }
    if (forMs !== undefined && !isTime(forMs)) {
      throw broken(`faults.${i}.forMs: expected ${TIME}, found ${forMs}`);
    }
  }
  const unknown = witness.find((mark) => !world.marks.includes(mark));
  if (unknown !== undefined) throw broken(`witness: the world declares no mark '${unknown}'`);
  if (expect !== undefined && 'violates' in expect) {
    const known = invariantEntries(world).some(({ id }) => id === expect.violates);
    if (!known) throw broken(`expect: the world has no invariant '${expect.violates}'`);
  }
}

/** Operations stand in order of their times, so that a file that is written of them says the same. */
function checkTimes(workload: readonly Keyed[]): void {
  let lastMs = 0;
  for (let i = 0; i < workload.length; i++) {
    const at = workload[i]?.at ?? Number.NaN;
    if (!isTime(at)) throw broken(`workload.${i}.at: expected ${TIME}, found ${at}`);
    if (at < lastMs)
      throw broken(`workload.${i}.at: expected operations in order of time, found ${at} after ${lastMs}`);
    lastMs = at;
  }
}

/** The event at which a fault strikes. */
function checkMoment({ events }: AnyWorld, path: string, { event, where = {}, nth }: AtEvent): void {
  const fields = Object.hasOwn(events, event) ? events[event] : undefined;
  if (fields === undefined) {
    throw broken(`${path}.event: expected one of ${Object.keys(events).join(', ')}, found '${event}'`);
  }
  const unknown = Object.keys(where).find((field) => !fields.includes(field));
  if (unknown !== undefined) {
    throw broken(`${path}.where: expected fields of '${event}' (${fields.join(', ')}), found '${unknown}'`);
  }
  if (!Number.isSafeInteger(nth) || nth < 1) throw broken(`${path}.nth: expected a whole number from 1, found ${nth}`);
}

function checkKeys(workload: readonly Keyed[], faults: readonly KeyedFault[]): void {
  const seen = new Set<string>();
  for (const { key } of workload) {
    if (seen.has(key)) throw twice('workload', key);
    seen.add(key);
  }
  for (const { key } of faults) {
    if (seen.has(key)) throw twice('faults', key);
    seen.add(key);
  }
}

function twice(list: string, key: string): WorldError {
  return broken(`${list}: expected keys that no other operation or fault has, found '${key}' again`);
}

function broken(rule: string): WorldError {
  return new WorldError(`the scenario breaks a rule: ${rule}`);
}

export function checkBounds(settleBoundMs: number, { fixed, perMs }: StepBudget): void {
  if (!isTime(settleBoundMs)) {
    throw new WorldError(`settleBoundMs: expected a whole number of milliseconds from 0, found ${settleBoundMs}`);
  }
  if (!isTime(fixed)) throw new WorldError(`stepBudget: fixed: expected a whole number from 0, found ${fixed}`);
  if (!(perMs >= 0 && perMs < Number.POSITIVE_INFINITY)) {
    throw new WorldError(`stepBudget: perMs: expected a number from 0, found ${perMs}`);
  }
}

function isTime(ms: unknown): boolean {
  return Number.isSafeInteger(ms) && Number(ms) >= 0;
}
