/** Names for draws that no operation causes: who draws, the role, the time, and the ordinal in that millisecond. */
import { labelOf, type Name } from '../../sim/kernel/choices/name.ts';

/** The latest millisecond in which a role did something that no operation had it do, and how often it has. */
interface Moment {
  readonly role: Name;
  atMs: number;
  name: Name;
  next: number;
}

const TIME = labelOf('t');
const NTH = labelOf('n');

export class BackgroundNames {
  readonly #where: Name;
  readonly #now: () => number;
  readonly #moments = new Map<string, Moment>();

  constructor(where: Name, now: () => number) {
    this.#where = where;
    this.#now = now;
  }

  of(role: string): Name {
    let moment = this.#moments.get(role);
    if (moment === undefined) {
      const name = this.#where.child(role);
      moment = { role: name, atMs: -1, name, next: 0 };
      this.#moments.set(role, moment);
    }
    const atMs = this.#now();
    if (moment.atMs !== atMs) {
      moment.atMs = atMs;
      moment.name = moment.role.numbered(TIME, atMs);
      moment.next = 0;
    }
    return moment.name.numbered(NTH, moment.next++);
  }
}
