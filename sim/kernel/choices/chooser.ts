/**
 * A chooser makes every choice that a run leaves open.
 *
 * Which ready task runs, how long a message takes, whether a fault fires: each is one call of a `Chooser`, by name. The
 * kernel has no other source of chance. A new exploration strategy (seeded, recorded, scripted, exhaustive, PCT, guided) is
 * another implementation of this interface and never a change to the kernel.
 *
 * The plain choice is 0 everywhere: the first of the ready waits, the least of the values.
 */
import { type Name, NameMap, parseName } from './name.ts';

/** Bounds and ranks are at most this. */
export const DRAW_BOUND_MAX = 4294967296;

export interface Chooser {
  /** Draws a whole number of 0 … bound-1; `bound` is 1 … 2^32. */
  draw(name: Name, bound: number): number;
  /**
   * Draws a uint32. Of the waits that are ready at one instant, the one with the lowest rank goes first; ties go in order
   * of becoming ready.
   */
  rank(name: Name): number;
  /**
   * Like `rank`, from the hash of a name alone, so that the name itself need not be built. For choosers that need nothing
   * but the hash. Only the low 32 bits of the result count; it may be negative, because such a number needs no heap object
   * of its own.
   */
  rankOfHash?: ((low: number, high: number) => number) | undefined;
}

/** Always the plain choice. */
export class PlainChooser implements Chooser {
  draw(_name: Name, _bound: number): number {
    return 0;
  }

  rank(_name: Name): number {
    return 0;
  }
}

export interface SeededChoices {
  /** The names whose draws the seed decides. All others take the plain choice. Absent: the seed decides every draw. */
  readonly seeded?: readonly string[];
  /**
   * Values pinned by name; they win over the seed. A value that reaches the bound of its draw counts as the largest
   * allowed.
   */
  readonly choices?: Readonly<Record<string, number>>;
}

/** A name that `seeded` or `choices` lists. */
interface Listed {
  readonly text: string;
  /** Undefined where the seed decides. */
  readonly pinned: number | undefined;
  drawn: boolean;
}

/** Every draw is a pure function of the seed and the draw's name. */
export class SeededChooser implements Chooser {
  readonly #seedLow: number;
  readonly #seedHigh: number;
  readonly #listed: readonly Listed[];
  readonly #byName = new NameMap<Listed>();
  /** Whether draws that are not listed take the plain choice. */
  readonly #plain: boolean;
  /** Present only where no name is listed. */
  readonly rankOfHash: ((low: number, high: number) => number) | undefined;

  /** `seed` is a u64; anything else is a RangeError. */
  constructor(seed: bigint, { seeded, choices = {} }: SeededChoices = {}) {
    if (seed < 0n || seed > 0xffffffffffffffffn) throw new RangeError(`a seed is a u64: ${seed}`);
    this.#seedLow = Number(seed & 0xffffffffn) | 0;
    this.#seedHigh = Number(seed >> 32n) | 0;
    this.#plain = seeded !== undefined;
    const pins = Object.entries(choices);
    for (const [text, value] of pins) {
      if (!Number.isInteger(value) || value < 0 || value >= DRAW_BOUND_MAX) {
        throw new RangeError(`a choice is a whole number below 2^32: ${text} = ${value}`);
      }
    }
    this.#listed = [
      ...(seeded ?? []).filter((text) => !(text in choices)).map((text) => ({ text, pinned: undefined, drawn: false })),
      ...pins.map(([text, pinned]) => ({ text, pinned, drawn: false })),
    ];
    for (const listed of this.#listed) this.#byName.set(parseName(listed.text), listed);
    this.rankOfHash = this.#plain || pins.length > 0 ? undefined : (low, high) => this.#mix(low, high);
  }

  /** The names in `seeded` and `choices` by which nothing was drawn, such as a mistyped one. */
  get undrawn(): readonly string[] {
    return this.#listed.filter(({ drawn }) => !drawn).map(({ text }) => text);
  }

  draw(name: Name, bound: number): number {
    const listed = this.#find(name);
    if (listed?.pinned !== undefined) return Math.min(listed.pinned, bound - 1);
    if (this.#plain && listed === undefined) return 0;
    const low = this.#mix(name.low, name.high);
    // 53 random bits times the bound: the bias is at most bound / 2^53, and the result never reaches the bound.
    return Math.floor(((mixedHigh >>> 11) * DRAW_BOUND_MAX + (low >>> 0)) * FRACTION * bound);
  }

  rank(name: Name): number {
    const listed = this.#find(name);
    if (listed?.pinned !== undefined) return listed.pinned;
    if (this.#plain && listed === undefined) return 0;
    return this.#mix(name.low, name.high) >>> 0;
  }

  #find(name: Name): Listed | undefined {
    if (this.rankOfHash !== undefined) return undefined;
    const listed = this.#byName.get(name);
    if (listed !== undefined) listed.drawn = true;
    return listed;
  }

  #mix(nameLow: number, nameHigh: number): number {
    let low = nameLow ^ this.#seedLow;
    let high = nameHigh ^ this.#seedHigh;
    low = Math.imul(low ^ (low >>> 16), 0x85ebca6b);
    high = Math.imul(high ^ (high >>> 15), 0x2c1b3c6d);
    low ^= (high << 13) | (high >>> 19);
    high = (high + Math.imul(low, 0x9e3779b1)) | 0;
    low = Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
    high = Math.imul(high ^ (high >>> 12), 0x297a2d39);
    low = (low + ((high << 17) | (high >>> 15))) | 0;
    low ^= low >>> 16;
    high ^= Math.imul(low, 0x85ebca6b);
    mixedHigh = high ^ (high >>> 15);
    return low;
  }
}

const FRACTION = 1 / 9007199254740992;

/** High half of the latest mix: returns two results without allocating a pair. */
let mixedHigh = 0;

/**
 * Passes every draw on, and throws when a name is drawn twice. Two choices under one name would be one choice: the seed
 * would decide both alike.
 */
export class UniqueNames implements Chooser {
  readonly #chooser: Chooser;
  readonly #drawn = new Set<string>();

  constructor(chooser: Chooser) {
    this.#chooser = chooser;
  }

  draw(name: Name, bound: number): number {
    this.#claim(name);
    return this.#chooser.draw(name, bound);
  }

  rank(name: Name): number {
    this.#claim(name);
    return this.#chooser.rank(name);
  }

  #claim(name: Name): void {
    const text = name.toString();
    if (this.#drawn.has(text)) throw new DrawnTwiceError(text);
    this.#drawn.add(text);
  }
}

/** Whoever made the name did not make it unique in its run. */
export class DrawnTwiceError extends Error {
  override name = 'DrawnTwiceError';

  constructor(drawn: string) {
    super(`the name ${drawn} was drawn twice`);
  }
}
