/**
 * Makes a scenario of a seed: operations with times and values, which of them are aborted, and which kinds of faults strike
 * nodes. Some runs favour small values, some those at the edges of their ranges, some operations at the same instants; the
 * others favour nothing.
 */
import { drawCount, drawSwarm, type SwarmMember } from '../faults/swarm.ts';
import { Stream } from '../kernel/choices/streams.ts';
import type { Profile } from '../world.ts';
import { type DrawInt, drawValue, rangeOf, type Taste } from './draw-value.ts';
import { FAULT_KINDS, type FaultKind, type OperationDeclaration, type OperationDeclarations } from './options.ts';
import { ABORTS, type Asked, type TestConfig, type TestFault, type TestScenario } from './scenario.ts';

/** When operations begin that do not say it. */
export const AT_DEFAULT = [0, 100] as const;
const TASTES: readonly Taste[] = ['even', 'even', 'small', 'edges'];
/** Of so many runs, in one all operations of a kind begin at few instants. */
const BUNCHED_ONE_IN = 3;
/** An operation is aborted within so long of its beginning, mostly; or at one of its first steps. */
const ABORT_WITHIN_MS = 100;
const ABORT_STEP_MAX = 6;

/** What of a test decides its scenarios. */
export interface Declared {
  readonly name: string;
  readonly operations: OperationDeclarations;
  readonly kinds: readonly FaultKind[];
}

type Timed = Asked & { readonly key: string; readonly at: number };

/** Fields of a declaration that are no values. */
const DECLARED_FIELDS: readonly string[] = ['times', 'at', 'mayWait', 'needs'];

export function valuesOf(declaration: OperationDeclaration): readonly (readonly [name: string, spec: unknown])[] {
  return Object.entries(declaration).filter(([field]) => !DECLARED_FIELDS.includes(field));
}

export function generate({ name, operations, kinds }: Declared, seed: bigint, profile: Profile): TestScenario {
  const streamOf = (what: string): Stream => new Stream(`test/${seed}/${what}`);
  const shape = streamOf('shape');
  const workload: Timed[] = [];
  for (const [kind, declaration] of Object.entries(operations))
    draw(kind, declaration, shape, streamOf(kind), workload);
  workload.sort((a, b) => a.at - b.at);
  const extent = profile === 'calm' ? 'none' : profile === 'storm' ? 'all' : 'some';
  const members = drawSwarm(streamOf, kinds, extent);
  return {
    format: 1,
    name: `${name} ${seed}`,
    world: name,
    semantics: 'test',
    seed,
    config: configOf(members),
    workload,
    faults: aborts(members, workload),
  };
}

function draw(kind: string, declaration: OperationDeclaration, shape: Stream, stream: Stream, into: Timed[]): void {
  const { times = 1, at = AT_DEFAULT } = declaration;
  const taste = shape.pick(TASTES);
  const bunched = shape.int(1, BUNCHED_ONE_IN) === 1;
  const drawInt: DrawInt = (bound) => stream.int(0, bound - 1);
  const count = numberOf(drawValue(times, drawInt));
  const drawAt = (): number => numberOf(drawValue(at, drawInt, taste));
  const instants = bunched ? [drawAt(), drawAt()] : undefined;
  const values = valuesOf(declaration);
  for (let i = 1; i <= count; i += 1) {
    const asked: Record<string, unknown> = {};
    const startMs = instants === undefined ? drawAt() : stream.pick(instants);
    for (const [value, spec] of values) asked[value] = drawValue(spec, drawInt, taste);
    into.push({ key: `${kind}${i}`, at: startMs, ...asked, kind });
  }
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** The last instant at which an operation may begin. */
export function horizonMs(operations: OperationDeclarations): number {
  const ends = Object.values(operations).map(({ at = AT_DEFAULT }) => rangeOf(at)?.[1] ?? numberOf(at));
  return Math.max(0, ...ends);
}

function configOf(members: readonly SwarmMember<FaultKind>[]): TestConfig {
  const drawn = members.filter(({ kind }) => kind !== 'abort').map(({ kind, hardness }) => [kind, hardness]);
  return drawn.length === 0 ? {} : { drawn: Object.fromEntries(drawn) };
}

/** Which operations are aborted: each at most once. */
function aborts(members: readonly SwarmMember<FaultKind>[], workload: readonly Timed[]): TestScenario['faults'] {
  const member = members.find(({ kind }) => kind === 'abort');
  if (member === undefined || workload.length === 0) return [];
  const { stream, hardness } = member;
  const left = [...workload];
  const faults: (TestFault & { key: string; at: TestScenario['faults'][number]['at'] })[] = [];
  for (let i = drawCount(stream, hardness); i > 0 && left.length > 0; i -= 1) {
    const [operation] = left.splice(stream.int(0, left.length - 1), 1);
    if (operation === undefined) break;
    const { key: op } = operation;
    const withinMs = stream.int(0, stream.pick([2, 20, ABORT_WITHIN_MS]));
    const nth = stream.int(1, ABORT_STEP_MAX);
    const at = stream.chance(50) ? operation.at + withinMs : { event: 'step', where: { of: op }, nth };
    faults.push({ key: `abort-${op}`, at, kind: 'abort', op, how: stream.pick(ABORTS) });
  }
  return faults;
}

/** The kinds that an option allows. */
export function kindsOf(faults: 'none' | 'swarm' | 'storm' | readonly FaultKind[] = 'swarm'): readonly FaultKind[] {
  if (typeof faults !== 'string') return FAULT_KINDS.filter((kind) => faults.includes(kind));
  return faults === 'none' ? [] : FAULT_KINDS;
}

export function profileOf(faults: 'none' | 'swarm' | 'storm' | readonly FaultKind[] = 'swarm'): Profile {
  return faults === 'none' ? 'calm' : faults === 'storm' ? 'storm' : 'swarm';
}
