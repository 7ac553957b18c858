/** Nodes of a simulated test, the faults that strike them, and what a body is given. */
import { describe, expect, it } from 'vitest';
import { runScenario } from '../scenario/run/run.ts';
import { shrink } from '../shrink/shrink.ts';
import type { Sim } from './sim.ts';
import { simulate } from './simulate.ts';
import { ranTest } from './simulated.testing.ts';
import { simulationWorld } from './world.ts';

/** Runs a body once, without faults. */
async function once(body: (sim: Sim<undefined>) => unknown): Promise<void> {
  const { error } = await ranTest(
    simulate({ runs: 1, faults: 'none' }, async (sim) => {
      await body(sim);
    }),
  );
  if (error !== undefined) throw error;
}

describe('a node', () => {
  it('answers calls, and has timers and clocks of its own', async () => {
    await once(async (sim) => {
      const seen: number[] = [];
      const node = sim.node('a', () => {
        setInterval(() => seen.push(Date.now()), 10);
      });
      sim.clockJump(5000);
      await sim.sleep(25);
      expect(seen).toEqual([10, 20]);
      expect(await node.run(() => Date.now())).toBe(25);
      expect(Date.now()).toBe(5025);
      node.crash();
      await sim.sleep(100);
      expect(seen).toHaveLength(2);
    });
  });

  it('starts its next incarnation after a crash, and the state of its variables is gone', async () => {
    await once(async (sim) => {
      const started: number[] = [];
      const node = sim.node('a', (_module, { incarnation }) => void started.push(incarnation));
      await sim.sleep(1);
      node.crash();
      expect(node.up).toBe(false);
      node.restart();
      await sim.sleep(1);
      expect(started).toEqual([0, 1]);
      expect(node.up).toBe(true);
    });
  });

  it('is down for whoever calls it then, and for whoever waits for its answer', async () => {
    await once(async (sim) => {
      const node = sim.node('a', () => {});
      const asked = node.run(() => new Promise<void>((resolve) => void setTimeout(resolve, 50)));
      const told = expect(asked).rejects.toThrow('the node a is down');
      await sim.sleep(10);
      node.crash();
      await told;
      await expect(node.run(() => 1)).rejects.toMatchObject({ name: 'NodeDownError' });
    });
  });

  it('does nothing while it is paused, and what came due then is late', async () => {
    await once(async (sim) => {
      const seen: number[] = [];
      const node = sim.node('a', () => void setTimeout(() => seen.push(sim.now()), 10));
      await sim.sleep(5);
      node.pause();
      await sim.sleep(50);
      expect(seen).toEqual([]);
      node.resume();
      await sim.sleep(1);
      expect(seen).toEqual([55]);
    });
  });

  it('is brought up by settled, which comes once everything has settled', async () => {
    await once(async (sim) => {
      const node = sim.node('a', () => {});
      node.crash();
      setTimeout(() => sim.log('late'), 500);
      await sim.settled();
      expect(node.up).toBe(true);
      expect(sim.now()).toBe(500);
      node.crash();
      await sim.settled();
      expect(node.up).toBe(true);
    });
  });
});

describe('faults of nodes', () => {
  const world = () =>
    simulationWorld('writes', { operations: { write: { times: 3, at: [0, 50] } }, faults: ['node-crash'] }, (sim) => {
      const disk: number[] = [];
      let acknowledged = 0;
      const server = sim.node('server', () => {
        let cached: number[] = [];
        setInterval(() => disk.push(...cached.splice(0)), 20);
        put = (value) => void cached.push(value);
        cached = [];
      });
      let put: (value: number) => void = () => {};
      return {
        write: async () => {
          try {
            await server.run(() => put(1));
            acknowledged += 1;
          } catch (error) {
            if (!(error instanceof Error && error.name === 'NodeDownError')) throw error;
          }
        },
        finally: () => expect(disk.length).toBeGreaterThanOrEqual(acknowledged),
      };
    });

  it('are drawn when it is made, and find what is lost by a crash; the smaller scenario lists those that struck', async () => {
    const writes = await world();
    for (let seed = 0n; ; seed += 1n) {
      const scenario = writes.generate(seed, 'swarm', 'test');
      const run = await runScenario(writes, scenario);
      if (run.verdict === 'held') continue;
      expect(run.violations[0]?.message).toMatch(
        /^finally: AssertionError: expected \d to be greater than or equal to \d/,
      );
      const shrunk = await shrink(writes, scenario);
      expect(shrunk?.scenario).toMatchObject({
        config: {},
        workload: [{ kind: 'write' }],
        faults: [{ kind: 'node-crash', node: 'server' }],
      });
      expect(shrunk?.result.notInjected).toBeUndefined();
      break;
    }
  });

  it('strike in so many runs that each kind is there, at times and at steps', async () => {
    const seen = new Set<string>();
    const strikes = await simulationWorld('strikes', { operations: { go: { times: 2 } } }, (sim) => {
      sim.node('a', () => void setInterval(() => {}, 7));
      return { go: async ({ signal }) => void (signal.aborted || (await sim.sleep(20))) };
    });
    for (let seed = 0n; seed < 60n; seed += 1n) {
      const run = await runScenario(strikes, strikes.generate(seed, 'swarm', 'test'));
      expect(run.verdict).toBe('held');
      for (const { kind, at } of run.drawn ?? []) seen.add(`${kind} at a ${typeof at === 'number' ? 'time' : 'step'}`);
      if ((run.faults.abort?.injected ?? 0) > 0) seen.add('abort');
    }
    expect([...seen].sort()).toEqual([
      'abort',
      'clock-jump at a step',
      'clock-jump at a time',
      'node-crash at a step',
      'node-crash at a time',
      'node-pause at a step',
      'node-pause at a time',
      'timer-late at a step',
      'timer-late at a time',
    ]);
  });

  it('give the same digests again, in another order', async () => {
    const writes = await world();
    const digests = async (seeds: readonly bigint[]): Promise<ReadonlyMap<bigint, string>> => {
      const found = new Map<bigint, string>();
      for (const seed of seeds) {
        found.set(
          seed,
          (await runScenario(writes, writes.generate(seed, 'storm', 'test'), { checkNames: true })).digest,
        );
      }
      return found;
    };
    const seeds = Array.from({ length: 40 }, (_, i) => BigInt(i));
    const first = await digests(seeds);
    expect(new Set(first.values()).size).toBeGreaterThan(30);
    expect(new Map([...(await digests([...seeds].reverse()))].reverse())).toEqual(first);
  });
});

