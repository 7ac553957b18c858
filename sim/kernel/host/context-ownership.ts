// biome-ignore-all lint/style/noRestrictedImports: an engine without promise hooks tells who awaits in no other way
/**
 * Who runs, on an engine that cannot follow promises (Bun): every continuation goes on in the async context of whoever
 * awaits, and so the scheduler's fields for who runs read that context whenever they are asked.
 *
 * It comes to the same as `ownership.ts` for whatever asks the kernel for something. A continuation that asks for nothing
 * is not seen: not one in a dead or paused node, and no promise from outside of the run.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Callback } from '../schedule/callback.ts';
import type { Cause } from '../schedule/cause.ts';
import type { Runner, Scheduler } from '../schedule/scheduler.ts';
import type { Waiter } from '../schedule/wait.ts';

/** Of all kernels: what a run leaves in it is no runner of another. */
const contexts = new AsyncLocalStorage<{ readonly scheduler: Scheduler; readonly runner: Runner } | undefined>();

/** Begins to do so. Costs each read and write a look into the context, so that it is for such an engine alone. */
export function ownByContext(scheduler: Scheduler): void {
  let current: Waiter | undefined;
  let callback: Callback | undefined;
  let cause: Cause | undefined;
  const keep = (): void => {
    const runner = current ?? callback;
    contexts.enterWith(runner === undefined ? undefined : { scheduler, runner });
  };
  const look = (): void => {
    const context = scheduler.inSegment ? contexts.getStore() : undefined;
    if (context === undefined || context.scheduler !== scheduler) return;
    const { runner } = context;
    if (runner === (current ?? callback)) return;
    current = runner instanceof Callback ? undefined : runner;
    callback = runner instanceof Callback ? runner : undefined;
    cause = runner.cause;
  };
  Object.defineProperties(scheduler, {
    current: {
      get: () => {
        look();
        return current;
      },
      set: (task: Waiter | undefined) => {
        current = task;
        keep();
      },
    },
    currentCallback: {
      get: () => {
        look();
        return callback;
      },
      set: (called: Callback | undefined) => {
        callback = called;
        keep();
      },
    },
    currentCause: {
      get: () => {
        look();
        return cause;
      },
      set: (given: Cause | undefined) => {
        cause = given;
      },
    },
  });
}
