/**
 * Where the tests stand. Each file runs in a process of its own: several replace globals or watch for lost rejections. Only
 * in folders of small tests, where starting a process takes longer than the tests do, files share one; it is checked after
 * each that it left nothing behind.
 */
import { defineConfig } from 'vitest/config';

/** Whole runs and processes by the dozen: no other files take so long, and by their size, by which Vitest goes, they would come last. */
const LONG = ['{properties,scripts}/*.test.ts', 'sim/{cli,mutants}/*.test.ts'];
const SMALL = ['src/**/*.test.ts', 'sim/{report,statistics}/*.test.ts', 'sim/mesh/{invariants,marks}/**/*.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    // By default one core is left idle, which on two is half the machine.
    maxWorkers: '100%',
    // As for the workers of a sweep (`sim/cli/host.ts`): with a process on every core, V8's further threads stand in their way.
    execArgv: ['--single-threaded-gc', '--no-concurrent-recompilation', '--max-semi-space-size=64'],
    allowOnly: false,
    testTimeout: 30_000,
    // They begin in the order of their names, so that no core is left without work while a long file ends.
    projects: [
      { extends: true, test: { name: 'long', include: LONG } },
      {
        extends: true,
        test: {
          name: 'rest',
          include: ['{src,sim,properties,bench,scripts}/**/*.test.ts'],
          exclude: [...LONG, ...SMALL],
        },
      },
      {
        extends: true,
        test: { name: 'together', include: SMALL, isolate: false, setupFiles: ['sim/left-behind.testing.ts'] },
      },
    ],
  },
});
