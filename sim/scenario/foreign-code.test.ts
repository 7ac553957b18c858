/** What a run says of code that knows nothing of it: whose mistake something is, and where it was made. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import fsPromises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleModule } from '../fresh/bundle.ts';
import type { Invariant } from '../invariant/invariant.ts';
import type { Name } from '../kernel/choices/name.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Group } from '../kernel/tasks/group.ts';
import { withOriginalPlaces } from '../report/model/original-place.ts';
import { shrink } from '../shrink/shrink.ts';
import type { Harness, Keyed, KeyedFault, Scenario, World } from '../world.ts';
import { LOST_WAKE_UP } from './file/catalogue.ts';
import { atRest } from './foreign-world.testing.ts';
import type { RunResult } from './run/result.ts';
import { runScenario } from './run/run.ts';

/** Taken before the guards are there, as a library may do that is loaded first. */
const { readFile } = fsPromises;
const hostTimeout = setTimeout;

type Ask = { readonly kind: 'ask' };
type Crash = { readonly kind: 'crash' | 'pause'; readonly forMs: number };
type Event = { readonly kind: 'given'; readonly op: string; readonly id: number };
type Ours = Scenario<object, Ask, Crash>;

/** What the test's code is given: the kernel, the group of its one node, which may be down, and what it may tell. */
interface Sim {
  readonly kernel: Kernel;
  node: Group;
  given(op: string, id: number): void;
}

/** A library or a service in one node: what runs in each of its incarnations, and what an operation does. */
interface Code {
  main?(sim: Sim): Promise<void>;
  ask?(sim: Sim, op: string): Promise<void>;
}

const unique: Invariant<Event, object> = {
  id: 'unique',
  holds: 'no id is given twice',
  create: ({ violate }) => {
    const given = new Set<number>();
    return {
      on: { given: ({ id }) => (given.has(id) ? violate(`${id} was given twice`) : void given.add(id)) },
    };
  },
};

/** A world in which operations run in a node that is not the one that crashes, as a test's body does. */
function worldOf(code: (sim: Sim) => Code): World<object, Ask, Crash, Event, object> {
  return {
    name: 'foreign',
    semantics: ['plain'],
    ambient: 'virtual',
    events: { given: ['op', 'id'] },
    marks: [],
    faultKinds: ['crash', 'pause'],
    invariants: [unique],
    schemas: () => Promise.reject(new Error('no files here')),
    generate: () => scenarioOf([10, 20, 30]),
    settleBoundMs: () => 1000,
    stepBudget: () => ({ fixed: 10_000, perMs: 10 }),
    build: (_scenario, { kernel, emit, injected }: Harness<Event>) => {
      const test = kernel.root.child('test');
      const sim: Sim = {
        kernel,
        node: kernel.root.child('n1/i0'),
        given: (op, id) => emit({ kind: 'given', op, id }),
      };
      const { main, ask } = code(sim);
      let incarnation = 0;
      const start = (): void => {
        if (main !== undefined) sim.node.spawn('main', () => main(sim));
      };
      return {
        view: {},
        start,
        apply: ({ key }: Keyed & Ask, name: Name) => {
          if (ask !== undefined) test.spawn(key, () => ask(sim, key), name, { owesEnd: true });
        },
        inject: ({ key, kind }: KeyedFault & Crash) => {
          injected(key);
          if (kind === 'crash') sim.node.kill();
          else sim.node.pause();
        },
        heal: ({ kind }: KeyedFault & Crash) => {
          if (kind === 'pause') sim.node.resume();
          if (kind !== 'crash' || !sim.node.killed) return;
          incarnation += 1;
          sim.node = kernel.root.child(`n1/i${incarnation}`);
          start();
        },
        ...atRest,
      };
    },
    lane: () => 'all',
  };
}

function scenarioOf(at: readonly number[], faults: Ours['faults'] = []): Ours {
  const workload = at.map((each, i) => ({ key: `a${i + 1}`, at: each, kind: 'ask' as const }));
  return { format: 1, name: 'foreign', world: 'foreign', semantics: 'plain', seed: 7n, config: {}, workload, faults };
}

const crash = { key: 'f1', at: 15, kind: 'crash', forMs: 10 } as const;
const pause = { key: 'f1', at: 15, kind: 'pause', forMs: 100 } as const;

function run(code: (sim: Sim) => Code, faults: Ours['faults'] = []): Promise<RunResult> {
  return runScenario(worldOf(code), scenarioOf([10, 20, 30], faults), { checkNames: true });
}

/** The line of this file on which a text stands, as a place says it. */
const HERE = /foreign-code\.test\.ts:\d+:\d+/;

