/**
 * Where the tests stand. Files share processes, in which the engine then knows the code already; after each file it is
 * checked that it left nothing behind (`sim/left-behind.testing.ts`).
 *
 * `npm test` (the mode `built`) tests the modules of `dist/`, which it builds first: what is shipped, and what Node can load
 * by itself. Without that mode the tests take the sources, built or not.
 */
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

const ROOT = fileURLToPath(new URL('.', import.meta.url));

/** Whole runs and processes by the dozen: no other files take so long, and by their size, by which Vitest goes, they would come last. */
const LONG = [
  '{properties,scripts}/*.test.ts',
  'sim/{cli,mutants,mesh,mesh/simplify,scenario}/*.test.ts',
  'sim/sweep/sweep.test.ts',
];

/** What the build makes of the modules it takes (`tsconfig.build.json`). */
const BUILT: Plugin = {
  name: 'built',
  enforce: 'pre',
  resolveId(source, importer) {
    if (importer === undefined || !source.startsWith('.')) return null;
    const path = relative(ROOT, resolve(dirname(importer), source));
    const built = /^((?:src|sim|scripts|bench)\/.+)(?<!\.test|\.testing)\.ts$/.exec(path);
    return built === null ? null : resolve(ROOT, 'dist', `${built[1]}.js`);
  },
};

export default defineConfig(({ mode }) => ({
  plugins: mode === 'built' ? [BUILT] : [],
  test: {
    // Left to Node as they are.
    server: { deps: { external: [/\/dist\/(?:src|sim|scripts|bench)\//] } },
    pool: 'forks',
    // By default one core is left idle, which on two is half the machine.
    maxWorkers: '100%',
    // As for the workers of a sweep (`sim/cli/host.ts`): with a process on every core, V8's further threads stand in their way.
    execArgv: [
      '--single-threaded-gc',
      '--no-concurrent-recompilation',
      '--max-inlined-bytecode-size-cumulative=300',
      '--max-semi-space-size=64',
    ],
    allowOnly: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    isolate: false,
    setupFiles: ['sim/left-behind.testing.ts'],
    // They begin in the order of their names, so that no core is left without work while a long file ends.
    projects: [
      { extends: true, test: { name: 'long', include: LONG } },
      {
        extends: true,
        test: { name: 'short', include: ['{src,sim,properties,bench,scripts}/**/*.test.ts'], exclude: LONG },
      },
    ],
  },
}));
