/**
 * The loop of a node: takes operations out of its inbox as they come, gives submissions their ids, and every
 * `handOverEveryMs` hands what it has collected to the executor's queue. It never waits for that queue: what does not
 * get in is dropped or refused, and counted. (docs/specification/control-plane.md, section 7.)
 */

import type { PendingAction } from '../action/action.ts';
import { ActionIdAllocator } from '../action/action-id.ts';
import { NO_CHAIN } from '../chain/appenders.ts';
import type { AdminAuditRecord, Appender, LogLevel, LogRecord } from '../chain/records.ts';
import type { Admission } from '../executor/ports.ts';
import type { BoundedRing } from '../ring/bounded-ring.ts';
import { CLOSED, deadline, type Receiver, type Runtime, type Sender } from '../runtime/port.ts';
import { Journal } from './journal.ts';
import type { NodeInput } from './ports.ts';

export interface NodeLoopConfig {
  readonly id: bigint;
  readonly handOverEveryMs: number;
  /** Capacity of the log ring. */
  readonly logRing: number;
  /** Capacity of the audit ring. */
  readonly auditRing: number;
}

export interface NodeLoopPorts {
  readonly inbox: Receiver<NodeInput>;
  readonly queue: Sender<PendingAction>;
  readonly admission: Pick<Admission, 'gateDaemon'>;
  /** By default nowhere. */
  readonly logChain?: Appender<LogRecord> | undefined;
  readonly auditChain?: Appender<AdminAuditRecord> | undefined;
}

/** Most ticks hand over nothing, and need no text of their own. */
const IDLE_TICK = tickText(0, 0, 0);

function tickText(sent: number, dropped: number, refused: number): string {
  return `tick: ${sent} handed over, ${dropped} dropped (queue full), ${refused} refused (queue closed)`;
}

export class NodeLoop {
  /** Actions that found the executor's queue full, or closed, since the start. */
  droppedQueueFull = 0;
  refusedQueueClosed = 0;
  readonly #runtime: Runtime;
  readonly #config: NodeLoopConfig;
  readonly #ports: NodeLoopPorts;
  readonly #log: Journal<LogRecord>;
  readonly #audit: Journal<AdminAuditRecord>;
  readonly #ids = new ActionIdAllocator();
  /** Taken out since the last hand-over, in order of their ids. */
  #collected: PendingAction[] = [];

  constructor(runtime: Runtime, config: NodeLoopConfig, ports: NodeLoopPorts) {
    if (!Number.isSafeInteger(config.handOverEveryMs) || config.handOverEveryMs < 1) {
      throw new RangeError(`handOverEveryMs must be a whole number of at least 1, not ${config.handOverEveryMs}`);
    }
    this.#runtime = runtime;
    this.#config = config;
    this.#ports = ports;
    const { logChain = NO_CHAIN, auditChain = NO_CHAIN } = ports;
    this.#log = new Journal<LogRecord>(config.logRing, logChain, (record) => ({ ...record, chainPending: true }));
    this.#audit = new Journal<AdminAuditRecord>(config.auditRing, auditChain, (record) => ({
      ...record,
      chainPending: true,
    }));
  }

  get logRing(): BoundedRing<LogRecord> {
    return this.#log.ring;
  }

  get auditRing(): BoundedRing<AdminAuditRecord> {
    return this.#audit.ring;
  }

  /** Serves until the inbox is closed and empty; then hands over what is left, and closes the queue. */
  async run(): Promise<void> {
    const startMs = this.#runtime.now();
    const received = this.#ports.inbox.received;
    let tick = deadline(startMs + this.#config.handOverEveryMs);
    for (;;) {
      const next = await this.#runtime.select({ received, tick });
      if (next.source === 'tick') {
        this.#handOver();
        tick = deadline(this.#nextTickMs(startMs));
      } else if (next.value === CLOSED) {
        break;
      } else {
        this.#handle(next.value);
        this.#handleWaiting();
      }
    }
    this.#handOver();
    this.#ports.queue.close();
  }

  /** The next tick, counted from the start. Missed ticks are not made up for. */
  #nextTickMs(startMs: number): number {
    const everyMs = this.#config.handOverEveryMs;
    return startMs + (Math.floor((this.#runtime.now() - startMs) / everyMs) + 1) * everyMs;
  }

  /** Whatever else is in the inbox by now costs no further turn of the scheduler. */
  #handleWaiting(): void {
    for (;;) {
      const input = this.#ports.inbox.tryReceive();
      if (input === undefined || input === CLOSED) return;
      this.#handle(input);
    }
  }

  #handle(input: NodeInput): void {
    switch (input.kind) {
      case 'submit':
        this.#collected.push({ id: this.#ids.next(), action: input.action, emittedAtMs: this.#runtime.now() });
        break;
      case 'gate-daemon':
        this.#ports.admission.gateDaemon(input.daemon, input.untilMs);
        break;
      case 'log':
        this.#logLine(input.level, input.daemonId, input.message);
        break;
      case 'admin':
        this.#auditLine(input);
        break;
    }
  }

  #handOver(): void {
    const collected = this.#collected;
    if (collected.length > 0) this.#collected = [];
    let sent = 0;
    const droppedBefore = this.droppedQueueFull;
    const refusedBefore = this.refusedQueueClosed;
    for (const pending of collected) {
      switch (this.#ports.queue.trySend(pending)) {
        case 'sent':
          sent += 1;
          break;
        case 'full':
          this.droppedQueueFull += 1;
          break;
        case 'closed':
          this.refusedQueueClosed += 1;
          break;
      }
    }
    const dropped = this.droppedQueueFull - droppedBefore;
    const refused = this.refusedQueueClosed - refusedBefore;
    this.#logLine('debug', null, collected.length === 0 ? IDLE_TICK : tickText(sent, dropped, refused));
  }

  #logLine(level: LogLevel, daemonId: bigint | null, message: string): void {
    const tsMs = this.#runtime.wallNow();
    const nodeId = this.#config.id;
    this.#log.record((seq) => ({ seq, tsMs, level, daemonId, nodeId, message, chainPending: false }));
  }

  #auditLine({ operator, operation, outcome }: Extract<NodeInput, { kind: 'admin' }>): void {
    const tsMs = this.#runtime.wallNow();
    const nodeId = this.#config.id;
    this.#audit.record((seq) => ({ seq, tsMs, nodeId, operator, operation, outcome, chainPending: false }));
  }
}
