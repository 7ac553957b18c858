/** An operation that can be aborted: the signal that its handler is given, made when it is first asked for. */
import type { Name } from '../kernel/choices/name.ts';
import type { Group } from '../kernel/kernel.ts';
import type { Keyed, KeyedFault } from '../world.ts';
import type { AbortFault } from './scenario.ts';

type Abort = KeyedFault & AbortFault;

export class Abortable {
  readonly key: string;
  readonly #group: Group;
  readonly #injected: (fault: string) => void;
  #controller: AbortController | undefined;
  /** An abort that has struck, whether anybody has asked for the signal or not. */
  #struck: Abort | undefined;
  #ended = false;

  constructor(group: Group, key: Keyed['key'], injected: (fault: string) => void) {
    this.key = key;
    this.#group = group;
    this.#injected = injected;
  }

  /** What the handler gets: the values, and what every operation is given. */
  given(values: object): object {
    const signal = (): AbortSignal => this.#signal();
    return {
      ...values,
      key: this.key,
      get signal() {
        return signal();
      },
    };
  }

  /** The abort strikes, if the operation goes on; its listeners run in the operation's node. */
  abort(fault: Abort, name: Name): void {
    if (this.#ended || this.#struck !== undefined) return;
    this.#struck = fault;
    const controller = this.#controller;
    if (controller === undefined) return;
    this.#group.spawn('abort', async () => this.#strike(controller, fault), name);
  }

  /** Whether an error comes of the abort. */
  explains(error: unknown): boolean {
    const signal = this.#controller?.signal;
    if (signal?.aborted !== true) return false;
    if (error === signal.reason) return true;
    return error instanceof Error && (ABORTED.includes(error.name) || error.cause === signal.reason);
  }

  end(): void {
    this.#ended = true;
  }

  #signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#struck !== undefined && !this.#ended) this.#strike(this.#controller, this.#struck);
    }
    return this.#controller.signal;
  }

  #strike(controller: AbortController, fault: Abort): void {
    if (this.#ended) return;
    this.#injected(fault.key);
    controller.abort(reasonOf(fault));
  }
}

const ABORTED: readonly string[] = ['AbortError', 'TimeoutError'];

function reasonOf({ how }: AbortFault): unknown {
  if (how === 'abort') return new DOMException('This operation was aborted', 'AbortError');
  return how === 'timeout'
    ? new DOMException('The operation was aborted due to timeout', 'TimeoutError')
    : 'interrupted';
}
