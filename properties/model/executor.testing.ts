/**
 * The executor as docs/specification/control-plane.md section 6 has it under `strict`, as a reader of what one did: it is shown every effect
 * at the ports in order, and says which one has to come next, when, and with what content. Where the page leaves a choice
 * (of what is ready at the same instant, either may be taken) it follows the one that was made.
 */
import assert from 'node:assert/strict';
import { wellFormed } from '../../mesh/invariants/model/wire/records.ts';
import type { MeshOsAction } from '../../src/action/action.ts';
import type { ActionDisposition, FailureRecord } from '../../src/chain/records.ts';
import type { ExecutorStats } from '../../src/executor/ports.ts';
import type { Answer, Effect, ExecutorLimits, FailingCall, Submission } from '../executor-effects.testing.ts';
import { AdmissionModel } from './admission.testing.ts';

interface Pending {
  readonly id: bigint;
  readonly action: MeshOsAction;
  /** What is left of the dispatcher's answers, for this action's next attempts; after them it succeeds. */
  readonly answers: Answer[];
  defers: number;
}

interface Queued extends Pending {
  readonly sinceMs: number;
}

interface Deferred {
  readonly pending: Pending;
  readonly dueMs: number;
}

/** The effect that has to come next. */
interface Next {
  readonly what: string;
  /** When; infinite if nothing is to be done. */
  atMs(): number;
}

export class ExecutorModel {
  readonly counters: { -readonly [K in keyof ExecutorStats]: ExecutorStats[K] } = {
    dispatched: 0,
    failed: 0,
    deferred: 0,
    gated: 0,
    dispatchRetries: 0,
    backpressureAsserts: 0,
    backpressureReleases: 0,
    chainAppendFailures: 0,
    hookFailures: 0,
  };
  readonly failures: FailureRecord[] = [];
  readonly #limits: ExecutorLimits;
  readonly #admission: AdmissionModel;
  /** How many of the next calls fail. */
  readonly #failing: Record<FailingCall, number> = { 'action-append': 0, 'failure-append': 0, hook: 0 };
  readonly #queue: Queued[] = [];
  /** In the order in which their deadlines were set. */
  readonly #deferred: Deferred[] = [];
  readonly #life: Generator<Next, void, Effect>;
  #next: Next | null;
  /** The effect that said that something is under way, until it is looked at. */
  #seen: Effect | null = null;
  #closedAtMs = Number.POSITIVE_INFINITY;
  /** Since when the executor has nothing under way. */
  #freeAtMs = 0;
  #seq = 0n;
  #wallAheadMs: number;

  constructor(limits: ExecutorLimits, wallAheadMs: number) {
    this.#limits = limits;
    this.#admission = new AdmissionModel(limits);
    this.#wallAheadMs = wallAheadMs;
    this.#life = this.#lives();
    this.#next = this.#life.next().value ?? null;
  }

  get deferredCount(): number {
    return this.#deferred.length;
  }

  get recentFailures(): readonly FailureRecord[] {
    return this.failures.slice(-Math.max(1, this.#limits.recentFailures));
  }

  get ended(): boolean {
    return this.#next === null;
  }

  /** Reads what happened up to `nowMs`, and what should have and did not. */
  read(effects: readonly Effect[], nowMs: number): void {
    for (const effect of effects) if (!this.#takeFromOutside(effect)) this.#follow(effect);
    const next = this.#next;
    if (next !== null && next.atMs() <= nowMs) assert.fail(`${next.what} was due at ${next.atMs()} ms, and is missing`);
  }

  #takeFromOutside(effect: Effect): boolean {
    switch (effect.what) {
      case 'submit':
        this.#submitted(effect.submission, effect);
        return true;
      case 'gate-daemon':
        this.#admission.gateDaemon(effect.daemon, effect.untilMs);
        return true;
      case 'fail-next':
        this.#failing[effect.call] += effect.times;
        return true;
      case 'wall-clock-jump':
        this.#wallAheadMs += effect.byMs;
        return true;
      case 'close':
        this.#closedAtMs = Math.min(this.#closedAtMs, effect.atMs);
        return true;
      default:
        return false;
    }
  }

  #submitted({ id, action, answers }: Submission, { atMs, outcome }: Effect & { readonly what: 'submit' }): void {
    const isClosed = this.#closedAtMs <= atMs;
    const isFull = this.#queue.length >= this.#limits.queueCapacity;
    assert.equal(outcome, isClosed ? 'closed' : isFull ? 'full' : 'sent', `submission of ${id}`);
    if (outcome === 'sent') this.#queue.push({ id, action, answers: [...answers], defers: 0, sinceMs: atMs });
  }

  #follow(effect: Effect): void {
    const next = this.#next;
    if (next === null) assert.fail(`the executor has ended, and then came ${effect.what}`);
    assert.equal(effect.atMs, next.atMs(), `${effect.what} came at another time than ${next.what}, which was next`);
    this.#next = this.#life.next(effect).value ?? null;
  }

