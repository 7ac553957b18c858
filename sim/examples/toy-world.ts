/**
 * A world for tests: two counters and a lossy link between them. It shows that everything under `sim/` simulates a system
 * it knows nothing of, and how little a world needs.
 *
 * The left counter tells the right one of every addition. What the link loses is sent again (semantics `resend`), or not
 * (`forget`, which leaves the counters apart).
 */
import type { Invariant } from '../invariant/invariant.ts';
import type { Name } from '../kernel/choices/name.ts';
import type { Harness, Instance, Keyed, Profile, Scenario, World } from '../world.ts';

type Add = { readonly kind: 'add'; readonly by: number };
type Loss = { readonly kind: 'loss'; readonly percent: number; readonly forMs: number };
type Toy = { readonly left: number; readonly right: number };
type ToyEvent =
  | { readonly kind: 'added' | 'arrived'; readonly op: string; readonly by: number }
  | { readonly kind: 'lost'; readonly op: string };
type ToyScenario = Scenario<object, Add, Loss>;

const RESEND_MS = 50;
const OPERATIONS = 20;

const neverAhead: Invariant<ToyEvent, Toy> = {
  id: 'never-ahead',
  holds: 'the right counter never shows more than the left one',
  create: ({ view, violate }) => ({
    on: {
      arrived: () => {
        if (view.right > view.left) violate(`left is ${view.left} and right already ${view.right}`);
      },
    },
  }),
};

const together: Invariant<ToyEvent, Toy> = {
  id: 'together',
  holds: 'after settle both counters show the same',
  create: ({ view, violate }) => ({
    on: {},
    end: () => {
      if (view.left !== view.right)
        violate('the counters differ', { expected: `${view.left}`, found: `${view.right}` });
    },
  }),
};

class TwoCounters implements Instance<Keyed & Add, Keyed & Loss, Toy> {
  readonly view = { left: 0, right: 0 };
  readonly #harness: Harness<ToyEvent>;
  readonly #resend: boolean;
  readonly #losses = new Map<string, number>();
  #underway = 0;

  constructor(scenario: ToyScenario, harness: Harness<ToyEvent>) {
    this.#harness = harness;
    this.#resend = scenario.semantics === 'resend';
  }

  start(): void {}

  apply({ key, by }: Keyed & Add, name: Name): void {
    this.view.left += by;
    this.#harness.emit({ kind: 'added', op: key, by });
    this.#underway += 1;
    this.#harness.kernel.root.spawn(`carry-${key}`, () => this.#carry(key, by, name), name);
  }

  async #carry(op: string, by: number, name: Name): Promise<void> {
    const { kernel, emit, mark } = this.#harness;
    for (let attempt = 1; ; attempt++) {
      const where = name.child('try', attempt);
      await kernel.root.sleep(1 + kernel.draw(where.child('latency'), 20));
      if (!this.#loses(where)) break;
      emit({ kind: 'lost', op });
      if (attempt > 2) mark('lost-thrice');
      if (!this.#resend) {
        this.#underway -= 1;
        return;
      }
      await kernel.root.sleep(RESEND_MS);
    }
    this.view.right += by;
    emit({ kind: 'arrived', op, by });
    mark('arrived');
    this.#underway -= 1;
  }

  #loses(where: Name): boolean {
    for (const [key, percent] of this.#losses) {
      if (this.#harness.kernel.draw(where.child('lost', key), 100) >= percent) continue;
      this.#harness.injected(key);
      return true;
    }
    return false;
  }

  inject({ key, percent }: Keyed & Loss): void {
    this.#losses.set(key, percent);
  }

  heal({ key }: Keyed & Loss): void {
    this.#losses.delete(key);
  }

  settle(): void {}

  drained(): boolean {
    return this.#underway === 0;
  }

  waiting(): readonly string[] {
    return this.drained() ? [] : [`${this.#underway} additions are under way`];
  }

  close(): void {}

  ended(): boolean {
    return this.drained();
  }

  finalState(): readonly number[] {
    return [this.view.left, this.view.right];
  }
}

/** Additions and losses at times that depend on the seed alone. */
function generate(seed: bigint, profile: Profile, semantics: string): ToyScenario {
  const low = Number(seed & 0xffffn);
  const workload = Array.from({ length: OPERATIONS }, (_, i) => ({
    key: `a${i + 1}`,
    at: i * (10 + (low % 7)),
    kind: 'add' as const,
    by: 1 + ((low + i) % 5),
  }));
  const percent = profile === 'storm' ? 90 : 30;
  const loss = { key: 'f1', at: low % 50, kind: 'loss' as const, percent, forMs: 200 };
  const faults = profile === 'calm' ? [] : [loss];
  return { format: 1, name: `toy ${seed}`, world: 'toy', semantics, seed, config: {}, workload, faults };
}

export const toyWorld: World<object, Add, Loss, ToyEvent, Toy> = {
  name: 'toy',
  semantics: ['resend', 'forget'],
  ambient: 'forbidden',
  events: { added: ['op', 'by'], arrived: ['op', 'by'], lost: ['op'] },
  marks: ['arrived', 'lost-thrice'],
  faultKinds: ['loss'],
  invariants: [neverAhead, together],
  schemas: async () => {
    const { z } = await import('zod');
    const keyed = { key: z.string(), at: z.int().min(0) };
    return {
      config: z.strictObject({}),
      operation: z.strictObject({ ...keyed, kind: z.literal('add'), by: z.int() }),
      fault: z.strictObject({ ...keyed, kind: z.literal('loss'), percent: z.int(), forMs: z.int() }),
    };
  },
  generate,
  settleBoundMs: () => 1000,
  stepBudget: ({ workload, faults }) => ({ fixed: 200 * (workload.length + faults.length + 100), perMs: 0.2 }),
  build: (scenario, harness) => new TwoCounters(scenario, harness),
  lane: () => 'counters',
};
