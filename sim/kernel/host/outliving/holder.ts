/** An object on which code may put something of its own, or in whose place: its properties are remembered, and put back. */

export class Holder {
  readonly #name: string;
  readonly #object: object;
  /** Left alone. */
  readonly #except: RegExp | undefined;
  /** All that it had at the last look, and of these the ones that count. */
  #all: readonly PropertyKey[] = [];
  #counting: readonly PropertyKey[] = [];
  /** As they are remembered. */
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
    if (isSame(keys, this.#keys) && !this.#descriptors.some((_, at) => this.#differs(at))) return;
    this.#keys = keys;
    this.#descriptors = keys.map((key) => Object.getOwnPropertyDescriptor(this.#object, key) ?? {});
  }

  /** Gives what could not be put back, by name. */
  putBack(): readonly string[] {
    const left: string[] = [];
    const keys = this.#ownKeys();
    if (!isSame(keys, this.#keys)) {
      const known = new Set(this.#keys);
      for (const key of keys) if (!known.has(key) && !this.#remove(key)) left.push(this.#nameOf(key));
    }
    for (let at = 0; at < this.#keys.length; at += 1) {
      const key = this.#keys[at];
      if (key === undefined || !this.#differs(at)) continue;
      if (!this.#restore(key, this.#descriptors[at])) left.push(this.#nameOf(key));
    }
    return left;
  }

  #ownKeys(): readonly PropertyKey[] {
    const all = Reflect.ownKeys(this.#object);
    const except = this.#except;
    if (except === undefined) return all;
    if (isSame(all, this.#all)) return this.#counting;
    this.#all = all;
    this.#counting = all.filter((key) => !except.test(String(key)));
    return this.#counting;
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

/** By index: every run comes through here for every key. */
function isSame(a: readonly PropertyKey[], b: readonly PropertyKey[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}
