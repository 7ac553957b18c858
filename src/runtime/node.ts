/**
 * The runtime port on real time, for a control plane that runs in a Node process: what ships, where the simulation
 * kernel is what it is tested on. `contract.testing.ts` holds both to the same behaviour.
 */
import { NodeChannel, NodeSignal, Waiter } from './node-waiting.ts';
import {
  type Channel,
  CLOSED,
  type Runtime,
  type Selected,
  type Signal,
  type Source,
  type Sources,
  type Task,
} from './port.ts';

/** So many waits in a row may end without the host's timers and I/O having had a turn. */
const WAITS_PER_TURN = 64;

/** Time as the runtime takes it from its host, so that tests can bring a clock of their own. */
export interface HostClock {
  /** Monotonic milliseconds, a whole number. */
  now(): number;
  /** Unix milliseconds, never below 0. */
  wallNow(): bigint;
  /**
   * Calls back once, when `now()` has reached `atMs` (Infinity: never), and not before this call has returned; gives what
   * cancels it.
   */
  callAt(atMs: number, callback: () => void): () => void;
}

interface Fired {
  readonly source: string;
  readonly value: unknown;
}

export class NodeRuntime implements Runtime {
  readonly #clock: HostClock;
  readonly #draw: (bound: number) => number;
  #waitsThisTurn = 0;

  /** `draw` gives a whole number below its argument: which of several ready sources a select takes. */
  constructor(clock: HostClock = new ProcessClock(), draw = (bound: number) => Math.floor(Math.random() * bound)) {
    this.#clock = clock;
    this.#draw = draw;
  }

  now(): number {
    return this.#clock.now();
  }

  wallNow(): bigint {
    return this.#clock.wallNow();
  }

  sleep(ms: number): Promise<void> {
    if (!Number.isSafeInteger(ms) || ms < 0) {
      throw new RangeError(`a sleep is a whole number of milliseconds of at least 0, not ${ms}`);
    }
    if (ms === 0) return this.yield();
    return new Promise((resolve) => {
      this.#clock.callAt(this.#clock.now() + ms, resolve);
    });
  }

  yield(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** A task that throws ends the process, as any lost rejection does, unless somebody joins it. */
  spawn(role: string, body: () => Promise<void>): Task {
    const ended = Promise.resolve().then(body);
    return { role, join: () => ended };
  }

  channel<T>(capacity: number): Channel<T> {
    return new NodeChannel<T>(capacity, (source) => this.#waitFor(source));
  }

  signal(): Signal {
    return new NodeSignal((source) => this.#waitFor(source));
  }

  select<const S extends Sources>(sources: S): Promise<Selected<S>>;
  async select(sources: Sources): Promise<unknown> {
    checkSources(sources);
    await this.#turn();
    const waiter = new Waiter();
    const unwatch = Object.values(sources).map((source) => this.#watch(source, waiter));
    try {
      for (;;) {
        const fired = this.#take(sources, waiter);
        if (fired !== null) return fired;
        await waiter.woken();
      }
    } finally {
      for (const stop of unwatch) stop();
      // What was notified for this wait and not taken by it is as if nobody had waited.
      for (const signal of waiter.notifiedBy) signal.kept = true;
    }
  }

  async #waitFor<T>(source: Source<T>): Promise<T> {
    const fired = await this.select({ source });
    return fired.value;
  }

  /** Lets tasks that are ready run first, and now and then the host. */
  async #turn(): Promise<void> {
    this.#waitsThisTurn += 1;
    if (this.#waitsThisTurn < WAITS_PER_TURN) return;
    this.#waitsThisTurn = 0;
    await this.yield();
  }

  /** Has the source wake the waiter; gives what ends that. */
  #watch(source: Source<unknown>, waiter: Waiter): () => void {
    if (source.kind === 'deadline') return this.#clock.callAt(source.atMs, () => waiter.wake());
    const { waiters } = source.kind === 'receive' ? channelOf(source.channel) : signalOf(source.signal);
    waiters.add(waiter);
    return () => waiters.delete(waiter);
  }

  /** Takes from one of the sources that are ready, or null if none is. */
  #take(sources: Sources, waiter: Waiter): Fired | null {
    const ready: [string, Source<unknown>][] = [];
    for (const [name, source] of Object.entries(sources)) {
      if (source.kind === 'receive') {
        const channel = channelOf(source.channel);
        if (channel.length > 0) ready.push([name, source]);
        else if (channel.closed) return { source: name, value: CLOSED };
      } else if (source.kind === 'signal') {
        const signal = signalOf(source.signal);
        if (signal.kept || waiter.notifiedBy.has(signal)) ready.push([name, source]);
      } else if (source.atMs <= this.#clock.now()) {
        ready.push([name, source]);
      }
    }
    const drawn = ready[ready.length > 1 ? this.#draw(ready.length) : 0];
    if (drawn === undefined) return null;
    const [name, source] = drawn;
    if (source.kind === 'receive') return { source: name, value: channelOf(source.channel).tryReceive() };
    if (source.kind === 'signal') takeNotification(signalOf(source.signal), waiter);
    return { source: name, value: undefined };
  }
}

function checkSources(sources: Sources): void {
  const all = Object.values(sources);
  if (all.length === 0) throw new RangeError('a select needs a source');
  for (const source of all) {
    if (source.kind !== 'deadline' || source.atMs === Number.POSITIVE_INFINITY) continue;
    if (!Number.isSafeInteger(source.atMs)) {
      throw new RangeError(`a deadline is a whole number of milliseconds, or infinity, not ${source.atMs}`);
    }
  }
}

/** One notification, whether it found this waiter or nobody. */
function takeNotification(signal: NodeSignal, waiter: Waiter): void {
  if (!waiter.notifiedBy.delete(signal)) signal.kept = false;
}

function channelOf(channel: unknown): NodeChannel<unknown> {
  if (channel instanceof NodeChannel) return channel;
  throw new TypeError('a select on this runtime was given a channel of another');
}

function signalOf(signal: unknown): NodeSignal {
  if (signal instanceof NodeSignal) return signal;
  throw new TypeError('a select on this runtime was given a signal of another');
}

/** The longest delay of a host timer; beyond it the host would fire after 1 ms. */
const TIMER_MS_MAX = 0x7fff_ffff;

/** The clocks and timers of the process. */
export class ProcessClock implements HostClock {
  readonly #startMs = performance.now();

  now(): number {
    return Math.floor(performance.now() - this.#startMs);
  }

  wallNow(): bigint {
    return BigInt(Math.max(0, Date.now()));
  }

  callAt(atMs: number, callback: () => void): () => void {
    if (atMs === Number.POSITIVE_INFINITY) return () => {};
    const clock = this;
    let timer = setTimeout(check, this.#delayTo(atMs));
    // Host timers may fire a fraction of a millisecond early, and cannot reach as far as a deadline may lie.
    function check(): void {
      if (clock.now() >= atMs) callback();
      else timer = setTimeout(check, clock.#delayTo(atMs));
    }
    return () => clearTimeout(timer);
  }

  #delayTo(atMs: number): number {
    return Math.max(0, Math.min(atMs - this.now(), TIMER_MS_MAX));
  }
}
