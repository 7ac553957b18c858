/** A simulated test as a world. */
import { expect, it } from 'vitest';
import { runScenario } from '../scenario/run/run.ts';
import { shrinkNamed } from '../shrink/named.ts';
import { simulationWorld } from './world.ts';

/** With the defect of async-mutex 0.3.2: whoever waits for it to be free is forgotten when it is handed on. */
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

  isLocked(): boolean {
    return this.#held;
  }

  async waitForUnlock(): Promise<void> {
    if (this.#held) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }
}

it('x', async () => {
  const world = await simulationWorld(
    'waits',
    {
      operations: { work: { times: 4, at: [0, 50], forMs: [0, 20] }, look: { times: 2, at: [0, 50] } },
    },
    (sim) => {
      const mutex = new Mutex();
      return {
        work: async ({ forMs }) => {
          const release = await mutex.acquire();
          await sim.sleep(forMs);
          release();
        },
        look: async () => {
          await mutex.waitForUnlock();
          expect(mutex.isLocked()).toBe(false);
        },
      };
    },
  );
  for (let seed = 0n; seed < 30n; seed += 1n) {
    const scenario = world.generate(seed, 'swarm', 'test');
    const run = await runScenario(world, scenario);
    console.log(
      seed,
      run.verdict,
      run.problem,
      run.violations.map((v) => v.invariant + ' ' + v.message).join(';'),
      run.faults,
    );
    if (run.verdict === 'violated') {
      const shrunk = await shrinkNamed(world, scenario, {});
      console.log(JSON.stringify(shrunk, (_k, v) => (typeof v === 'bigint' ? String(v) : v), 1));
      break;
    }
  }
});
