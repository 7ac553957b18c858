/** A live broadcaster on the simulation kernel, with scripted backends. Everything at its ports is recorded. */
import { rootName } from '../sim/kernel/choices/name.ts';
import type { BackendKey } from '../src/broadcast/backend.ts';
import { LifecycleBroadcaster } from '../src/broadcast/broadcaster.ts';
import type { BroadcastOperation } from '../src/broadcast/operation.ts';
import type { BroadcastResult } from '../src/broadcast/operation-result.ts';
import { broadcastPolicy } from '../src/broadcast/policy.ts';
import type { BackendEndpoint } from '../src/broadcast/ports.ts';
import type { Closed, Receiver } from '../src/runtime/port.ts';
import type { BroadcastHappening, ScriptedAnswer } from './broadcast-effects.testing.ts';
import { KernelRun } from './kernel-run.testing.ts';

export class BroadcastRun extends KernelRun<BroadcastHappening> {
  readonly #broadcaster: LifecycleBroadcaster;
  readonly #endpoints: BackendEndpoint[] = [];
  readonly #replies: Receiver<BroadcastResult>[] = [];
  #answers = 0;
  #results = 0;

  /** `seed` decides which of several ready tasks goes first. */
  constructor(timeoutMs: number, seed: bigint) {
    super(seed);
    this.#broadcaster = new LifecycleBroadcaster(this.node, broadcastPolicy(BigInt(timeoutMs)), (result) => {
      this.note({ what: 'result', result });
      this.#results += 1;
    });
    this.node.spawn('broadcaster', () => this.#broadcaster.run());
  }

  /** A backend that answers its n-th sending as the n-th entry of `script` says, and later ones not at all. */
  register(key: BackendKey, live: boolean, script: readonly (readonly ScriptedAnswer[])[]): void {
    const number = this.#endpoints.length;
    const endpoint = this.#endpoint(number, script);
    const replaced = this.#broadcaster.register(key, endpoint, live);
    this.#endpoints.push(endpoint);
    const found = replaced === null ? null : this.#endpoints.indexOf(replaced.endpoint);
    this.note({ what: 'register', key, endpoint: number, live, replaced: found });
  }

  setLive(key: BackendKey, live: boolean): void {
    const found = this.#broadcaster.setLive(key, live);
    this.note({ what: 'set-live', key, live, found });
  }

  ask(operation: BroadcastOperation): void {
    this.note({ what: 'ask', operation });
    this.#replies.push(this.#broadcaster.ask(operation));
  }

  pause(): void {
    this.note({ what: 'pause' });
    this.node.pause();
  }

  resume(): void {
    this.note({ what: 'resume' });
    this.node.resume();
  }

  close(): void {
    this.#broadcaster.close();
  }

  /** The replies to all that asked. */
  replies(): readonly (BroadcastResult | Closed | undefined)[] {
    return this.#replies.map((reply) => reply.tryReceive());
  }

  #endpoint(number: number, script: readonly (readonly ScriptedAnswer[])[]): BackendEndpoint {
    let sent = 0;
    return {
      send: (operation, answer) => {
        this.note({ what: 'sent', endpoint: number, operation });
        const sending = this.#results;
        for (const { afterMs, answer: given } of script[sent++] ?? []) {
          const give = () => {
            this.note({ what: 'answer', endpoint: number, sending, answer: given });
            answer(given);
          };
          if (afterMs === 0) give();
          else this.kernel.schedule(this.nowMs + afterMs, rootName.child('answer', this.#answers++), give);
        }
      },
    };
  }
}
