/** The command that runs one seed again: what every report of a failure ends with. Executed by a test as printed. */
import type { Profile } from '../world.ts';

/** What decides a run from a seed, with the defaults that need not be written. */
export interface RunOrigin {
  readonly seed: bigint;
  readonly profile: Profile;
  readonly semantics: string;
  readonly defaultSemantics: string;
  readonly untilMs?: number | undefined;
}

export const DEFAULT_PROFILE: Profile = 'swarm';

export function replayCommand({ seed, profile, semantics, defaultSemantics, untilMs }: RunOrigin): string {
  const parts = [`npx sim run --seed ${seed}`];
  if (profile !== DEFAULT_PROFILE) parts.push(`--profile ${profile}`);
  if (semantics !== defaultSemantics) parts.push(`--semantics ${semantics}`);
  if (untilMs !== undefined) parts.push(`--until ${untilMs}`);
  return parts.join(' ');
}