  *#lives(): Generator<Next, void, Effect> {
    for (;;) {
      const first = yield { what: 'an action that is taken, or the end', atMs: () => this.#busyAtMs() };
      this.#seen = first;
      if (this.#isOver()) return yield* this.#ends(first.atMs);
      yield* this.#handles(first.atMs);
    }
  }

  #isOver(): boolean {
    return this.#queue.length === 0 && this.#closedAtMs < Number.POSITIVE_INFINITY;
  }

  #busyAtMs(): number {
    const dueMs = Math.min(...this.#deferred.map((deferred) => deferred.dueMs));
    const somethingMs = this.#isOver() ? this.#closedAtMs : Math.min(dueMs, this.#queue[0]?.sinceMs ?? dueMs);
    return Math.max(this.#freeAtMs, somethingMs);
  }

  *#handles(atMs: number): Generator<Next, void, Effect> {
    yield* this.#reevaluates(atMs);
    const asked = yield* this.#comes('the question of admission', atMs);
    if (asked.what !== 'admit') assert.fail(`an action is taken, and admission not asked but ${asked.what}`);
    const pending = this.#take(asked.id, atMs);
    const decision = this.#admission.admit(pending.id, pending.action, atMs);
    assert.deepEqual(asked.decision, decision, `admission of ${pending.id}`);
    let endMs = atMs;
    switch (decision.kind) {
      case 'admit':
        endMs = yield* this.#dispatches(pending, atMs);
        break;
      case 'defer':
        yield* this.#defers(pending, Number(decision.retryAfterMs), atMs);
        break;
      case 'gate': {
        this.counters.gated += 1;
        const { reason, untilMs } = decision;
        const cooldownMs = BigInt(untilMs) - BigInt(atMs);
        const told = `gated (${reason}); cooldown ${cooldownMs} ms`;
        yield* this.#recordsFailure(pending, told, { type: 'gated', reason, cooldownMs }, atMs);
      }
    }
    yield* this.#reevaluates(endMs);
    this.#freeAtMs = endMs;
  }

