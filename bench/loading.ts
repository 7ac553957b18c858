/** The cost of loading modules afresh for every incarnation: the time of a load, and the memory that it leaves for ever. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { bundleModule } from '../sim/fresh/bundle.ts';
import type { FreshModule } from '../sim/fresh/fresh-module.ts';
import type { Figure } from './figure.ts';
import { median } from './rounds.ts';

const LIBRARIES = ['p-map', 'async-mutex', 'opossum', 'bluebird', 'rxjs'] as const;
const ROUNDS = 15;
const LOADS_PER_ROUND = 20;
const LOADS = 100_000;
/** What a load may leave, in KiB. */
const KEPT_MAX = 0.2;

/** Microseconds of a load, by library. */
export async function benchLoading(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const library of LIBRARIES) {
    const module = await bundleModule(library, import.meta.url);
    await load(module, LOADS_PER_ROUND);
    const times: number[] = [];
    while (times.length < ROUNDS) {
      const beganMs = performance.now();
      await load(module, LOADS_PER_ROUND);
      times.push(((performance.now() - beganMs) * 1000) / LOADS_PER_ROUND);
    }
    figures.push({ name: `a load of ${library}`, value: median(times), unit: 'µs', against: {} });
  }
  return figures;
}

/** KiB left by each of 100,000 loads, by library. Takes some minutes. */
export async function benchLoadingMemory(): Promise<readonly Figure[]> {
  const collect = collector();
  const figures: Figure[] = [];
  for (const library of LIBRARIES) {
    const module = await bundleModule(library, import.meta.url);
    await load(module, LOADS / 100);
    collect();
    const before = process.memoryUsage().heapUsed;
    await load(module, LOADS);
    collect();
    const kept = Math.max(0, process.memoryUsage().heapUsed - before) / 1024 / LOADS;
    const name = `what each of ${LOADS.toLocaleString('en-US')} loads of ${library} leaves`;
    figures.push({ name, value: kept, unit: 'KiB', against: {}, target: { atMost: KEPT_MAX } });
  }
  return figures;
}

async function load(module: FreshModule, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    const exports = module.evaluate();
    // A turn of the event loop releases what the microtasks held.
    if (exports instanceof Promise) await exports;
  }
  await new Promise((resolve) => setImmediate(resolve));
}

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  return () => {
    if (typeof collect === 'function') collect();
  };
}
