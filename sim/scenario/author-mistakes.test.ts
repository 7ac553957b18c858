/** What a run says of the mistakes of whoever wrote its world, and what of its system's when both stand in one file. */
import { describe, expect, it } from 'vitest';
import type { Invariant } from '../invariant/invariant.ts';
import type { Name } from '../kernel/choices/name.ts';
import type { Harness, Instance, Keyed, KeyedFault, Scenario, World } from '../world.ts';
import { runScenario } from './run/run.ts';

type Add = { readonly kind: 'add'; readonly by: number };
type Loss = { readonly kind: 'loss'; readonly forMs: number };
type Event = { readonly kind: 'added' | 'arrived'; readonly op: string };
type View = { left: number; right: number };
type Ours = Scenario<object, Add, Loss>;
type OurWorld = World<object, Add, Loss, Event, View>;

const HERE = /, at .*author-mistakes\.test\.ts:\d+:\d+$/;

const together: Invariant<Event, View> = {
  id: 'together',
  holds: 'in the end both show the same',
  create: ({ view, violate }) => ({
    on: {},
    end: () => (view.left === view.right ? undefined : violate('they differ')),
  }),
};

class Counters implements Instance<Add, Loss, View, Event> {
  readonly view = { left: 0, right: 0 };
  protected readonly harness: Harness<Event>;
  underway = 0;

  constructor(harness: Harness<Event>) {
    this.harness = harness;
  }

  start(): void {}

  apply({ key, by }: Keyed & Add, name: Name): void {
    this.view.left += by;
    this.underway += 1;
    this.harness.kernel.root.spawn(`carry-${key}`, () => this.carry(key, by), name);
  }

  async carry(op: string, by: number): Promise<void> {
    await this.harness.kernel.root.sleep(5);
    this.view.right += by;
    this.underway -= 1;
    this.harness.emit({ kind: 'arrived', op });
    this.harness.mark('carried');
  }

  inject({ key }: KeyedFault): void {
    this.harness.injected(key);
  }

  heal(): void {}
  settle(): void {}
  close(): void {}
  drained(): boolean {
    return this.underway === 0;
  }
  ended(): boolean {
    return true;
  }
  waiting(): readonly string[] {
    return [`${this.underway} under way`];
  }
  finalState(): readonly number[] {
    return [this.view.left, this.view.right];
  }
}

const counters: OurWorld = {
  name: 'counters',
  semantics: ['plain'],
  ambient: 'forbidden',
  events: { added: ['op'], arrived: ['op'] },
  marks: ['carried'],
  faultKinds: ['loss'],
  invariants: [together],
  schemas: () => Promise.reject(new Error('no files here')),
  generate: (seed) => ({
    format: 1,
    name: 'counters',
    world: 'counters',
    semantics: 'plain',
    seed,
    config: {},
    workload: [1, 2, 3].map((by) => ({ key: `a${by}`, at: 10 * by, kind: 'add' as const, by })),
    faults: [{ key: 'f1', at: 5, kind: 'loss', forMs: 10 }],
  }),
  settleBoundMs: () => 100,
  stepBudget: () => ({ fixed: 1000, perMs: 1 }),
  build: (_scenario, harness) => new Counters(harness),
  lane: () => 'counters',
};

const scenario = counters.generate(1n, 'swarm', 'plain');

/** The counters, with some of an instance's members replaced. */
function built(change: (counters: Counters, harness: Harness<Event>) => object): OurWorld {
  return {
    ...counters,
    build: (_scenario, harness) => {
      const made = new Counters(harness);
      return Object.assign(made, change(made, harness));
    },
  };
}

function oops(): never {
  throw new TypeError('oops');
}

const checking = (on: () => void, end?: () => void): OurWorld => ({
  ...counters,
  invariants: [
    { id: 'mine', holds: '', create: () => ({ on: { arrived: on }, ...(end === undefined ? {} : { end }) }) },
  ],
});

