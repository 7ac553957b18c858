/** The runs of a search for a smaller scenario, in a thread that is ended where one of them does not end by itself. */
import type { MakeRun } from '../../shrink/attempts.ts';
import type { World } from '../../world.ts';
import { givenUp } from './given-up.ts';
import type { Runs } from './run-jobs.ts';

/** So much longer than the search may a run take that it has begun. */
const GRACE_MS = 10_000;

export interface SearchRuns {
  readonly runs: Runs;
  readonly world: Pick<World, 'wiring'>;
  /** The text of `--world`. */
  readonly worldFlag: string | undefined;
  /** Milliseconds that a run may take, */
  readonly limitMs: number;
  /** and the search from now on. */
  readonly withinMs: number;
}

export function runsWithin({ runs, world, worldFlag, limitMs, withinMs }: SearchRuns): MakeRun {
  const untilMs = performance.now() + withinMs;
  return async (scenario, options) => {
    const leftMs = Math.max(0, untilMs - performance.now()) + GRACE_MS;
    const outcome = await runs.ask(
      { kind: 'scenario', scenario, options, world: worldFlag },
      Math.min(limitMs, leftMs),
    );
    if (outcome.kind === 'interrupted') return null;
    if (outcome.kind !== 'answer') {
      const cutShort = outcome.kind === 'stopped' || outcome.kind === 'never returned';
      const { seed } = scenario;
      const { maxEvents } = options;
      return cutShort && leftMs < limitMs ? null : givenUp({ seed, world, wallMs: limitMs, maxEvents }, outcome);
    }
    if (outcome.answer.kind !== 'result')
      throw new Error(`asked for a run, its thread answered ${outcome.answer.kind}`);
    return outcome.answer.result;
  };
}
