// biome-ignore-all lint/style/noRestrictedImports: an engine without promise hooks tells who awaits in no other way
/**
 * Who runs, on an engine that cannot follow promises (Bun): every continuation goes on in the async context of whoever
 * awaits, and so the scheduler's fields for who runs read that context whenever they are asked.
 *
 * It comes to the same as `ownership.ts` for whatever asks the kernel for something. A continuation that asks for nothing
 * is not seen: not one in a dead or paused node, and no promise from outside of the run.
 */
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { segment } from '../../schedule/ambient.ts';
import { Callback } from '../../schedule/callback.ts';
import type { Cause } from '../../schedule/cause.ts';
import type { Runner, Scheduler } from '../../schedule/scheduler.ts';
import type { Waiter } from '../../schedule/wait.ts';
import { replace } from '../guard.ts';

type Callable = (...args: unknown[]) => unknown;

/** Of all kernels: what a run leaves in it is no runner of another. */
const contexts = new AsyncLocalStorage<{ readonly scheduler: Scheduler; readonly runner: Runner } | undefined>();

/**
 * Begins to do so. Costs each read and write a look into the context, so that it is for such an engine alone. Gives what
 * makes a function that is put off to later in the segment belong to whoever runs now.
 */
export function ownByContext(scheduler: Scheduler): (call: Callable) => Callable {
  keepCallers();
  let current: Waiter | undefined;
  let callback: Callback | undefined;
  let cause: Cause | undefined;
  const keep = (): void => {
    const runner = current ?? callback;
    contexts.enterWith(runner === undefined ? undefined : { scheduler, runner });
  };
  const look = (): void => {
    // Between two segments the kernel may go on in the context of the one before.
    if (!segment.active) return;
    const context = contexts.getStore();
    if (context?.scheduler !== scheduler) return;
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
  return asCaller;
}

const { runInAsyncScope } = AsyncResource.prototype;
const { snapshot } = AsyncLocalStorage;

/** Code that was bound to an async context belongs to whoever calls it, and sees what else is stored there. */
function keepCallers(): void {
  if (AsyncResource.prototype.runInAsyncScope !== runInAsyncScope) return;
  replace(
    AsyncResource.prototype,
    'runInAsyncScope',
    function (this: AsyncResource, call: Callable, ...rest: unknown[]) {
      return Reflect.apply(runInAsyncScope, this, [asCaller(call), ...rest]);
    },
  );
  replace(AsyncLocalStorage, 'snapshot', () => {
    const enter = snapshot();
    return (call: Callable, ...args: unknown[]) => enter(asCaller(call), ...args);
  });
  replace(AsyncLocalStorage, 'bind', (call: Callable) => {
    const enter = snapshot();
    return function (this: unknown, ...args: unknown[]): unknown {
      return enter(asCaller(() => Reflect.apply(call, this, args)));
    };
  });
}

/** The same function, to be called later as whoever runs now. */
function asCaller(call: Callable): Callable {
  const caller = contexts.getStore();
  return function (this: unknown, ...args: unknown[]): unknown {
    return contexts.run(caller, () => Reflect.apply(call, this, args));
  };
}
