/**
 * The package's entry point: what a simulated world of your own is written with, and what runs it. A world is a value of
 * type `World`, exported by a module of its own, so that the workers of a sweep can load it by its address.
 *
 *     const run = await runScenario(myWorld, myWorld.generate(42n, 'swarm', 'strict'));
 */
export {
  drawCount,
  drawLengthMs,
  drawPercent,
  drawSwarm,
  drawWindowMaxMs,
  type Hardness,
  type SwarmMember,
} from './faults/swarm.ts';
export { BundleError, bundleModule } from './fresh/bundle.ts';
export type { FreshModule } from './fresh/fresh-module.ts';
export type { Exports } from './fresh/node-modules.ts';
export type { CheckContext, Checker, Handlers, Invariant, TraceEvent, Violation } from './invariant/invariant.ts';
export { type Chooser, PlainChooser, type SeededChoices, SeededChooser } from './kernel/choices/chooser.ts';
export { type Label, type Name, type NameValue, parseName, rootName } from './kernel/choices/name.ts';
export { Stream, type Weighted } from './kernel/choices/streams.ts';
export type { Drain } from './kernel/drain.ts';
export { installGuards } from './kernel/host/guards.ts';
export {
  type Group,
  Kernel,
  type KernelOptions,
  type OwnershipKind,
  type RunEnd,
  type RunOptions as KernelRunOptions,
} from './kernel/kernel.ts';
export type { OnTaskError } from './kernel/run-loop.ts';
export type { Scheduled } from './kernel/schedule/callback.ts';
export type { TaskFault } from './kernel/schedule/scheduler.ts';
export type { SimChannel } from './kernel/tasks/channel.ts';
export type { SpawnOptions } from './kernel/tasks/group.ts';
export type { SimTask } from './kernel/tasks/task.ts';
export type { Actor, EventCatalogue, TraceRecord, TraceValue } from './kernel/trace/trace.ts';
export type { InvariantEntry, Vocabulary } from './scenario/file/catalogue.ts';
export type { Mistake } from './scenario/file/mistake.ts';
export { type AnyScenario, parseScenario, type ReadResult, readScenario } from './scenario/file/read.ts';
export { type WriteOptions, writeScenario } from './scenario/file/write.ts';
export { type Replay, type ReplayVerdict, replayFile } from './scenario/replay.ts';
export type { FaultCount, RunOptions, RunResult, RunVerdict } from './scenario/run/result.ts';
export { runScenario } from './scenario/run/run.ts';
export type { BisectVerdict, ScenarioVerdict } from './scenario/verdict.ts';
export type { OutOfTime } from './shrink/attempts.ts';
export { type AnyShrunk, type NamedShrinkOptions, shrinkNamed } from './shrink/named.ts';
export { type ShrinkOptions, type Shrunk, shrink } from './shrink/shrink.ts';
export type { ScenarioSize } from './shrink/size.ts';
export type {
  Body,
  FaultKind,
  Given,
  HandlersOf,
  OperationDeclaration,
  OperationDeclarations,
  SimulatedTest,
  SimulateOptions,
  ValuesOf,
} from './simulate/options.ts';
export { type Incarnation, NodeDownError, type NodeHandle, type NodeMain, type Sim } from './simulate/sim.ts';
export { simulate } from './simulate/simulate.ts';
export type { ArbitraryLike, OneOf, Plain, RandomSource, ValueOf, ValueSpec } from './simulate/values.ts';
export { type SimulationWorld, simulationWorld } from './simulate/world.ts';
export type { Chance } from './statistics/chance.ts';
export type { FloorState } from './statistics/floor.ts';
export type { BehaviourCounts, Kinds } from './sweep/counts/behaviours.ts';
export type { CoverageFloor } from './sweep/counts/coverage.ts';
export type { GoalsTold, Wanted } from './sweep/counts/goals.ts';
export type { Failure, Problem } from './sweep/counts/tally.ts';
export type {
  PlantedBugs,
  ShrunkFailure,
  SweepEnd,
  SweepProgress,
  SweepResult,
  ViolationChance,
} from './sweep/result.ts';
export { loadWorld, runSeed, type Source } from './sweep/source.ts';
export { type SweepOptions, sweep } from './sweep/sweep.ts';
export { timeLimit } from './sweep/time-limit.ts';
export { AuthorError } from './sweep/world-file/author-error.ts';
export type { WorldAddress } from './sweep/world-file/load.ts';
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
} from './world.ts';
