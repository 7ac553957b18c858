/**
 * How benchmarks are timed: contestants in turn, in one process, warm, round after round. The machine may be busy with
 * other things, so a single time says little. What counts is how contestants compare within a round, and the median of that
 * over the rounds.
 */

/** One way to do the work. */
export interface Contestant {
  readonly name: string;
  /** Does the work once. Throws unless all of it was done. */
  run(): Promise<void>;
}

export interface Rounds {
  /** Warm-up rounds. */
  readonly warmUps: number;
  readonly rounds: number;
}

/** Times of all rounds by contestant, in milliseconds. */
export type Times = ReadonlyMap<string, readonly number[]>;

/** Runs the contestants in turn, every second round in the opposite order, so that none always follows the same one. */
export async function inTurn(contestants: readonly Contestant[], { warmUps, rounds }: Rounds): Promise<Times> {
  const times = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  const backwards = contestants.toReversed();
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const contestant of round % 2 === 0 ? contestants : backwards) {
      const beganMs = performance.now();
      await contestant.run();
      if (round >= 0) times.get(contestant.name)?.push(performance.now() - beganMs);
    }
  }
  return times;
}

/** The median time of a contestant, in milliseconds. */
export function medianMs(times: Times, name: string): number {
  return median(timesOf(times, name));
}

/** How many times as fast as `peer` it is: the median over the rounds. */
export function ratio(times: Times, name: string, peer: string): number {
  const own = timesOf(times, name);
  return median(timesOf(times, peer).map((peerMs, round) => peerMs / (own[round] ?? Number.NaN)));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  const lower = sorted[Math.ceil(middle) - 1];
  if (lower === undefined || upper === undefined) throw new RangeError('there is no median of nothing');
  return (lower + upper) / 2;
}

function timesOf(times: Times, name: string): readonly number[] {
  const found = times.get(name);
  if (found === undefined) throw new RangeError(`${name} did not take part`);
  return found;
}