describe('an exception', () => {
  it('is not there in the world that the others are made of', async () => {
    expect(await runScenario(counters, scenario)).toMatchObject({ verdict: 'held', marks: { carried: 3 } });
  });

  it.each([
    ['start', built(() => ({ start: oops }))],
    ['apply', built(() => ({ apply: oops }))],
    ['inject', built(() => ({ inject: oops }))],
    ['heal', built(() => ({ heal: oops }))],
    ['settle', built(() => ({ settle: oops }))],
    ['drained', built(() => ({ drained: oops }))],
    ['waiting', built(() => ({ waiting: oops, drained: () => false }))],
    ['close', built(() => ({ close: oops }))],
    ['ended', built(() => ({ ended: oops }))],
    ['finalState', built(() => ({ finalState: oops }))],
    ['build', { ...counters, build: oops }],
    ['settleBoundMs', { ...counters, settleBoundMs: oops }],
    ['stepBudget', { ...counters, stepBudget: oops }],
    ['invariant mine', checking(oops)],
    ['invariant mine', checking(() => {}, oops)],
    ['observers', built(() => ({ observers: { arrived: oops } }))],
  ] as const)('out of %s is the author’s, with its place', async (member, world) => {
    const { verdict, problem, detail, violations } = await runScenario(world, scenario);
    expect({ verdict, violations }).toEqual({ verdict: 'world-error', violations: [] });
    expect(problem).toMatch(new RegExp(`^${member}\\b.*TypeError: oops`));
    expect(problem).toMatch(HERE);
    expect(detail).toContain('oops');
  });

  it('out of a task is the system’s, with its stack', async () => {
    const { verdict, violations } = await runScenario(
      built(() => ({ carry: async () => oops() })),
      scenario,
    );
    expect(verdict).toBe('violated');
    expect(violations[0]).toMatchObject({ invariant: 'no-crash', message: 'carry-a1 threw TypeError: oops' });
    expect(violations[0]?.stack).toContain('oops');
  });

  it('out of a task is the author’s where the world says that it is in its own code', async () => {
    const world = { ...built(() => ({ carry: async () => oops() })), wiring: [import.meta.url] };
    expect(await runScenario(world, scenario)).toMatchObject({ verdict: 'world-error', violations: [] });
  });

  it('out of a member is the system’s where the world says that its own code is elsewhere', async () => {
    const world = { ...built(() => ({ apply: oops })), wiring: ['file:///elsewhere/'] };
    const { verdict, violations } = await runScenario(world, scenario);
    expect([verdict, violations[0]?.message]).toEqual(['violated', 'op:a1 threw TypeError: oops']);
  });
});

const strange: readonly (readonly [string, () => unknown, string])[] = [
  ['nothing', () => undefined, 'undefined'],
  ['an object without a prototype', () => Object.create(null), 'an object without keys'],
  ['a stack that is no text', () => Object.assign(new Error('x'), { stack: 5 }), 'Error: x'],
  ['a name that is a symbol', () => Object.assign(new Error('x'), { name: Symbol('n') }), 'Error: x'],
  [
    'a message that is an object',
    () => Object.assign(new Error('x'), { message: {} }),
    'Error, whose message is no text',
  ],
  ['a symbol', () => Symbol('s'), 'Symbol(s)'],
  ['a getter that throws', () => Object.defineProperty(new Error('x'), 'stack', { get: oops }), 'Error: x'],
  [
    'a proxy that throws at every look',
    () => new Proxy({}, { get: oops, has: oops, getPrototypeOf: oops, ownKeys: oops }),
    'something that throws when it is looked at',
  ],
];

describe('a task that throws', () => {
  it.each(strange)('%s is a crash of the system', async (_what, make, told) => {
    const carry = async (): Promise<void> => {
      throw make();
    };
    const { verdict, violations } = await runScenario(
      built(() => ({ carry })),
      scenario,
    );
    expect([verdict, violations[0]?.message]).toEqual(['violated', `carry-a1 threw ${told}`]);
  });
});

describe('a member that throws', () => {
  it.each(strange)('%s is a mistake of the author', async (_what, make, told) => {
    const apply = (): void => {
      throw make();
    };
    const { verdict, problem } = await runScenario(
      built(() => ({ apply })),
      scenario,
    );
    expect([verdict, problem]).toEqual(['world-error', expect.stringContaining(`apply (op:a1) threw ${told}`)]);
  });
});

const [first, second, third] = scenario.workload;
const loss = { key: 'f1', at: 5, kind: 'loss', forMs: 10 } as const;

function changed(change: object): Ours {
  return Object.assign({}, scenario, change);
}

