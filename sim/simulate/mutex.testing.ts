/** A mutex with a defect of async-mutex 0.3.2: whoever waits for it to be free is forgotten when it is handed on. */
export class Mutex {
  #held = false;
  readonly #queue: (() => void)[] = [];
  #watchers: (() => void)[] = [];

  async acquire(): Promise<() => void> {
    if (this.#held) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#held = true;
    return () => {
      const next = this.#queue.shift();
      if (next !== undefined) {
        this.#watchers = [];
        next();
        return;
      }
      this.#held = false;
      for (const watcher of this.#watchers.splice(0)) watcher();
    };
  }

  async free(): Promise<void> {
    if (this.#held) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }
}
