/** Choosers that record what was chosen, and one that replays such a record. */
import { type Chooser, DRAW_BOUND_MAX, PlainChooser } from './chooser.ts';
import { type Name, NameMap, parseName } from './name.ts';

export interface RecordedChoice {
  readonly value: number;
  /** Bound of the draw; 2^32 for a rank. */
  readonly bound: number;
}

/** Passes every draw on and records it by name, in order of drawing. */
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

  /** The recorded choices, in the form that `ScriptedChooser` and a scenario's `choices` take. */
  script(): Record<string, number> {
    return Object.fromEntries([...this.recorded].map(([name, { value }]) => [name, value]));
  }
}

/** Takes listed choices by name, and asks another chooser for the rest: by default the plain one. */
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
