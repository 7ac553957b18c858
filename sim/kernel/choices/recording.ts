/** Choosers that remember what was chosen, and that are told what to choose. */
import { type Chooser, DRAW_BOUND_MAX, PlainChooser } from './chooser.ts';
import { type Name, NameMap, parseName } from './name.ts';

export interface RecordedChoice {
  readonly value: number;
  /** 2^32 for a rank. */
  readonly bound: number;
}

/** Passes everything on and keeps it by name, in order of drawing. */
export class RecordingChooser implements Chooser {
  readonly recorded = new Map<string, RecordedChoice>();
  readonly #chooser: Chooser;

  constructor(chooser: Chooser) {
    this.#chooser = chooser;
  }

  draw(name: Name, bound: number): number {
    const value = this.#chooser.draw(name, bound);
    this.recorded.set(name.toString(), { value, bound });
    return value;
  }

  rank(name: Name): number {
    const value = this.#chooser.rank(name);
    this.recorded.set(name.toString(), { value, bound: DRAW_BOUND_MAX });
    return value;
  }

  /** As a `ScriptedChooser` or a scenario's `choices` takes it. */
  script(): Record<string, number> {
    return Object.fromEntries([...this.recorded].map(([name, { value }]) => [name, value]));
  }
}

/** Chooses what it was told by name, and leaves the rest to another: the plain choice, unless told. */
export class ScriptedChooser implements Chooser {
  readonly #script = new NameMap<number>();
  readonly #otherwise: Chooser;

  constructor(script: Readonly<Record<string, number>>, otherwise: Chooser = new PlainChooser()) {
    for (const [text, value] of Object.entries(script)) this.#script.set(parseName(text), value);
    this.#otherwise = otherwise;
  }

  draw(name: Name, bound: number): number {
    const told = this.#script.get(name);
    return told === undefined ? this.#otherwise.draw(name, bound) : Math.min(told, bound - 1);
  }

  rank(name: Name): number {
    return this.#script.get(name) ?? this.#otherwise.rank(name);
  }
}
