/**
 * Scenarios of a world as a fast-check arbitrary. The seed is drawn, with all its 64 bits, and the scenario is what the
 * world's generator makes of it, as for `sim run` and `sim sweep`. The scenario is shrunk by the harness's own shrinker,
 * which knows that a run breaks the same invariant as before. That takes runs, and runs take promises, whereas fast-check
 * asks for smaller values synchronously. So there is one smaller value, the shrunk scenario, which is searched for when it
 * is tried.
 */
import fc from 'fast-check';
import type { TraceEvent } from '../sim/invariant/invariant.ts';
import { writeScenario } from '../sim/scenario/file/write.ts';
import { shrink } from '../sim/shrink/shrink.ts';
import type { FaultBase, OperationBase, Profile, Scenario, World } from '../sim/world.ts';

/** After this, shrinking ends with what it has. */
const SHRINK_MS_MAX = 20_000;

const U64_MAX = 0xffff_ffff_ffff_ffffn;

/** A scenario to run, and the run from a seed that it is or comes from. */
class ScenarioCase<C, O extends OperationBase, F extends FaultBase, E extends TraceEvent, V> {
  readonly seed: bigint;
  readonly isShrunk: boolean;
  readonly #world: World<C, O, F, E, V>;
  readonly #generated: Scenario<C, O, F>;
  #shrunk: Promise<Scenario<C, O, F>> | undefined;
  #text: string;

  constructor(world: World<C, O, F, E, V>, generated: Scenario<C, O, F>, isShrunk: boolean) {
    this.seed = generated.seed;
    this.isShrunk = isShrunk;
    this.#world = world;
    this.#generated = generated;
    this.#text = `seed ${this.seed}`;
  }

  /**
   * The generated scenario, or the smallest that breaks the same invariant. If it breaks none, there is nothing smaller.
   */
  async scenario(): Promise<Scenario<C, O, F>> {
    if (!this.isShrunk) return this.#generated;
    this.#shrunk ??= this.#shrink();
    return this.#shrunk;
  }

  smaller(): ScenarioCase<C, O, F, E, V> {
    return new ScenarioCase(this.#world, this.#generated, true);
  }

  /** The scenario as a file, once it was shrunk. */
  [fc.toStringMethod](): string {
    return this.#text;
  }

  async #shrink(): Promise<Scenario<C, O, F>> {
    const endMs = Date.now() + SHRINK_MS_MAX;
    const shrunk = await shrink(this.#world, this.#generated, { outOfTime: () => Date.now() > endMs });
    if (shrunk === null) return this.#generated;
    this.#text += `, shrunk to\n${await writeScenario(this.#world, shrunk.scenario)}`;
    return shrunk.scenario;
  }
}

class ScenarioArbitrary<C, O extends OperationBase, F extends FaultBase, E extends TraceEvent, V> extends fc.Arbitrary<
  ScenarioCase<C, O, F, E, V>
> {
  readonly #world: World<C, O, F, E, V>;
  readonly #profile: Profile;
  readonly #semantics: string;

  constructor(world: World<C, O, F, E, V>, profile: Profile, semantics: string) {
    super();
    this.#world = world;
    this.#profile = profile;
    this.#semantics = semantics;
  }

  override generate(random: fc.Random): fc.Value<ScenarioCase<C, O, F, E, V>> {
    const seed = random.nextBigInt(0n, U64_MAX);
    const scenario = this.#world.generate(seed, this.#profile, this.#semantics);
    return new fc.Value(new ScenarioCase(this.#world, scenario, false), undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is ScenarioCase<C, O, F, E, V> {
    return value instanceof ScenarioCase;
  }

  override shrink(value: ScenarioCase<C, O, F, E, V>): fc.Stream<fc.Value<ScenarioCase<C, O, F, E, V>>> {
    return value.isShrunk ? fc.Stream.nil() : fc.Stream.of(new fc.Value(value.smaller(), undefined));
  }
}

/** Scenarios that the world generates; by default under its default semantics, with faults. */
export function scenarioOf<C, O extends OperationBase, F extends FaultBase, E extends TraceEvent, V>(
  world: World<C, O, F, E, V>,
  profile: Profile = 'swarm',
  semantics = world.semantics[0] ?? '',
): fc.Arbitrary<ScenarioCase<C, O, F, E, V>> {
  return new ScenarioArbitrary(world, profile, semantics);
}
