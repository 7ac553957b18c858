/**
 * What is left of a sweep whose host was killed, or ran out of memory: on the way the host tells what it knows and which
 * seeds are under way, and the process that it works for makes a result of the last that it heard.
 */
import type { SweepResult } from '../../sweep/result.ts';
import type { HostLost } from '../process/host.ts';
import { isHost, tellCommand } from '../process/signals.ts';

/** What a host tells on the way. */
export type SweepTold =
  | { readonly kind: 'known'; readonly known: SweepResult }
  | { readonly kind: 'under way'; readonly seeds: readonly bigint[] };

/** Where to tell it: nowhere, but in a host. */
export function toldOnTheWay(): {
  readonly onKnown?: (known: SweepResult) => void;
  readonly onUnderWay?: (seeds: readonly bigint[]) => void;
} {
  if (!isHost()) return {};
  const tell = (told: SweepTold): void => tellCommand(told);
  let last = '';
  return {
    onKnown: (known) => tell({ kind: 'known', known }),
    onUnderWay: (seeds) => {
      const text = seeds.join();
      if (text !== last) tell({ kind: 'under way', seeds });
      last = text;
    },
  };
}

/** Listens to a host; `result` is what it comes to if the host is lost, and undefined if it had told nothing. */
export class SweepHeard {
  #known: SweepResult | undefined;
  #underWay: readonly bigint[] = [];

  readonly hear = (told: SweepTold): void => {
    if (told.kind === 'known') this.#known = told.known;
    else if (told.kind === 'under way') this.#underWay = told.seeds;
  };

  result({ signal }: HostLost): SweepResult | undefined {
    if (this.#known === undefined) return undefined;
    const { problems, troubles } = this.#known;
    const problem = `was under way when the process that ran it was killed (${signal})`;
    const suspects = this.#underWay.map((seed) => ({ seed, verdict: 'inconclusive', problem }) as const);
    const inconclusive = (troubles.get('inconclusive') ?? 0) + suspects.length;
    return {
      ...this.#known,
      end: 'lost',
      problems: [...problems, ...suspects],
      troubles: suspects.length === 0 ? troubles : new Map([...troubles, ['inconclusive', inconclusive]]),
    };
  }
}
