/**
 * The kernel: tasks on a virtual clock, each choice drawn by name from a seed. For code that is written for a `Runtime`, and
 * for those who build a harness of their own.
 *
 * ```ts
 * import { Kernel, rootName, SeededChooser } from 'meshos-sim/kernel';
 *
 * const kernel = new Kernel({ chooser: new SeededChooser(42n) });
 * const node = kernel.root.child('node');
 * const seen: number[] = [];
 * node.spawn('ticker', async () => {
 *   for (let tick = 1; tick <= 3; tick += 1) {
 *     await node.sleep(500 + kernel.draw(rootName.child('tick', tick), 2));
 *     seen.push(kernel.now);
 *   }
 * });
 * console.log((await kernel.run()).kind, seen.length); // idle 3
 * ```
 */
export { type Chooser, PlainChooser, type SeededChoices, SeededChooser } from '../kernel/choices/chooser.ts';
export { type Label, type Name, type NameValue, parseName, rootName } from '../kernel/choices/name.ts';
export { Stream, type Weighted } from '../kernel/choices/streams.ts';
export type { Drain } from '../kernel/drain.ts';
export { installGuards } from '../kernel/host/guards.ts';
export {
  type Group,
  Kernel,
  type KernelOptions,
  type OwnershipKind,
  type RunEnd,
  type RunOptions,
} from '../kernel/kernel.ts';
export type { OnTaskError } from '../kernel/run-loop.ts';
export type { Scheduled } from '../kernel/schedule/callback.ts';
export type { TaskFault } from '../kernel/schedule/scheduler.ts';
export type { SimChannel } from '../kernel/tasks/channel.ts';
export type { SpawnOptions } from '../kernel/tasks/group.ts';
export type { SimTask } from '../kernel/tasks/task.ts';
export type { Actor } from '../kernel/trace/trace.ts';
