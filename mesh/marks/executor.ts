/** Marks of executor, queue, dispatcher and backpressure. */
import { type Handlers, type MarkContext, PerNode } from './observer.ts';

export const EXECUTOR_MARKS = [
  'executor.defer-budget-exhausted',
  'executor.retry-budget-exhausted',
  'executor.closed-with-deferred',
  'executor.closed-with-queued',
  'executor.closed-while-dispatching',
  'executor.queue-closed-with-deferred',
  'executor.restarted-after-close',
  'executor.due-and-fresh-at-once',
  'queue.full',
  'queue.closed',
  'executor.retry-after-close',
  'queue.at-exact-capacity',
  'dispatch.panicked-throw',
  'dispatch.panicked-reject',
  'dispatch.hint-zero',
  'dispatch.ok-after-retry',
  'dispatch.longer-than-hand-over',
  'deferred.equal-deadlines',
  'deferred.four-equal-deadlines',
  'deferred.equal-deadlines-set-apart',
  'deferred.served-late',
  'pause.timers-late',
  'backpressure.asserted',
  'backpressure.asserted-at-exact-mark',
  'backpressure.asserted-again',
  'backpressure.held-between-marks',
  'backpressure.released',
  'backpressure.released-at-exact-mark',
  'backpressure.released-without-traffic',
  'backpressure.hook-threw',
  'crash.while-dispatching',
  'crash.with-queued',
  'crash.with-deferred',
  'settle.with-deferred',
] as const;

type ExecutorMark = (typeof EXECUTOR_MARKS)[number];

const HAND_OVER_MS = 500;

/** How many actions wait for one deadline, and when the first of them got it. */
interface Waiters {
  count: number;
  readonly setAt: number;
}

class Executor {
  queued = 0;
  deferred = 0;
  dispatchingSince = -1;
  ended = false;
  closed = false;
  edges = 0;
  pausedAt = -1;
  resumedAt = -1;
  /** By action id: defers and retries so far, whether it was retried, and the deadline that it waits for. */
  readonly defers: number[] = [];
  readonly retried: boolean[] = [];
  readonly deadlines: (number | undefined)[] = [];
  readonly waiters = new Map<number, Waiters>();
}