const folder = mkdtempSync(join(tmpdir(), 'foreign-code-'));
mkdirSync(join(folder, 'node_modules'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A mutex with a defect of async-mutex 0.3.2: whoever waits for it to be free is forgotten when it is handed on. */
class Mutex {
  #held = false;
  readonly #queue: (() => void)[] = [];
  #watchers: (() => void)[] = [];

  async acquire(): Promise<() => void> {
    if (this.#held) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#held = true;
    return () => {
      const next = this.#queue.shift();
      if (next !== undefined) {
        this.#watchers = [];
        next();
        return;
      }
      this.#held = false;
      for (const watcher of this.#watchers.splice(0)) watcher();
    };
  }

  async free(): Promise<void> {
    if (this.#held) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }
}

describe('a lost wake-up', () => {
  const code = (): Code => {
    const mutex = new Mutex();
    return {
      ask: async ({ kernel }, op) => {
        if (op === 'a2') {
          await mutex.free();
          return;
        }
        const release = await mutex.acquire();
        await kernel.root.sleep(50);
        release();
      },
    };
  };

  it('is a violation, with the operation that waits and the line of its await', async () => {
    const { verdict, violations } = await run(code);
    expect(verdict).toBe('violated');
    expect(violations).toMatchObject([{ invariant: LOST_WAKE_UP }]);
    expect(violations[0]?.message).toMatch(
      /^test\/a2 at .*foreign-code\.test\.ts:\d+:\d+ waits, and nothing wakes it$/,
    );
  });

  it('is none where the operation gets there in time', async () => {
    const world = worldOf(code);
    expect(await runScenario(world, scenarioOf([10, 20]))).toMatchObject({ verdict: 'held', violations: [] });
  });

  it('is one as well at a channel, and where a heartbeat keeps the run going', async () => {
    const { verdict, violations } = await run(({ kernel }) => {
      const channel = kernel.root.channel<number>(1);
      return {
        main: async () => {
          setInterval(() => {}, 100);
        },
        ask: async () => void (await channel.receive()),
      };
    });
    expect([verdict, violations[0]?.invariant]).toEqual(['violated', LOST_WAKE_UP]);
    expect(violations[0]?.message).toMatch(/^test\/a1 at .* wakes it$/);
  });

  it('keeps its operation and its line when it is shrunk', async () => {
    const world = worldOf(code);
    const shrunk = await shrink(world, scenarioOf([10, 20, 30, 40, 50]));
    expect(shrunk?.scenario.workload.map(({ key }) => key)).toEqual(['a1', 'a2', 'a3']);
    expect(shrunk?.result.violations[0]?.message).toMatch(/^test\/a2 at /);
  });
});

describe('a promise of the host', () => {
  it.each<[string, () => Promise<unknown>, string]>([
    ['a file', () => readFile(new URL(import.meta.url)), 'FSREQ'],
    ['a timer', () => new Promise((resolve) => hostTimeout(resolve, 5)), 'Timeout'],
  ])('that an operation awaits, of %s, is no finding', async (_what, ask, type) => {
    const result = await run(() => ({
      ask: async () => {
        await ask();
      },
    }));
    expect([result.verdict, result.violations]).toEqual(['foreign-await', []]);
    expect(result.problem).toMatch(HERE);
    expect(result.problem).toMatch(new RegExp(`made a ${type}\\w* of the host`));
  });

  it('that a node awaits, which owes nothing, is told of with its place', async () => {
    const result = await run(() => ({
      main: async () => {
        await readFile(new URL(import.meta.url));
      },
    }));
    expect([result.verdict, result.violations]).toEqual(['foreign-await', []]);
    expect(result.problem).toMatch(HERE);
  });

  it('from before the run is told of with the line of its await', async () => {
    const before = new Promise<void>(() => {});
    const result = await run(() => ({
      ask: async () => {
        await before;
      },
    }));
    expect(result.verdict).toBe('foreign-await');
    expect(result.problem).toMatch(/: test\/a1 at .*foreign-code\.test\.ts:\d+:\d+$/);
  });

  it('that was made with the system is the system’s own', async () => {
    const result = await run(() => {
      const never = new Promise<void>(() => {});
      return { main: () => never };
    });
    expect(result).toMatchObject({ verdict: 'held', violations: [] });
  });
});

describe('what never ends', () => {
  it.each<[string, (sim: Sim) => Promise<void>]>([
    [
      'a heartbeat',
      async ({ node }) => {
        for (;;) await node.sleep(40);
      },
    ],
    [
      'a heartbeat of timers',
      async () => {
        const beat = (): unknown => setTimeout(beat, 40);
        beat();
      },
    ],
    ['an interval that is left over', async () => void setInterval(() => {}, 40)],
    ['a server that waits for its end', () => new Promise(() => {})],
  ])('%s owes no end', async (_what, main) => {
    const ask = async ({ kernel }: Sim): Promise<void> => kernel.root.sleep(3);
    expect(await run(() => ({ main, ask }))).toMatchObject({ verdict: 'held', violations: [] });
  });
});

describe('a promise shared with a node that is down', () => {
  it.each([
    ['dead', crash],
    ['paused', pause],
  ])('that is %s is the author’s mistake, with the lines of its await and of what settled it', async (state, fault) => {
    const went: string[] = [];
    const { verdict, problem, violations } = await run(() => {
      let open = (): void => {};
      const gate = new Promise<void>((resolve) => {
        open = resolve;
      });
      return {
        main: async () => {
          await gate;
          went.push('on');
        },
        ask: async (_sim, op) => {
          if (op === 'a2') open();
        },
      };
    }, [fault]);
    expect([verdict, violations]).toEqual(['world-error', []]);
    expect(problem).toMatch(
      new RegExp(`^a promise settled by test/a2 at .*${HERE.source} goes on in a node that is ${state}, in n1/i0/main`),
    );
    expect(problem).toMatch(new RegExp(`which awaits it at .*${HERE.source}: nodes share no promise$`));
  });
});

describe('a module’s counter across a restart', () => {
  const file = join(folder, 'count.mjs');
  writeFileSync(file, 'let count = 0; export const next = () => ++count;');

  /** Ids from a module that every incarnation loads. */
  const codeOf = (load: () => Promise<Readonly<Record<string, unknown>>>) => (): Code => {
    let next: unknown;
    return {
      main: async () => {
        ({ next } = await load());
      },
      ask: async (sim, op) => {
        if (typeof next === 'function') sim.given(op, next());
      },
    };
  };

  it('starts anew, and what was lost shows', async () => {
    const module = await bundleModule('./count.mjs', pathToFileURL(file).href);
    const { verdict, violations } = await run(
      codeOf(async () => module.evaluate()),
      [crash],
    );
    expect([verdict, violations[0]?.message]).toEqual(['violated', '1 was given twice']);
  });

  it('that is shared by all incarnations hides it', async () => {
    const shared = await import(pathToFileURL(file).href);
    const { verdict } = await run(
      codeOf(async () => shared),
      [crash],
    );
    expect(verdict).toBe('held');
  });
});

describe('a module that is loaded afresh', () => {
  it('is told of by the lines that its author wrote', async () => {
    const file = join(folder, 'mailbox.mts');
    writeFileSync(
      file,
      `interface Mail { readonly id: number }

const queue: Mail[] = [];
export async function next(): Promise<Mail | undefined> {
  if (queue.length === 0) await new Promise<void>(() => {});
  return queue.shift();
}
`,
    );
    const module = await bundleModule('./mailbox.mts', pathToFileURL(file).href);
    const { verdict, violations } = await run(() => {
      const { next } = Object(module.evaluate());
      return { ask: next };
    });
    expect(verdict).toBe('violated');
    expect(withOriginalPlaces(violations[0]?.message ?? '')).toBe(
      `test/a1 at ${file}:5:33 waits, and nothing wakes it`,
    );
  });
});

describe('timers, once all operations have come to their ends', () => {
  it('are waited for where something may come of them', async () => {
    let writes = 0;
    let timer: NodeJS.Timeout | undefined;
    const result = await run(({ given }) => ({
      ask: async (_sim, op) => {
        clearTimeout(timer);
        timer = setTimeout(() => given(op, ++writes), 200);
      },
    }));
    expect(result).toMatchObject({ verdict: 'held', events: 1, virtualMs: 230 });
    expect(result).not.toHaveProperty('timers');
  });

  it('are only listed where they are intervals and heartbeats, or come after the settle bound', async () => {
    const result = await run(() => ({
      main: async () => {
        setInterval(() => {}, 70);
        setTimeout(() => {}, 60_000);
        for (;;) await new Promise((resolve) => setTimeout(resolve, 20));
      },
    }));
    expect(result).toMatchObject({ verdict: 'held', virtualMs: 60 });
    expect(result.timers).toEqual([
      'an interval of 70 ms, due at 70 ms, set by n1/i0/main',
      'a timeout of 60000 ms, due at 60000 ms, set by n1/i0/main',
      'a timeout of 20 ms, due at 80 ms, set by n1/i0/main',
    ]);
  });
});
