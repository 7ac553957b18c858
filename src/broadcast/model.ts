/**
 * The lifecycle broadcast as a model: no time passes and every backend answers as scripted. The live broadcaster must
 * give the same results. (Source: running-process 4.5.5, `LifecycleBroadcastModel`.)
 */
import { type BackendKey, type BroadcastBackend, sameBackendKey } from './backend.ts';
import { type BroadcastOperation, type QuiesceReason, quiesce, releaseHandles } from './operation.ts';
import { type BroadcastOutcome, type BroadcastResult, broadcastResult } from './operation-result.ts';
import { type BroadcastPolicy, broadcastPolicy } from './policy.ts';

/** The model's own copy of a backend. */
interface Registered extends BroadcastBackend {
  readonly received: BroadcastOperation[];
}

export class LifecycleBroadcastModel {
  readonly policy: BroadcastPolicy;
  readonly #backends: Registered[] = [];

  constructor(policy: BroadcastPolicy = broadcastPolicy()) {
    this.policy = policy;
  }

  /** Takes a backend in, in the place of one with the same key; gives that one back, or null. */
  register(backend: BroadcastBackend): BroadcastBackend | null {
    const registered = { ...backend, received: [...backend.received] };
    const index = this.#backends.findIndex(({ key }) => sameBackendKey(key, backend.key));
    if (index === -1) {
      this.#backends.push(registered);
      return null;
    }
    const [replaced] = this.#backends.splice(index, 1, registered);
    return replaced ?? null;
  }

  backend(key: BackendKey): BroadcastBackend | null {
    return this.#backends.find((backend) => sameBackendKey(backend.key, key)) ?? null;
  }

  /** In order of registration. */
  backends(): readonly BroadcastBackend[] {
    return this.#backends;
  }

  releaseHandlesUnderPath(pathPrefix: string): BroadcastResult {
    return this.broadcast(releaseHandles(pathPrefix));
  }

  quiesce(reason: QuiesceReason): BroadcastResult {
    return this.broadcast(quiesce(reason));
  }

  /** Sends to every live backend, and to no other. */
  broadcast(operation: BroadcastOperation): BroadcastResult {
    return broadcastResult(
      operation,
      this.policy,
      this.#backends.map((backend) => outcomeOf(backend, operation)),
    );
  }
}

function outcomeOf(backend: Registered, operation: BroadcastOperation): BroadcastOutcome {
  if (!backend.live) return { key: backend.key, response: null };
  backend.received.push(operation);
  return { key: backend.key, response: backend.response };
}
