/**
 * The lifecycle broadcast as the source's model and docs/specification/control-plane.md section 8 describe it, rebuilt from
 * events: the registry of a node in insertion order, the broadcasts asked for, and the one under way with what it sent to
 * whom and what came back in time.
 */
export interface Backend {
  readonly name: string;
  endpoint: number;
  live: boolean;
}

/** One endpoint that a broadcast was sent to. */
export interface Sent {
  readonly backend: string;
  readonly endpoint: number;
  /** 'ack' or the reason of a failure; null while nothing has arrived in time. */
  answer: string | null;
  /** Set dead before an answer arrived: a timeout, even if it lives again later. */
  died: boolean;
}

export class Registry {
  /** In insertion order; a replaced backend keeps its place. */
  readonly backends: Backend[] = [];

  register(name: string, endpoint: number, live: boolean): void {
    const known = this.find(name);
    if (known === undefined) {
      this.backends.push({ name, endpoint, live });
    } else {
      known.endpoint = endpoint;
      known.live = live;
    }
  }

  find(name: string): Backend | undefined {
    return this.backends.find((backend) => backend.name === name);
  }
}

/** A broadcast from its sending on. */
export class InFlight {
  readonly op: string;
  readonly sentAtMs: number;
  /** Until when answers count. */
  readonly deadlineMs: number;
  /** The registry at the sending, in insertion order. */
  readonly live: readonly Backend[];
  readonly dead: readonly string[];
  readonly sent: Sent[] = [];

  constructor(op: string, registry: Registry, sentAtMs: number, timeoutMs: number) {
    this.op = op;
    this.sentAtMs = sentAtMs;
    this.deadlineMs = sentAtMs + timeoutMs;
    this.live = registry.backends.filter((backend) => backend.live).map((backend) => ({ ...backend }));
    this.dead = registry.backends.filter((backend) => !backend.live).map((backend) => backend.name);
  }

  /** The endpoint died. Only the one that is registered under its name can. */
  died(endpoint: number): void {
    for (const sent of this.sent) if (sent.endpoint === endpoint && sent.answer === null) sent.died = true;
  }

  answered(endpoint: number, answer: string, atMs: number): void {
    if (atMs > this.deadlineMs) return;
    for (const sent of this.sent) {
      if (sent.endpoint === endpoint && !sent.died && sent.answer === null) sent.answer = answer;
    }
  }
}

/** A node's broadcasts. `timeoutMs` is the policy's; 0 counts as 1. */
export class Broadcasts {
  readonly inc: number;
  readonly registry = new Registry();
  readonly timeoutMs: number;
  /** Operations asked for and not answered, oldest first. */
  readonly asked: string[] = [];
  /** Sent and not answered. */
  inFlight: InFlight | null = null;
  /** The latest one that was answered: an answer in time may still arrive in the millisecond of the result. */
  last: InFlight | null = null;

  constructor(inc: number, timeoutMs: number) {
    this.inc = inc;
    this.timeoutMs = Math.max(timeoutMs, 1);
  }

  setLive(name: string, live: boolean): void {
    const backend = this.registry.find(name);
    if (backend === undefined) return;
    backend.live = live;
    if (live) return;
    this.inFlight?.died(backend.endpoint);
    this.last?.died(backend.endpoint);
  }

  /** The broadcast `op`. Its membership is taken now if it was not sent to anyone yet. */
  sending(op: string, nowMs: number): InFlight {
    if (this.inFlight === null || this.inFlight.op !== op) {
      this.inFlight = new InFlight(op, this.registry, nowMs, this.timeoutMs);
    }
    return this.inFlight;
  }

  answered(op: string, endpoint: number, answer: string, atMs: number): void {
    if (this.inFlight?.op === op) this.inFlight.answered(endpoint, answer, atMs);
  }

  /** It was refused, and no longer waits. */
  refused(op: string): void {
    const index = this.asked.indexOf(op);
    if (index >= 0) this.asked.splice(index, 1);
  }

  resulted(op: string): void {
    const index = this.asked.indexOf(op);
    if (index >= 0) this.asked.splice(index, 1);
    this.last = this.inFlight;
    this.inFlight = null;
  }
}
