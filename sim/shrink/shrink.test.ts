/** Shrinking with the world that is not MeshOS: what is kept, what goes, and what is said about it. */
import { describe, expect, it } from 'vitest';
import { toyWorld } from '../examples/toy-world.ts';
import { runScenario } from '../scenario/run/run.ts';
import type { KeyedFault } from '../world.ts';
import { shrink } from './shrink.ts';
import { sizeText } from './size.ts';

/** Loses additions for ever, so that the counters differ. */
const lossy = toyWorld.generate(5n, 'storm', 'forget');

type ToyScenario = typeof lossy;

/** The toy world with values that can be made simpler. */
const simplifying: typeof toyWorld = {
  ...toyWorld,
  *edits({ workload }) {
    for (const { key } of workload) {
      yield (scenario) => ofOne(scenario, key, ({ by, ...rest }) => (by > 1 ? { ...rest, by: by - 1 } : null));
      yield (scenario) => ofOne(scenario, key, ({ at, ...rest }) => (at > 0 ? { ...rest, at: at >> 1 } : null));
    }
  },
  *variations(scenario) {
    for (const { key } of scenario.workload) {
      const by = ofOne(scenario, key, (operation) => ({ ...operation, by: operation.by + 1 }));
      if (by !== null) yield { value: `${key}.by`, scenario: by };
      const at = ofOne(scenario, key, (operation) => ({ ...operation, at: operation.at + 5000 }));
      if (at !== null) yield { value: `${key}.at`, scenario: at };
    }
  },
};

type Add = ToyScenario['workload'][number];

function ofOne(scenario: ToyScenario, key: string, edit: (operation: Add) => Add | null): ToyScenario | null {
  const operation = scenario.workload.find((one) => one.key === key);
  const simpler = operation === undefined ? null : edit(operation);
  if (simpler === null) return null;
  return { ...scenario, workload: scenario.workload.map((one) => (one === operation ? simpler : one)) };
}

/** Loses what arrives between 11 and 13 ms after its addition, which the plain choice of latencies never does. */
const needsChoices: ToyScenario = {
  ...lossy,
  workload: lossy.workload.map((operation) => ({ ...operation, at: 0 })),
  faults: [{ key: 'f1', at: 11, kind: 'loss', percent: 100, forMs: 3 }],
};

/** Finds fault with everything that arrives. */
const ahead: typeof toyWorld = {
  ...toyWorld,
  invariants: [
    {
      id: 'together',
      holds: 'nothing arrives',
      create: ({ violate }) => ({ on: { arrived: () => violate('it arrived') } }),
    },
  ],
};

/** Breaks once the counters have come to 20. */
const heavy: typeof toyWorld = {
  ...toyWorld,
  invariants: [
    {
      id: 'together',
      holds: 'the left counter stays below 20',
      create: ({ view, violate }) => ({
        on: {
          added: () => {
            if (view.left >= 20) violate('too much');
          },
        },
      }),
    },
  ],
};

async function shrunk(world: typeof toyWorld, scenario: ToyScenario, options?: Parameters<typeof shrink>[2]) {
  const result = await shrink(world, scenario, options);
  if (result === null) throw new Error('the scenario was expected to break');
  return result;
}

const violated = async (scenario: ToyScenario): Promise<boolean> =>
  (await runScenario(toyWorld, scenario)).verdict === 'violated';

const without = <T extends KeyedFault>(items: readonly T[], item: T): readonly T[] =>
  items.filter((one) => one !== item);

