/** The backends a live broadcaster knows, in order of registration; a newer endpoint takes its predecessor's place. */
import { type BackendKey, sameBackendKey } from './backend.ts';
import type { BackendEndpoint } from './ports.ts';

/** One endpoint under a key, for as long as no other replaces it. */
export interface RegisteredBackend {
  readonly key: BackendKey;
  readonly endpoint: BackendEndpoint;
  readonly live: boolean;
}

interface Entry extends RegisteredBackend {
  live: boolean;
}

export class BackendRegistry {
  readonly #entries: Entry[] = [];

  /** In order of registration. Each object stands for one endpoint and is live: it says what has become of it. */
  get backends(): readonly RegisteredBackend[] {
    return this.#entries;
  }

  /** Gives what it took the place of, or null. */
  register(key: BackendKey, endpoint: BackendEndpoint, live: boolean): RegisteredBackend | null {
    const entry = { key, endpoint, live };
    const index = this.#entries.findIndex((known) => sameBackendKey(known.key, key));
    if (index === -1) {
      this.#entries.push(entry);
      return null;
    }
    const [replaced] = this.#entries.splice(index, 1, entry);
    return replaced ?? null;
  }

  /** The endpoint whose liveness was set, or null if none is registered under the key. */
  setLive(key: BackendKey, live: boolean): RegisteredBackend | null {
    const entry = this.#entries.find((known) => sameBackendKey(known.key, key));
    if (entry === undefined) return null;
    entry.live = live;
    return entry;
  }
}
