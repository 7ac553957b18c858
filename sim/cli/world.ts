/** The world that `sim` simulates. This and `conform.ts` are the only places outside of `mesh` that name it. */

import { DEFAULT_PROFILE, replayCommand, shrinkCommand } from '../report/model/replay-command.ts';
import type { DescribedRun } from '../report/model/told.ts';
import type { Source } from '../sweep/source.ts';
import { loadWorld } from '../sweep/source.ts';
import { beside } from '../sweep/workers/beside.ts';
import type { Profile, World } from '../world.ts';
import { parseChoice } from './arguments/values.ts';
import { addressOfUser } from './world-address.ts';

/** What every command about runs starts from. */
export interface Choice {
  readonly world: World;
  readonly source: Source;
  readonly described: DescribedRun;
  /** Whether it is MeshOS, of which more is known: planted bugs, a schema for editors. */
  readonly isOurs: boolean;
}

/** Loads the world and fills in what was not given. */
export async function choose(given: {
  readonly world?: string | undefined;
  readonly profile?: Profile | undefined;
  readonly semantics?: string | undefined;
  readonly until?: number | undefined;
  readonly 'max-events'?: number | undefined;
}): Promise<Choice> {
  const own = addressOfUser(given.world);
  const address = own ?? { module: beside(import.meta.url, '../../mesh/world').href, name: 'meshWorld' };
  const world = await loadWorld(address);
  const [defaultSemantics = ''] = world.semantics;
  const profile = given.profile ?? DEFAULT_PROFILE;
  const semantics = parseChoice('--semantics', given.semantics ?? defaultSemantics, world.semantics);
  const maxEvents = given['max-events'];
  const origin = { world: given.world, profile, semantics, defaultSemantics, maxEvents };
  return {
    world,
    source: { world: address, profile, semantics, maxEvents },
    described: {
      origin: `${profile} · ${semantics}`,
      world,
      replay: (seed) => replayCommand({ ...origin, seed, untilMs: given.until }),
      next: (seed) => shrinkCommand({ ...origin, seed }),
      given: { world: given.world, maxEvents },
    },
    isOurs: own === undefined,
  };
}