describe('a shrunk scenario', () => {
  it('breaks the same invariant with less, under the plain schedule where that will do', async () => {
    const { scenario, invariant, from, to, minimal } = await shrunk(toyWorld, lossy);
    expect(invariant).toBe('together');
    expect([from, to]).toEqual([
      { operations: 20, faults: 1, choices: 'all' },
      { operations: 1, faults: 1, choices: 0 },
    ]);
    expect(scenario).toMatchObject({ seeded: [], expect: { violates: 'together' }, found: { seed: '5' } });
    expect(scenario).not.toHaveProperty('choices');
    expect(minimal).toBe(true);
    expect(await violated(scenario)).toBe(true);
  });

  it('can lose no operation, fault or choice', async () => {
    const { scenario } = await shrunk(toyWorld, needsChoices);
    const { workload, faults, choices = {} } = scenario;
    expect([workload.length, faults.length, Object.keys(choices).length]).toEqual([1, 1, 1]);
    for (const item of workload) expect(await violated({ ...scenario, workload: without(workload, item) })).toBe(false);
    for (const item of faults) expect(await violated({ ...scenario, faults: without(faults, item) })).toBe(false);
    expect(await violated({ ...scenario, choices: {} })).toBe(false);
  });

  it('pins the choices it needs, at small values, and leaves the rest plain', async () => {
    const { scenario, to } = await shrunk(toyWorld, needsChoices);
    expect(to.choices).toBe(1);
    const [[name, value] = []] = Object.entries(scenario.choices ?? {});
    expect(name).toMatch(/^op:a[0-9]+\/try:1\/latency$/);
    expect(value).toBe(10);
  });

  it('lets go of seeded names for pinned choices', async () => {
    const names = lossy.workload.map(({ key }) => `op:${key}/try:1/latency`);
    const { scenario } = await shrunk(toyWorld, { ...needsChoices, seeded: names });
    expect(scenario.seeded).toEqual([]);
    expect(Object.keys(scenario.choices ?? {})).toHaveLength(1);
  });

  it('is the same every time', async () => {
    const [one, other] = [await shrunk(toyWorld, needsChoices), await shrunk(toyWorld, needsChoices)];
    expect(other.scenario).toEqual(one.scenario);
    expect(other.runs).toBe(one.runs);
  });

  it('has simple values, and tells which of them matter', async () => {
    const { scenario, indifferent, decisive } = await shrunk(simplifying, lossy);
    const [operation] = scenario.workload;
    expect(operation).toMatchObject({ by: 1 });
    expect(indifferent).toEqual([`${operation?.key}.by`]);
    expect(decisive).toEqual([`${operation?.key}.at`]);
  });

  it('keeps the invariant it is told to keep', async () => {
    expect(await shrink(toyWorld, lossy, { invariant: 'never-ahead' })).toBeNull();
    expect((await shrunk(toyWorld, lossy, { invariant: 'together' })).invariant).toBe('together');
  });

  it('keeps the witnesses that it still reaches, and no others', async () => {
    const { scenario } = await shrunk(toyWorld, { ...lossy, witness: ['arrived', 'lost-thrice'] });
    expect(scenario.witness).toEqual([]);
    const calm = await shrunk(ahead, { ...lossy, semantics: 'resend', witness: ['arrived', 'lost-thrice'] });
    expect(calm.scenario.witness).toEqual(['arrived']);
  });

  it('is none where nothing breaks', async () => {
    expect(await shrink(toyWorld, toyWorld.generate(5n, 'swarm', 'resend'))).toBeNull();
  });

  it('says that it may not be the smallest when time ran out', async () => {
    let asked = 0;
    const { minimal, scenario, to, indifferent } = await shrunk(simplifying, lossy, {
      outOfTime: async () => ++asked > 3,
    });
    expect(minimal).toBe(false);
    expect(to.operations).toBeGreaterThan(1);
    expect(indifferent).toEqual([]);
    expect(await violated(scenario)).toBe(true);
  });

  it('is told of as it becomes smaller', async () => {
    const sizes: string[] = [];
    await shrunk(toyWorld, lossy, { onSmaller: (size) => sizes.push(sizeText(size)) });
    expect(sizes.at(-1)).toBe('1 operation, 1 fault, 0 pinned choices');
    expect(sizes.length).toBeGreaterThan(1);
  });
});

describe('a scenario that breaks in more than one way', () => {
  /** Breaks with all of the last eight additions, and with the first one alone. */
  const eitherWay = (keys: readonly string[]): typeof toyWorld => ({
    ...toyWorld,
    invariants: [
      {
        id: 'together',
        holds: 'neither the first is added nor all of the last',
        create: ({ violate }) => {
          const added = new Set<string>();
          return {
            on: { added: ({ op }) => added.add(op) },
            end: () => {
              if (added.has(keys[0] ?? '') || keys.slice(-8).every((key) => added.has(key))) violate('it broke');
            },
          };
        },
      },
    ],
  });

  it('is shrunk the other way round, too, where the first way leaves much', async () => {
    const keys = lossy.workload.map(({ key }) => key);
    const { to, minimal } = await shrunk(eitherWay(keys), { ...lossy, semantics: 'resend', faults: [] });
    expect([to.operations, minimal]).toEqual([1, true]);
  });
});

describe('edits of the world', () => {
  it('that only pay where something goes for them are kept where it does', async () => {
    const world: typeof toyWorld = {
      ...heavy,
      *shortcuts() {
        yield (scenario) => ({
          ...scenario,
          workload: scenario.workload.map((operation) => ({ ...operation, by: operation.by * 2 })),
        });
      },
    };
    const plain = await shrunk(heavy, { ...lossy, semantics: 'resend', faults: [] });
    const shorter = await shrunk(world, { ...lossy, semantics: 'resend', faults: [] });
    expect(shorter.to.operations).toBeLessThan(plain.to.operations);
  });

  it('put right what an item taken out leaves behind', async () => {
    const seen: ToyScenario[] = [];
    const world: typeof toyWorld = {
      ...toyWorld,
      consistent: (scenario) => {
        seen.push(scenario);
        return scenario.workload.length === 0 ? { ...scenario, faults: [] } : scenario;
      },
    };
    await shrunk(world, lossy);
    expect(seen.length).toBeGreaterThan(0);
  });
});

describe('a violation after which the harness itself breaks', () => {
  it('is shrunk no further than a replay can tell', async () => {
    const world: typeof toyWorld = {
      ...ahead,
      invariants: [
        ...ahead.invariants,
        {
          id: 'fragile',
          holds: 'it can only check what has come to 6',
          create: ({ view }) => ({
            on: {},
            end: () => {
              if (view.left < 6) throw new Error('too little to check');
            },
          }),
        },
      ],
    };
    const { result, to } = await shrunk(world, { ...lossy, semantics: 'resend', faults: [] });
    expect(result.verdict).toBe('violated');
    expect(to.operations).toBeGreaterThan(1);
  });
});