export function executorMarks({ mark, now, config }: MarkContext<ExecutorMark>): Handlers {
  const nodes = new PerNode(config.nodes, () => new Executor());

  function requeue(executor: Executor, id: number, deadline: number): void {
    const defers = (executor.defers[id] ?? 0) + 1;
    executor.defers[id] = defers;
    if (defers > config.maxDefers) return;
    executor.deferred += 1;
    executor.deadlines[id] = deadline;
    const waiters = executor.waiters.get(deadline);
    if (waiters === undefined) {
      executor.waiters.set(deadline, { count: 1, setAt: now() });
      return;
    }
    waiters.count += 1;
    if (waiters.count < 2) return;
    mark('deferred.equal-deadlines');
    if (waiters.count >= 4) mark('deferred.four-equal-deadlines');
    if (waiters.setAt !== now()) mark('deferred.equal-deadlines-set-apart');
  }

  /** A deferred action's turn has come. */
  function unqueue(executor: Executor, id: number): void {
    const deadline = executor.deadlines[id];
    if (deadline === undefined) return;
    executor.deadlines[id] = undefined;
    executor.deferred -= 1;
    const waiters = executor.waiters.get(deadline);
    if (waiters !== undefined) waiters.count -= 1;
    if (deadline === now()) return;
    mark('deferred.served-late');
    if (deadline >= executor.pausedAt && deadline < executor.resumedAt) mark('pause.timers-late');
  }

  return {
    boot({ node }) {
      if (nodes.of(node).ended) mark('executor.restarted-after-close');
      nodes.reset(node);
    },
    crash({ node }) {
      const executor = nodes.of(node);
      if (executor.dispatchingSince >= 0) mark('crash.while-dispatching');
      if (executor.queued > 0) mark('crash.with-queued');
      if (executor.deferred > 0) mark('crash.with-deferred');
    },
    pause({ node }) {
      nodes.of(node).pausedAt = now();
    },
    resume({ node }) {
      nodes.of(node).resumedAt = now();
    },
    enqueue({ node, outcome }) {
      if (outcome === 'full') mark('queue.full');
      else if (outcome === 'closed') mark('queue.closed');
      else {
        const executor = nodes.of(node);
        executor.queued += 1;
        if (executor.queued === config.queueCapacity) mark('queue.at-exact-capacity');
      }
    },
    dequeue({ node }) {
      const executor = nodes.of(node);
      executor.queued -= 1;
      const due = executor.waiters.get(now());
      if (due !== undefined && due.count > 0) mark('executor.due-and-fresh-at-once');
    },
    'queue-close'({ node }) {
      const executor = nodes.of(node);
      executor.closed = true;
      if (executor.queued > 0) mark('executor.closed-with-queued');
      if (executor.dispatchingSince >= 0) mark('executor.closed-while-dispatching');
      if (executor.deferred > 0) mark('executor.queue-closed-with-deferred');
    },
    'executor-end'({ node }) {
      nodes.of(node).ended = true;
    },
    admit({ node, id, decision, ms }) {
      const executor = nodes.of(node);
      const index = Number(id);
      unqueue(executor, index);
      if (decision === 'defer') requeue(executor, index, now() + ms);
    },
    dispatch({ node }) {
      nodes.of(node).dispatchingSince = now();
    },
    'dispatch-end'({ node, id, result, retryAfterMs }) {
      const executor = nodes.of(node);
      const index = Number(id);
      if (now() - executor.dispatchingSince > HAND_OVER_MS) mark('dispatch.longer-than-hand-over');
      executor.dispatchingSince = -1;
      if (result === 'threw') mark('dispatch.panicked-throw');
      else if (result === 'rejected') mark('dispatch.panicked-reject');
      else if (result === 'ok') {
        if (executor.retried[index] === true) mark('dispatch.ok-after-retry');
      } else if (retryAfterMs !== null) {
        if (retryAfterMs === 0n) mark('dispatch.hint-zero');
        if (executor.closed && executor.queued === 0 && executor.deferred === 0) mark('executor.retry-after-close');
        executor.retried[index] = true;
        requeue(executor, index, now() + Number(retryAfterMs));
      }
    },
    'append-action'({ node, type, reason }) {
      if (type !== 'failed' || reason === null) return;
      if (reason === 'executor closed') {
        nodes.of(node).deferred = 0;
        mark('executor.closed-with-deferred');
      } else if (reason.startsWith('deferred ') && reason.endsWith(`exceeds max_defer_count ${config.maxDefers}`)) {
        mark('executor.defer-budget-exhausted');
      } else if (reason.startsWith('dispatch retry budget exhausted after ')) {
        mark('executor.retry-budget-exhausted');
      }
    },
    depth({ node, depth, change }) {
      const executor = nodes.of(node);
      if (change === 'steady') {
        const between = depth > config.backpressureOff && depth < config.backpressureOn;
        if (between && executor.edges % 2 === 1) mark('backpressure.held-between-marks');
        return;
      }
      // Edges alternate, so an odd number of them means asserted.
      executor.edges += 1;
      if (change === 'asserted') {
        mark('backpressure.asserted');
        if (depth === config.backpressureOn) mark('backpressure.asserted-at-exact-mark');
        if (executor.edges > 1) mark('backpressure.asserted-again');
      } else {
        mark('backpressure.released');
        if (depth === config.backpressureOff) mark('backpressure.released-at-exact-mark');
        if (depth === 0) mark('backpressure.released-without-traffic');
      }
    },
    hook({ threw }) {
      if (threw) mark('backpressure.hook-threw');
    },
    settle() {
      nodes.forEach((executor) => {
        if (executor.deferred > 0) mark('settle.with-deferred');
      });
    },
  };
}
