/**
 * Where the tests stand. Files share processes, in which the engine then knows the code already; after each file it is
 * checked that it left nothing behind (`sim/testing/left-behind.testing.ts`).
 *
 * There are two suites, and both test the modules of `dist/`, which is built first: what is shipped, and what Node can load
 * by itself.
 *
 * - `npm test` (the mode `built`) shows in less than three minutes that everything works: at least one example of everything.
 * - `npm run test:thorough` (the mode `thorough`) shows what takes long by its nature: whole sweeps, planted bugs that have
 *   to be found, commands that wait for a limit. These are the files `*.thorough.test.ts`, beside the quick ones, and the
 *   properties with more cases.
 *
 * With neither mode, the tests of both suites take the sources, built or not: `npx vitest run PATH`.
 */
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, type TestProjectInlineConfiguration } from 'vitest/config';

const ROOT = fileURLToPath(new URL('.', import.meta.url));

/** The tests that take long by their nature. */
const THOROUGH = '{src,sim,mesh,properties,bench,tools}/**/*.thorough.test.ts';
const PROPERTIES = 'properties/*.test.ts';

/** Cases that a property is tried on, by mode; otherwise it is the default of `properties/settings.testing.ts`. */
const CASES: Readonly<Record<string, string>> = { built: '100' };

/** Whole runs and processes by the dozen: no other files take so long, and by their size, by which Vitest goes, they would come last. */
const LONG = [
  '{properties,tools/{checks,libraries}}/*.test.ts',
  'sim/{cli,mutants,scenario}/*.test.ts',
  'mesh/{,*}/*.test.ts',
  'sim/sweep/sweep.test.ts',
];

/** What the build makes of the modules it takes (`tsconfig.build.json`). */
const BUILT: Plugin = {
  name: 'built',
  enforce: 'pre',
  resolveId(source, importer) {
    if (importer === undefined || !source.startsWith('.')) return null;
    const path = relative(ROOT, resolve(dirname(importer), source));
    const built = /^((?:src|sim|mesh|tools|bench)\/.+)(?<!\.test|\.testing)\.ts$/.exec(path);
    return built === null ? null : resolve(ROOT, 'dist', `${built[1]}.js`);
  },
};

export default defineConfig(({ mode }) => ({
  plugins: mode === 'built' || mode === 'thorough' ? [BUILT] : [],
  test: {
    // Left to Node as they are.
    server: { deps: { external: [/\/dist\/(?:src|sim|mesh|tools|bench)\//] } },
    pool: 'forks',
    // By default one core is left idle, which on two is half the machine.
    maxWorkers: '100%',
    // As for the workers of a sweep (`sim/cli/process/host.ts`): with a process on every core, V8's further threads stand in their way.
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
    setupFiles: ['sim/testing/left-behind.testing.ts'],
    env: casesOf(mode),
    projects:
      mode === 'thorough'
        ? [
            {
              extends: true,
              test: { name: 'thorough', include: [THOROUGH, PROPERTIES], testTimeout: 180_000, hookTimeout: 180_000 },
            },
          ]
        : quickProjects(mode === 'built' ? [THOROUGH] : []),
  },
}));

/** A number that the command line gives comes first. */
function casesOf(mode: string): Record<string, string> {
  const { SIM_RUNS: cases = CASES[mode] } = process.env;
  return cases === undefined ? {} : { SIM_RUNS: cases };
}

/** They begin in the order of their names, so that no core is left without work while a long file ends. */
function quickProjects(exclude: readonly string[]): TestProjectInlineConfiguration[] {
  return [
    { extends: true, test: { name: 'long', include: LONG, exclude: [...exclude] } },
    {
      extends: true,
      test: {
        name: 'short',
        include: ['{src,sim,mesh,properties,bench,tools}/**/*.test.ts'],
        exclude: [...LONG, ...exclude],
      },
    },
  ];
}
