/**
 * The package's entry point: what a simulated world of your own is written with, and what runs it. A world is a value of
 * type `World`, exported by a module of its own, so that the workers of a sweep can load it by its address.
 *
 *     const run = await runScenario(myWorld, myWorld.generate(42n, 'swarm', 'strict'));
 */
export { drawCount, drawLengthMs, drawPercent, drawSwarm, drawWindowMaxMs, type SwarmMember } from './faults/swarm.ts';
export type { CheckContext, Checker, Handlers, Invariant, TraceEvent, Violation } from './invariant/invariant.ts';
export { type Chooser, PlainChooser, SeededChooser } from './kernel/chooser.ts';
export { type Group, Kernel, type KernelOptions, type RunEnd } from './kernel/kernel.ts';
export { type Name, parseName, rootName } from './kernel/name.ts';
export { Stream } from './kernel/streams.ts';
export type { Actor, EventCatalogue, TraceRecord, TraceValue } from './kernel/trace.ts';
export type { RunOptions, RunResult, RunVerdict } from './scenario/result.ts';
export { runScenario } from './scenario/run.ts';
export { loadWorld, runSeed, type Source, type WorldAddress } from './sweep/source.ts';
export { type SweepOptions, type SweepResult, sweep } from './sweep/sweep.ts';
export type {
  Expectation,
  FaultBase,
  Harness,
  Instance,
  Keyed,
  OperationBase,
  Profile,
  Scenario,
  World,
  WorldSchemas,
} from './world.ts';
