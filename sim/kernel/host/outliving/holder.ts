/** An object on which code may put something of its own, or in whose place: its properties are remembered, and put back. */

export class Holder {
  readonly #name: string;
  readonly #object: object;
  /** Left alone. */
  readonly #except: RegExp | undefined;
  #keys: readonly PropertyKey[] = [];
  #descriptors: readonly PropertyDescriptor[] = [];

  constructor(name: string, object: object, except?: RegExp) {
    this.#name = name;
    this.#object = object;
    this.#except = except;
  }

  /** Costs little where nothing has changed since the last time. */
  remember(): void {
    const keys = this.#ownKeys();
    const same = keys.length === this.#keys.length && keys.every((key, at) => key === this.#keys[at]);
    if (same && !this.#descriptors.some((_, at) => this.#differs(at))) return;
    this.#keys = keys;
    this.#descriptors = keys.map((key) => Object.getOwnPropertyDescriptor(this.#object, key) ?? {});
  }

  /** Gives what could not be put back, by name. */
  putBack(): readonly string[] {
    const left: string[] = [];
    const keys = this.#ownKeys();
    if (keys.length !== this.#keys.length || keys.some((key, at) => key !== this.#keys[at])) {
      const known = new Set(this.#keys);
      for (const key of keys) if (!known.has(key) && !this.#remove(key)) left.push(this.#nameOf(key));
    }
    for (const [at, key] of this.#keys.entries()) {
      if (this.#differs(at) && !this.#restore(key, this.#descriptors[at])) left.push(this.#nameOf(key));
    }
    return left;
  }

  #ownKeys(): readonly PropertyKey[] {
    const keys = Reflect.ownKeys(this.#object);
    const except = this.#except;
    return except === undefined ? keys : keys.filter((key) => !except.test(String(key)));
  }

  #differs(at: number): boolean {
    const key = this.#keys[at];
    const descriptor = this.#descriptors[at];
    if (key === undefined || descriptor === undefined) return false;
    if ('value' in descriptor) return !Object.is(Reflect.get(this.#object, key), descriptor.value);
    const now = Object.getOwnPropertyDescriptor(this.#object, key);
    return now?.get !== descriptor.get || now?.set !== descriptor.set;
  }

  #restore(key: PropertyKey, before: PropertyDescriptor | undefined): boolean {
    if (before === undefined) return true;
    if (Reflect.defineProperty(this.#object, key, before)) return true;
    return 'value' in before && Reflect.set(this.#object, key, before.value);
  }

  /** What is fixed and can be written is made to hold nothing, as if it were not there. */
  #remove(key: PropertyKey): boolean {
    if (Reflect.deleteProperty(this.#object, key)) return true;
    return (
      Object.getOwnPropertyDescriptor(this.#object, key)?.writable === true && Reflect.set(this.#object, key, undefined)
    );
  }

  #nameOf(key: PropertyKey): string {
    return `${this.#name}.${String(key)}`;
  }
}
