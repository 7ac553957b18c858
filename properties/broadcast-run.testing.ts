/** A live broadcaster on the simulation kernel, with scripted backends, and everything at its ports written down. */
import assert from 'node:assert/strict';
import { SeededChooser } from '../sim/kernel/chooser.ts';
import { type Group, Kernel, type RunEnd } from '../sim/kernel/kernel.ts';
import { rootName } from '../sim/kernel/name.ts';
import type { BackendKey } from '../src/broadcast/backend.ts';
import { LifecycleBroadcaster } from '../src/broadcast/broadcaster.ts';
import type { BroadcastOperation } from '../src/broadcast/operation.ts';
import type { BroadcastResult } from '../src/broadcast/operation-result.ts';
import { broadcastPolicy } from '../src/broadcast/policy.ts';
import type { BackendEndpoint } from '../src/broadcast/ports.ts';
import type { Closed, Receiver } from '../src/runtime/port.ts';
import type { BroadcastEffect, BroadcastHappening, ScriptedAnswer } from './broadcast-effects.testing.ts';

/** A broadcaster that takes more segments does not come to rest. */
const STEPS_MAX = 20_000;

export class BroadcastRun {
  readonly #kernel: Kernel;
  readonly #node: Group;
  readonly #broadcaster: LifecycleBroadcaster;
  readonly #endpoints: BackendEndpoint[] = [];
  readonly #replies: Receiver<BroadcastResult>[] = [];
  #effects: BroadcastEffect[] = [];
  #steps = 0;
  #answers = 0;
  #results = 0;

  /** `seed` decides which of several that are ready goes first. */
  constructor(timeoutMs: number, seed: bigint) {
    this.#kernel = new Kernel({ chooser: new SeededChooser(seed), stepLimit: STEPS_MAX });
    this.#node = this.#kernel.root.child('n1');
    this.#broadcaster = new LifecycleBroadcaster(this.#node, broadcastPolicy(BigInt(timeoutMs)), (result) => {
      this.#note({ what: 'result', result });
      this.#results += 1;
    });
    this.#node.spawn('broadcaster', () => this.#broadcaster.run());
  }

  get nowMs(): number {
    return this.#kernel.now;
  }

  /** What happened since it was last asked. */
  takeEffects(): readonly BroadcastEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** Does something `ms` milliseconds from now, and lets everything happen up to that instant's end. */
  async after(ms: number, act: () => void): Promise<void> {
    const atMs = this.#kernel.now + ms;
    this.#kernel.schedule(atMs, rootName.child('step', this.#steps++), act);
    check(await this.#kernel.run({ untilMs: atMs }));
  }

  /** Lets everything happen that is left, and says whether the broadcaster has ended. */
  async finish(): Promise<boolean> {
    check(await this.#kernel.run());
    const unfinished = this.#kernel.unfinished();
    this.#kernel.dispose();
    return unfinished.length === 0;
  }

  /** A backend that answers its n-th sending as the n-th entry of `script` says, and past the end not at all. */
  register(key: BackendKey, live: boolean, script: readonly (readonly ScriptedAnswer[])[]): void {
    const number = this.#endpoints.length;
    const endpoint = this.#endpoint(number, script);
    const replaced = this.#broadcaster.register(key, endpoint, live);
    this.#endpoints.push(endpoint);
    const found = replaced === null ? null : this.#endpoints.indexOf(replaced.endpoint);
    this.#note({ what: 'register', key, endpoint: number, live, replaced: found });
  }

  /** The note goes first, for what it leads to is noted within. */
  setLive(key: BackendKey, live: boolean): void {
    const found = this.#broadcaster.backends().some((backend) => backend.key === key);
    this.#note({ what: 'set-live', key, live, found });
    assert.equal(this.#broadcaster.setLive(key, live), found);
  }

  ask(operation: BroadcastOperation): void {
    this.#note({ what: 'ask', operation });
    this.#replies.push(this.#broadcaster.ask(operation));
  }

  pause(): void {
    this.#note({ what: 'pause' });
    this.#node.pause();
  }

  resume(): void {
    this.#note({ what: 'resume' });
    this.#node.resume();
  }

  close(): void {
    this.#broadcaster.close();
  }

  /** What was replied to each that asked. */
  replies(): readonly (BroadcastResult | Closed | undefined)[] {
    return this.#replies.map((reply) => reply.tryReceive());
  }

  #note(happening: BroadcastHappening): void {
    this.#effects.push({ ...happening, atMs: this.nowMs });
  }

  #endpoint(number: number, script: readonly (readonly ScriptedAnswer[])[]): BackendEndpoint {
    let sent = 0;
    return {
      send: (operation, answer) => {
        this.#note({ what: 'sent', endpoint: number, operation });
        const sending = this.#results;
        for (const { afterMs, answer: given } of script[sent++] ?? []) {
          const give = () => {
            this.#note({ what: 'answer', endpoint: number, sending, answer: given });
            answer(given);
          };
          if (afterMs === 0) give();
          else this.#kernel.schedule(this.nowMs + afterMs, rootName.child('answer', this.#answers++), give);
        }
      },
    };
  }
}

function check(end: RunEnd): void {
  if (end.kind === 'exception') throw end.error;
  assert.ok(end.kind === 'idle' || end.kind === 'until', `the run ended as ${end.kind}`);
}