describe('an operation', () => {
  it('that is aborted may reject with the reason of its signal, and is then no failure', async () => {
    let aborted = 0;
    const test = simulate({ operations: { wait: { times: 3 } }, faults: ['abort'] }, () => ({
      wait: ({ signal }) =>
        new Promise<void>((resolve, reject) => {
          setTimeout(resolve, 30);
          signal.addEventListener('abort', () => {
            aborted += 1;
            reject(signal.reason);
          });
        }),
    }));
    expect((await ranTest(test)).error).toBeUndefined();
    expect(aborted).toBeGreaterThan(20);
  });

  it('that may wait for ever is no failure if it does, nor one of which others did not come', async () => {
    const test = (declared: { readonly mayWait?: boolean; readonly needs?: string }, pushes: number) =>
      simulate({ operations: { pop: { times: 2, ...declared }, push: { times: pushes } }, faults: 'none' }, () => {
        const items: number[] = [];
        const waiting: ((item: number) => void)[] = [];
        return {
          pop: async () => items.pop() ?? (await new Promise<number>((resolve) => waiting.push(resolve))),
          push: () => {
            const next = waiting.shift();
            if (next === undefined) items.push(1);
            else next(1);
          },
        };
      });
    expect((await ranTest(test({ mayWait: true }, 1))).error).toBeUndefined();
    expect((await ranTest(test({ needs: 'push' }, 1))).error).toBeUndefined();
    expect((await ranTest(test({ needs: 'push' }, 2))).error).toBeUndefined();
    expect((await ranTest(test({}, 1))).error?.message).toMatch(/^test\/pop\d at \S+ waits, and nothing wakes it/);
  });
});

describe('what is said to hold', () => {
  it('all along is looked at after every step', async () => {
    const { error } = await ranTest(
      simulate({ operations: { add: { times: [1, 5] } } }, (sim) => {
        let count = 0;
        sim.always('few', () => count < 3);
        return {
          add: () => {
            count += 1;
          },
        };
      }),
    );
    expect(error?.message).toMatch(/^few: does not hold\n/);
    expect(error?.message.match(/add\d+ {2}add$/gm)).toHaveLength(3);
    expect(error?.stack).toMatch(/\n {4}at \S.*nodes\.test\.ts/);
  });

  it('within a time is looked at until then', async () => {
    const { error } = await ranTest(
      simulate({ operations: { ask: { at: [0, 300], forMs: [0, 300] } }, faults: 'none' }, (sim) => {
        let isAnswered = false;
        return {
          ask: async ({ forMs }) => {
            sim.eventually('answered', () => isAnswered, 200);
            await sim.sleep(forMs);
            isAnswered = true;
          },
        };
      }),
    );
    expect(error?.message).toMatch(/^answered: has not come to hold within 200 ms\n/);
    expect(error?.message).toContain('0 ms  ask1  ask { forMs: 200 }\n');
  });
});

describe('a draw', () => {
  it('is a number of a range, or one of a list, and others under the same name are others', async () => {
    const drawn = new Set<string>();
    await ranTest(
      simulate({}, (sim) => {
        const number: number = sim.draw('n', [1, 3]);
        const text: 'a' | 'b' = sim.draw('n', ['a', 'b']);
        drawn.add(`${number}${text}`);
      }),
    );
    expect([...drawn].sort()).toEqual(['1a', '1b', '2a', '2b', '3a', '3b']);
  });
});
