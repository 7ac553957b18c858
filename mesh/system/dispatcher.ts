/**
 * The dispatcher of a simulated node. It takes a drawn time for each action and does what the active faults say. Dispatches
 * are observed at this port.
 */

import { InjectedError } from '../../sim/faults/injected-error.ts';
import { drawMs } from '../../sim/faults/link/link.ts';
import { labelOf, type Name } from '../../sim/kernel/choices/name.ts';
import type { PendingAction } from '../../src/action/action.ts';
import type { Dispatcher, DispatchResult } from '../../src/executor/ports.ts';
import type { MeshEvent } from '../events.ts';
import type { ActiveFault, DispatchTarget, FaultOf } from '../scenario/scenario.ts';
import type { NodeHost } from './node-host.ts';
import type { OperationState } from './operations.ts';
import { traceable } from './traceable.ts';

type Outcome = FaultOf<'dispatch-error'> | FaultOf<'dispatch-retry'> | FaultOf<'dispatch-panic'> | null;
type EndResult = Extract<MeshEvent, { kind: 'dispatch-end' }>['result'];

const ATTEMPT = labelOf('attempt');
const LATENCY = labelOf('latency');
const HOOK = labelOf('hook');
const THROWN = labelOf('thrown');

const OK: DispatchResult = { kind: 'ok' };

export class SimDispatcher implements Dispatcher {
  readonly #host: NodeHost;
  /** The active faults. Asked for once, because every dispatch looks at all of them. */
  readonly #panics: readonly FaultOf<'dispatch-panic'>[];
  readonly #errors: readonly FaultOf<'dispatch-error'>[];
  readonly #retries: readonly FaultOf<'dispatch-retry'>[];
  readonly #slow: readonly FaultOf<'dispatch-slow'>[];
  #calls = 0;
  #hooks = 0;

  constructor(host: NodeHost) {
    this.#host = host;
    this.#panics = host.faults.of('dispatch-panic');
    this.#errors = host.faults.of('dispatch-error');
    this.#retries = host.faults.of('dispatch-retry');
    this.#slow = host.faults.of('dispatch-slow');
  }

  dispatch(pending: PendingAction): Promise<DispatchResult> {
    const host = this.#host;
    const call = this.#calls;
    this.#calls += 1;
    host.emit({ kind: 'dispatch', node: host.node, inc: host.inc, id: pending.id, call, pending });
    const operation = host.operationOf(pending.id);
    operation.attempts += 1;
    const where = operation.name.numbered(ATTEMPT, operation.attempts);
    const outcome = this.#outcome(operation, where);
    if (outcome?.kind === 'dispatch-panic' && outcome.how === 'throws') {
      this.#ended(pending, call, 'threw', null, null);
      throw this.#thrown(outcome, where, 'dispatch threw');
    }
    return this.#carryOut(pending, call, outcome, where, this.#duration(operation, where));
  }

  onBackpressure(change: 'asserted' | 'released'): void {
    const { node, inc, faults } = this.#host;
    const hook = this.#hooks;
    this.#hooks += 1;
    const thrower = faults.of('hook-throw').find((fault) => fault.node === node);
    this.#host.emit({ kind: 'hook', node, inc, change, threw: thrower !== undefined });
    if (thrower === undefined) return;
    faults.struck(thrower);
    throw this.#thrown(thrower, this.#host.group.path.numbered(HOOK, hook), 'backpressure hook threw');
  }

  async #carryOut(
    pending: PendingAction,
    call: number,
    outcome: Outcome,
    where: Name,
    durationMs: number,
  ): Promise<DispatchResult> {
    if (durationMs > 0) await this.#host.group.sleep(durationMs);
    if (outcome === null) {
      this.#ended(pending, call, 'ok', null, null);
      return OK;
    }
    if (outcome.kind === 'dispatch-panic') {
      this.#ended(pending, call, 'rejected', null, null);
      throw this.#thrown(outcome, where, 'dispatch rejected');
    }
    const retryAfterMs = outcome.kind === 'dispatch-retry' ? BigInt(outcome.hintMs) : null;
    this.#ended(pending, call, 'failed', traceable(outcome.reason), retryAfterMs);
    return { kind: 'failed', reason: outcome.reason, retryAfterMs };
  }

  /** Foreign code may throw anything. */
  #thrown(fault: ActiveFault, where: Name, what: string): unknown {
    switch (this.#host.kernel.draw(where.child(THROWN), 4)) {
      case 1:
        return undefined;
      case 2:
        return what;
      default:
        return new InjectedError(fault.key, what);
    }
  }

  #ended(
    pending: PendingAction,
    call: number,
    result: EndResult,
    reason: string | null,
    retryAfterMs: bigint | null,
  ): void {
    const { node, inc } = this.#host;
    this.#host.emit({ kind: 'dispatch-end', node, inc, id: pending.id, call, result, reason, retryAfterMs });
  }

  #outcome(operation: OperationState, where: Name): Outcome {
    return (
      this.#first(this.#panics, operation, where) ??
      this.#first(this.#errors, operation, where) ??
      this.#first(this.#retries, operation, where)
    );
  }

  #duration(operation: OperationState, where: Name): number {
    const { dispatch } = this.#host.config;
    const drawnMs = drawMs(dispatch, (bound) => this.#host.kernel.draw(where.child(LATENCY), bound));
    return drawnMs + (this.#first(this.#slow, operation, where)?.extraMs ?? 0);
  }

  #first<F extends ActiveFault & { readonly target: DispatchTarget }>(
    active: readonly F[],
    operation: OperationState,
    where: Name,
  ): F | null {
    for (const fault of active) {
      if (!this.#strikes(fault, fault.target, operation, where)) continue;
      this.#host.faults.struck(fault);
      return fault;
    }
    return null;
  }

  #strikes(fault: ActiveFault, target: DispatchTarget, operation: OperationState, where: Name): boolean {
    if ('op' in target) {
      const nth = operation.attempts - target.attempt;
      return target.op === operation.key && nth >= 0 && nth < target.times;
    }
    if (target.node !== this.#host.node) return false;
    return target.percent >= 100 || this.#host.kernel.draw(where.child('fault', fault.key), 100) < target.percent;
  }
}