  /** The first of the queue, or of those due the first by deadline, then by order of setting. */
  #take(id: bigint, nowMs: number): Pending {
    const [fresh] = this.#queue;
    if (fresh?.id === id) {
      this.#queue.shift();
      return fresh;
    }
    const firstDue = this.#firstDue();
    if (firstDue === undefined || firstDue.dueMs > nowMs || firstDue.pending.id !== id) {
      const due = firstDue === undefined ? 'none' : `${firstDue.pending.id} at ${firstDue.dueMs} ms`;
      assert.fail(`${id} is taken at ${nowMs} ms; first of the queue is ${fresh?.id ?? 'none'}, first due ${due}`);
    }
    this.#deferred.splice(this.#deferred.indexOf(firstDue), 1);
    return firstDue.pending;
  }

  #firstDue(): Deferred | undefined {
    const dueMs = Math.min(...this.#deferred.map((deferred) => deferred.dueMs));
    return this.#deferred.find((deferred) => deferred.dueMs === dueMs);
  }

  /** When the dispatch ended. */
  *#dispatches(pending: Pending, atMs: number): Generator<Next, number, Effect> {
    const { id } = pending;
    yield* this.#sees({ what: 'dispatch', id, atMs });
    const answer = pending.answers.shift() ?? { kind: 'ok', takesMs: 0 };
    const endMs = answer.kind === 'throws' ? atMs : atMs + answer.takesMs;
    if (answer.kind !== 'throws') yield* this.#sees({ what: 'answer', id, atMs: endMs });
    if (answer.kind === 'ok') {
      this.counters.dispatched += 1;
      yield* this.#appends(pending, { type: 'dispatched' }, endMs);
      return endMs;
    }
    this.#admission.release(id, pending.action);
    yield* this.#sees({ what: 'release', id, atMs: endMs });
    yield* this.#reevaluates(endMs);
    if (answer.kind !== 'fails') yield* this.#fails(pending, 'dispatcher panicked', endMs);
    else if (answer.retryAfterMs === null) yield* this.#fails(pending, wellFormed(answer.reason), endMs);
    else yield* this.#retries(pending, wellFormed(answer.reason), answer.retryAfterMs, endMs);
    return endMs;
  }

  *#retries(pending: Pending, reason: string, retryAfterMs: bigint, atMs: number): Generator<Next, void, Effect> {
    pending.defers += 1;
    if (pending.defers > this.#limits.maxDefers) {
      yield* this.#fails(pending, `dispatch retry budget exhausted after ${pending.defers} attempts`, atMs);
      return;
    }
    this.counters.dispatchRetries += 1;
    yield* this.#recordsFailure(pending, reason, { type: 'failed', reason, retryAfterMs }, atMs);
    this.#deferred.push({ pending, dueMs: atMs + Number(retryAfterMs) });
  }

  *#defers(pending: Pending, retryAfterMs: number, atMs: number): Generator<Next, void, Effect> {
    pending.defers += 1;
    const max = this.#limits.maxDefers;
    if (pending.defers > max) {
      yield* this.#fails(pending, `deferred ${pending.defers} times — exceeds max_defer_count ${max}`, atMs);
      return;
    }
    this.counters.deferred += 1;
    this.#deferred.push({ pending, dueMs: atMs + retryAfterMs });
  }

  *#fails(pending: Pending, reason: string, atMs: number): Generator<Next, void, Effect> {
    this.counters.failed += 1;
    yield* this.#recordsFailure(pending, reason, { type: 'failed', reason, retryAfterMs: null }, atMs);
  }

  *#recordsFailure(
    pending: Pending,
    reason: string,
    disposition: ActionDisposition,
    atMs: number,
  ): Generator<Next, void, Effect> {
    this.#seq += 1n;
    const source = `action-id:${pending.id}:${pending.action.kind}`;
    const record = { seq: this.#seq, source, reason, recordedAtMs: this.#wallMs(atMs) };
    yield* this.#sees({ what: 'failure-append', record, refused: this.#isFailing('failure-append'), atMs });
    this.failures.push(record);
    yield* this.#appends(pending, disposition, atMs);
  }

  *#appends({ id, action }: Pending, disposition: ActionDisposition, atMs: number): Generator<Next, void, Effect> {
    const refused = this.#isFailing('action-append');
    if (refused) this.counters.chainAppendFailures += 1;
    const record = { id, kind: action.kind, emittedAtMs: this.#wallMs(atMs), disposition };
    yield* this.#sees({ what: 'action-append', record, refused, atMs });
  }

  /** The depth as it is now; an edge is seen by the hook. */
  *#reevaluates(atMs: number): Generator<Next, void, Effect> {
    const change = this.#admission.updateQueueDepth(this.#queue.length + this.#deferred.length);
    if (change === 'steady') return;
    if (change === 'asserted') this.counters.backpressureAsserts += 1;
    else this.counters.backpressureReleases += 1;
    const threw = this.#isFailing('hook');
    if (threw) this.counters.hookFailures += 1;
    yield* this.#sees({ what: 'edge', change, threw, atMs });
  }

  *#ends(atMs: number): Generator<Next, void, Effect> {
    for (let due = this.#firstDue(); due !== undefined; due = this.#firstDue()) {
      this.#deferred.splice(this.#deferred.indexOf(due), 1);
      yield* this.#fails(due.pending, 'executor closed', atMs);
    }
    yield* this.#reevaluates(atMs);
    yield* this.#sees({ what: 'end', atMs });
  }

  *#sees(expected: Effect): Generator<Next, void, Effect> {
    assert.deepEqual(yield* this.#comes(expected.what, expected.atMs), expected);
  }

  /** The next effect, or the one that was seen already. */
  *#comes(what: string, atMs: number): Generator<Next, Effect, Effect> {
    const effect = this.#seen ?? (yield { what, atMs: () => atMs });
    this.#seen = null;
    return effect;
  }

  #isFailing(call: FailingCall): boolean {
    if (this.#failing[call] === 0) return false;
    this.#failing[call] -= 1;
    return true;
  }

  #wallMs(atMs: number): bigint {
    return BigInt(Math.max(0, atMs + this.#wallAheadMs));
  }
}
