/**
 * What code under test holds of its timers: objects with the names and methods of Node's. What they do is the event
 * loop's business (`event-loop.ts`), which these hold privately.
 */

import type { HostImmediate, HostTimer } from '../../schedule/ambient.ts';

/** An immediate that can be taken hold of. */
interface HeldImmediate {
  /** Whether it keeps the run going. */
  readonly refed: boolean;
  refer(refed: boolean): void;
  clear(): void;
}

/** The same of a timer. */
interface HeldTimer extends HeldImmediate {
  readonly number: number;
  /** Starts anew, unless it was cleared. */
  refresh(): void;
  /** From now on its number stands for it. */
  known(): void;
}

/** What both can be asked and told. */
class Handle {
  readonly #entry: HeldImmediate;

  constructor(entry: HeldImmediate) {
    this.#entry = entry;
  }

  ref(): this {
    this.#entry.refer(true);
    return this;
  }

  unref(): this {
    this.#entry.refer(false);
    return this;
  }

  hasRef(): boolean {
    return this.#entry.refed;
  }
}

/** What `setTimeout` and `setInterval` give. */
export class Timeout extends Handle implements HostTimer {
  readonly #held: HeldTimer;

  constructor(held: HeldTimer) {
    super(held);
    this.#held = held;
  }

  /** Clears it, if it is one. */
  static clear(handle: unknown): boolean {
    if (!(typeof handle === 'object' && handle !== null && #held in handle)) return false;
    handle.#held.clear();
    return true;
  }

  refresh(): this {
    this.#held.refresh();
    return this;
  }

  close(): this {
    this.#held.clear();
    return this;
  }

  [Symbol.toPrimitive](): number {
    this.#held.known();
    return this.#held.number;
  }
}

/** What `setImmediate` gives. */
export class Immediate extends Handle implements HostImmediate {
  readonly #held: HeldImmediate;

  constructor(held: HeldImmediate) {
    super(held);
    this.#held = held;
  }

  /** Clears it, if it is one. */
  static clear(handle: unknown): boolean {
    if (!(typeof handle === 'object' && handle !== null && #held in handle)) return false;
    handle.#held.clear();
    return true;
  }
}

/** Node 20 brings the symbol along; the types of ES2023 do not know it. */
const dispose: unknown = Reflect.get(Symbol, 'dispose');
if (typeof dispose === 'symbol') {
  Object.defineProperty(Timeout.prototype, dispose, {
    value(this: Timeout): void {
      this.close();
    },
    configurable: true,
    writable: true,
  });
  Object.defineProperty(Immediate.prototype, dispose, {
    value(this: Immediate): void {
      Immediate.clear(this);
    },
    configurable: true,
    writable: true,
  });
}
