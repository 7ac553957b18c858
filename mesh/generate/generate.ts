/**
 * Makes a scenario from a seed. Each aspect draws from its own random stream, named after it, so that changing how one
 * aspect is drawn leaves the others of a seed as they were. A test pins what some seeds give.
 */
import { drawWindowMaxMs } from '../../sim/faults/swarm.ts';
import { Stream } from '../../sim/kernel/choices/streams.ts';
import type { KeyedFault, Profile, Scenario } from '../../sim/world.ts';
import type { MeshConfig, MeshFault, MeshOperation } from '../scenario/scenario.ts';
import { drawLeaning } from './actions.ts';
import { drawBounds, drawConfig } from './config.ts';
import type { MeshFaultContext } from './faults/draft.ts';
import { drawFaults } from './faults/faults.ts';
import { drawMomentFaults } from './faults/moments.ts';
import { drawVocabulary } from './vocabulary.ts';
import { drawWorkload } from './workload.ts';

/** The scenario of a seed. `semantics` changes only its own field, so that presets can be compared. */
export function generateMesh(
  seed: bigint,
  profile: Profile,
  semantics: string,
): Scenario<MeshConfig, MeshOperation, MeshFault> {
  const streamOf = (name: string): Stream => new Stream(`${seed}/${name}`);
  const windowMaxMs = drawWindowMaxMs(streamOf('windows'));
  const config = { ...drawConfig(streamOf('config'), windowMaxMs), ...drawBounds(streamOf('bounds')) };
  const vocabulary = drawVocabulary(streamOf('vocabulary'), config);
  const leaning = drawLeaning(streamOf('leaning'));
  const { operations, spanMs } = drawWorkload(streamOf('workload'), config, vocabulary, leaning, windowMaxMs);
  const submits: MeshFaultContext['submits'][number][] = [];
  const broadcasts: MeshFaultContext['broadcasts'][number][] = [];
  for (const operation of operations) {
    if (operation.kind === 'submit') submits.push(operation);
    else if (operation.kind === 'broadcast') broadcasts.push(operation);
  }
  const context: MeshFaultContext = {
    config,
    vocabulary,
    leaning,
    submits,
    broadcasts,
    spanMs,
    windowMaxMs,
    bursts: [],
  };
  const faults = inOrder([...drawFaults(streamOf, profile, context), ...drawMomentFaults(streamOf, profile, context)]);
  return {
    format: 1,
    name: `${profile} seed ${seed}`,
    world: 'mesh',
    semantics,
    seed,
    config,
    workload: operations,
    faults,
    found: { seed: String(seed) },
  };
}

/** In order of time; faults at events come last. */
function inOrder<F extends KeyedFault>(faults: readonly F[]): F[] {
  return faults.toSorted((a, b) => timeOf(a) - timeOf(b));
}

function timeOf({ at }: KeyedFault): number {
  return typeof at === 'number' ? at : Number.MAX_SAFE_INTEGER;
}
