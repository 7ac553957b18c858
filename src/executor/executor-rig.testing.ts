/** An executor on a hand-driven runtime with everything around it scripted and every visible effect written down in order. */
import type { MeshOsAction, PendingAction } from '../action/action.ts';
import { type ActionChainRecord, AppendError, type Appender, type FailureRecord } from '../chain/records.ts';
import type { Channel } from '../runtime/port.ts';
import { BackpressureState } from './admission.ts';
import { type ActionExecutorConfig, DEFAULT_EXECUTOR_CONFIG } from './config.ts';
import { ActionExecutor } from './executor.ts';
import { HandDrivenRuntime } from './hand-driven-runtime.testing.ts';
import type { Admission, Dispatcher, DispatchResult } from './ports.ts';
import { type ExecutorSemantics, strict } from './semantics.ts';

/** What one dispatch does; once the script is at its end, dispatches succeed at once. */
export interface Scripted {
  readonly takesMs?: number;
  readonly gives?: () => Promise<DispatchResult>;
}

const OK: DispatchResult = { kind: 'ok' };

/** What a dispatcher that keeps to no types may answer. */
export function foreignAnswer(answer: unknown): Promise<DispatchResult>;
export function foreignAnswer(answer: unknown): Promise<unknown> {
  return Promise.resolve(answer);
}

function plantedInHook(): never {
  throw new Error('planted in the hook');
}

export function failsWith(reason: string, retryAfterMs: bigint | null = null): Scripted {
  return { gives: () => Promise.resolve({ kind: 'failed', reason, retryAfterMs }) };
}

export interface RigOptions {
  readonly config?: Partial<ActionExecutorConfig>;
  readonly semantics?: ExecutorSemantics;
  readonly script?: readonly Scripted[];
  /** Numbers, from 0, of the calls of the hook that throw. */
  readonly hookThrowsOn?: readonly number[];
  /** Throws for them; an error unless told otherwise. */
  readonly hookThrows?: () => never;
  /** Numbers, from 0, of the appends that fail. */
  readonly actionChainFailsOn?: readonly number[];
  readonly failureChainFailsOn?: readonly number[];
  readonly admission?: Admission;
}

export class ExecutorRig {
  readonly runtime = new HandDrivenRuntime();
  readonly queue: Channel<PendingAction> = this.runtime.channel<PendingAction>(1024);
  /** `MS what` for every call of dispatcher, hook and chains, in order. */
  readonly effects: string[] = [];
  readonly actionChain: ActionChainRecord[] = [];
  /** How many actions were deferred at each append to the action chain. */
  readonly deferredAtAppend: number[] = [];
  readonly failureChain: FailureRecord[] = [];
  readonly admission: Admission;
  readonly executor: ActionExecutor;
  ended: 'running' | 'returned' | 'rejected' = 'running';
  #nextId = 1n;

  constructor(options: RigOptions = {}) {
    const semantics = options.semantics ?? strict;
    const config = { ...DEFAULT_EXECUTOR_CONFIG, ...options.config };
    this.admission = options.admission ?? new BackpressureState(config, semantics);
    const ports = {
      queue: this.queue,
      admission: this.admission,
      dispatcher: this.#dispatcher(options),
      actionChain: this.#actionAppender(options.actionChainFailsOn ?? []),
      failureChain: this.#failureAppender(options.failureChainFailsOn ?? []),
    };
    this.executor = new ActionExecutor(this.runtime, config, ports, semantics);
  }

  start(): void {
    this.executor.run().then(
      () => {
        this.ended = 'returned';
      },
      () => {
        this.ended = 'rejected';
      },
    );
  }

  /** Puts actions in the queue, all at once; ids go on from 1. */
  send(...actions: readonly MeshOsAction[]): void {
    for (const action of actions) {
      this.queue.trySend({ id: this.#nextId, action, emittedAtMs: this.runtime.now() });
      this.#nextId += 1n;
    }
  }

  /** Starts, sends, runs until `atMs`, closes, and lets it end. */
  async runAll(actions: readonly MeshOsAction[], untilMs = 0): Promise<void> {
    this.start();
    this.send(...actions);
    await this.runtime.until(untilMs);
    this.queue.close();
    await this.runtime.until(untilMs);
  }

  /** Ids in the order in which they were dispatched. */
  dispatchedIds(): string[] {
    return this.effects.flatMap((effect) => / dispatch (\d+)$/.exec(effect)?.[1] ?? []);
  }

  /** Ring entries as `seq source: reason @ recorded`. */
  ring(): string[] {
    const { recentFailures } = this.executor;
    return recentFailures.toArray().map((f) => `${f.seq} ${f.source}: ${f.reason} @${f.recordedAtMs}`);
  }

  #note(what: string): void {
    this.effects.push(`${this.runtime.now()} ${what}`);
  }

  #dispatcher({ script = [], hookThrowsOn = [], hookThrows = plantedInHook }: RigOptions): Dispatcher {
    let calls = 0;
    let edges = 0;
    return {
      dispatch: (pending) => {
        this.#note(`dispatch ${pending.id}`);
        const scripted = script[calls++] ?? {};
        const gives = scripted.gives ?? (() => Promise.resolve(OK));
        return scripted.takesMs === undefined ? gives() : this.runtime.sleep(scripted.takesMs).then(gives);
      },
      onBackpressure: (change) => {
        this.#note(change);
        if (hookThrowsOn.includes(edges++)) hookThrows();
      },
    };
  }

  #actionAppender(failsOn: readonly number[]): Appender<ActionChainRecord> {
    let calls = 0;
    return {
      append: (record) => {
        const fails = failsOn.includes(calls++);
        this.deferredAtAppend.push(this.executor.deferredCount);
        this.#note(`chain ${record.id} ${record.disposition.type}${fails ? ' refused' : ''}`);
        if (fails) return new AppendError('action', 'planted');
        this.actionChain.push(record);
        return null;
      },
    };
  }

  #failureAppender(failsOn: readonly number[]): Appender<FailureRecord> {
    let calls = 0;
    return {
      append: (record) => {
        const fails = failsOn.includes(calls++);
        this.#note(`failure ${record.seq}${fails ? ' refused' : ''} (ring ${this.executor.recentFailures.length})`);
        if (fails) return new AppendError('failure', 'planted');
        this.failureChain.push(record);
        return null;
      },
    };
  }
}
