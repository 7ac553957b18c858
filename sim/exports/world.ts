/**
 * Worlds, and what is done with them: a run of one, a sweep over many seeds, a smaller scenario of a failure, scenario files
 * and their replay. `docs/your-own-world.md` shows a world from its first line.
 *
 * ```ts
 * import { runScenario, type World } from 'meshos-sim/world';
 *
 * const world: World<object, { kind: 'add' }, never, { kind: 'added' }, object> = {
 *   name: 'counter',
 *   semantics: ['plain'],
 *   ambient: 'forbidden',
 *   events: { added: [] },
 *   marks: [],
 *   faultKinds: [],
 *   invariants: [],
 *   schemas: () => Promise.reject(new Error('no files')),
 *   generate: (seed, _profile, semantics) => ({ format: 1, name: 'one', world: 'counter', semantics, seed, config: {}, workload: [{ key: 'a', at: 5, kind: 'add' }], faults: [] }),
 *   build: (_scenario, { emit }) => ({ view: {}, start() {}, apply: () => emit({ kind: 'added' }), inject() {}, heal() {}, settle() {}, close() {}, finalState: () => [] }),
 * };
 * console.log((await runScenario(world, world.generate(1n, 'calm', 'plain'))).verdict); // held
 * ```
 */
export type { EventCatalogue, TraceRecord, TraceValue } from '../kernel/trace/trace.ts';
export type { InvariantEntry, Vocabulary } from '../scenario/file/catalogue.ts';
export type { Mistake } from '../scenario/file/mistake.ts';
export { type AnyScenario, parseScenario, type ReadResult, readScenario } from '../scenario/file/read.ts';
export { type WriteOptions, writeScenario } from '../scenario/file/write.ts';
export { type Replay, type ReplayVerdict, replayFile } from '../scenario/replay.ts';
export type { FaultCount, RunOptions, RunResult, RunVerdict } from '../scenario/run/result.ts';
export { runScenario } from '../scenario/run/run.ts';
export type { BisectVerdict, ScenarioVerdict } from '../scenario/verdict.ts';
export { type AnyShrunk, type NamedShrinkOptions, shrinkNamed } from '../shrink/named.ts';
export { type ShrinkOptions, type Shrunk, shrink } from '../shrink/shrink.ts';
export type { ScenarioSize } from '../shrink/size.ts';
export { loadWorld, runSeed, type Source } from '../sweep/source.ts';
export { type SweepOptions, sweep } from '../sweep/sweep.ts';
export type { WorldAddress } from '../sweep/world-file/load.ts';

export type {
  AtEvent,
  Complaint,
  Expectation,
  FaultBase,
  FieldValue,
  Harness,
  Instance,
  Keyed,
  KeyedFault,
  OperationBase,
  Profile,
  Scenario,
  ScenarioEdit,
  StepBudget,
  SubjectReader,
  Subjects,
  World,
  WorldSchemas,
} from '../world.ts';