describe('a rule that is broken', () => {
  it.each([
    ['an undeclared mark', built((_made, { mark }) => ({ start: () => mark('carired') })), /^mark\('carired'\).*, at /],
    ['an injected key', built((_made, { injected }) => ({ start: () => injected('f9') })), /^injected\('f9'\).*, at /],
    [
      'an undeclared event',
      built((_made, { emit }) => ({ start: () => emit(JSON.parse('{"kind":"lots"}')) })),
      /^emit: 'lots': .*, at /,
    ],
    [
      'an event whose field is missing',
      built((_made, { emit }) => ({ start: () => emit(JSON.parse('{"kind":"added"}')) })),
      /^emit \(start\) threw MisuseError: added: op cannot stand in a trace.*, at /,
    ],
    ['a member that gives a promise', built(() => ({ apply: async () => oops() })), /^apply .*gave a promise/],
    ['a checker that gives a promise', checking(async () => oops()), /^a checker returned a promise/],
    ['a state that is no list', built(() => ({ finalState: () => 5 })), /^finalState\(\): expected a list/],
    ['a state that no trace can hold', built(() => ({ finalState: () => [Number.NaN] })), /^finalState\(\): /],
    ['drained() that gives a promise', built(() => ({ drained: async () => true })), /^drained\(\): .*a promise$/],
    ['drained() that is never true', built(() => ({ drained: () => false })), /^drained\(\) is never true/],
    [
      'drained() false, and nothing waits',
      built(() => ({ drained: () => false, waiting: () => [] })),
      /waiting\(\) says nothing$/,
    ],
    [
      'two invariants of one id',
      { ...counters, invariants: [together, together] },
      /^invariants: 'together' is there twice$/,
    ],
    [
      'an id that the run has itself',
      { ...counters, invariants: [{ ...together, id: 'no-crash' }] },
      /'no-crash' is there twice$/,
    ],
    ['no semantics', { ...counters, semantics: [] }, /^semantics: the world 'counters' names none$/],
    [
      'a floor of no mark',
      { ...counters, floors: () => ({ arrived: 0.5 }) },
      /^floors\('calm', 'plain'\): arrived: .*no such mark$/,
    ],
    ['a floor that is no share', { ...counters, floors: () => ({ carried: 2 }) }, /expected a share/],
    ['wiring that is no URL', { ...counters, wiring: ['/somewhere'] }, /^wiring: /],
    ['a bound that is no number', { ...counters, settleBoundMs: () => Number.NaN }, /^settleBoundMs: /],
    ['a bound below 0', { ...counters, settleBoundMs: () => -1 }, /^settleBoundMs: /],
    ['a budget with a fraction', { ...counters, stepBudget: () => ({ fixed: 0.5, perMs: 0 }) }, /^stepBudget: fixed/],
    ['a budget below 0', { ...counters, stepBudget: () => ({ fixed: 5, perMs: -1 }) }, /^stepBudget: perMs/],
    ['an observer of no event', built(() => ({ observers: { lots: () => {} } })), /^observers: 'lots'/],
    [
      'a checker of no event',
      { ...counters, invariants: [{ ...together, create: () => ({ on: JSON.parse('{"lots":1}') }) }] },
      /^invariant together watches 'lots'/,
    ],
  ] satisfies readonly (readonly [string, OurWorld, RegExp])[])(
    '%s: the author’s mistake',
    async (_what, world, told) => {
      const { verdict, problem, violations } = await runScenario(world, scenario);
      expect({ verdict, problem, violations }).toEqual({
        verdict: 'world-error',
        problem: expect.stringMatching(told),
        violations: [],
      });
    },
  );

  it.each([
    ['keys of two operations', { workload: [first, { ...second, key: 'a1' }] }, /workload: .*found 'a1' again$/],
    ['keys of an operation and a fault', { faults: [{ ...loss, key: 'a1' }] }, /faults: .*found 'a1' again$/],
    ['an unsorted workload', { workload: [first, third, second] }, /workload\.2\.at: .*found 20 after 30$/],
    ['a time that is none', { workload: [{ ...first, at: 0.5 }] }, /workload\.0\.at: /],
    ['an undeclared kind of fault', { faults: [{ ...loss, kind: 'los' }] }, /faults\.0\.kind: .*found 'los'$/],
    ['a length that is none', { faults: [{ ...loss, forMs: -1 }] }, /faults\.0\.forMs: /],
    ['a witness that is no mark', { witness: ['arrived'] }, /witness: .*'arrived'$/],
    ['unknown semantics', { semantics: 'fancy' }, /semantics: expected one of plain, found 'fancy'$/],
    ['a seed that is no u64', { seed: -1n }, /seed: /],
    ['an expectation of no invariant', { expect: { violates: 'apart' } }, /expect: .*'apart'$/],
  ] as const)('by a scenario, %s: the author’s mistake', async (_what, change, told) => {
    const { verdict, problem } = await runScenario(counters, changed(change));
    expect([verdict, problem]).toEqual(['world-error', expect.stringMatching(told)]);
  });
});

describe('a system that hangs', () => {
  it('is violated, though no invariant of the world minds', async () => {
    const world = built((made) => ({
      carry: async () => {
        made.view.right += 1;
        made.view.left = made.view.right;
      },
    }));
    const { verdict, violations } = await runScenario(world, scenario);
    expect(verdict).toBe('violated');
    expect(violations).toMatchObject([{ invariant: 'no-livelock', message: expect.stringContaining('3 under way') }]);
  });
});

describe('a run that is cut short', () => {
  const broken = checking(() => {});
  const early: OurWorld = {
    ...broken,
    invariants: [{ id: 'early', holds: '', create: ({ violate }) => ({ on: { arrived: () => violate('it broke') } }) }],
  };

  it.each([
    ['before a violation', 10, 'inconclusive'],
    ['after a violation', 20, 'violated'],
    ['in settle', 31, 'violated'],
  ])('%s comes to what was seen by then', async (_what, untilMs, verdict) => {
    expect((await runScenario(early, scenario, { untilMs })).verdict).toBe(verdict);
  });
});
