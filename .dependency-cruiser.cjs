/**
 * Who may import whom. Folders are read downwards: the control plane knows nothing of the simulation, the kernel nothing
 * of the control plane, and only the command line knows the mesh world. `tools/lint/check-imports.ts` runs these rules and
 * makes sure that they saw the whole project.
 */
const OWN = '^(src|sim|mesh|properties|bench|tools|mutants)/';
const TEST = '\\.test\\.ts$';
/** Tests and what helps them. */
const TESTING = '\\.(test|testing)\\.ts$';
/** Where a sweep's result is declared. */
const SWEEP_RESULT = '^sim/sweep/result\\.ts$';

/** Files under `from` import, of the project's own files, only those that match one of `allowed`. */
function only(name, from, allowed) {
  return {
    name,
    severity: 'error',
    from: { path: from, pathNot: TESTING },
    to: { path: OWN, pathNot: allowed },
  };
}

module.exports = {
  forbidden: [
    only('src-knows-no-simulation', '^src/', ['^src/']),
    only('choices-stand-alone', '^sim/kernel/choices/', ['^sim/kernel/(choices/|misuse\\.ts$)']),
    only('trace-stands-alone', '^sim/kernel/trace/', ['^sim/kernel/(trace/|misuse\\.ts$)']),
    only('schedule-stands-on-choices', '^sim/kernel/schedule/', [
      '^sim/kernel/((schedule|choices|trace)/|misuse\\.ts$)',
      '^src/runtime/port\\.ts$',
    ]),
    only('tasks-stand-on-the-schedule', '^sim/kernel/tasks/', [
      '^sim/kernel/((tasks|schedule|choices|trace)/|misuse\\.ts$)',
      '^src/runtime/port\\.ts$',
    ]),
    only('host-stands-on-tasks', '^sim/kernel/host/', [
      '^sim/kernel/((host|tasks|schedule|choices|trace)/|misuse\\.ts$)',
      '^src/runtime/port\\.ts$',
    ]),
    only('kernel-knows-only-the-port', '^sim/kernel/', ['^sim/kernel/', '^src/runtime/port\\.ts$']),
    only('faults-stand-on-the-kernel', '^sim/faults/', ['^sim/(faults|kernel)/']),
    only('invariants-stand-on-the-kernel', '^sim/invariant/', ['^sim/(invariant|kernel)/']),
    only('fresh-modules-stand-alone', '^sim/fresh/', ['^sim/fresh/']),
    only('statistics-stand-alone', '^sim/statistics/', ['^sim/statistics/']),
    only('world-stands-on-kernel-faults-invariant', '^sim/world\\.ts$', ['^sim/(kernel|faults|invariant)/']),
    only('cluster-stands-on-faults', '^sim/cluster/', ['^sim/(cluster|faults|kernel)/', '^sim/world\\.ts$']),
    only('examples-know-no-run', '^sim/examples/', [
      '^sim/(examples|cluster|faults|invariant|kernel)/',
      '^sim/world\\.ts$',
    ]),
    only('scenario-stands-on-world', '^sim/scenario/', [
      '^sim/(scenario|faults|invariant|kernel)/',
      '^sim/world\\.ts$',
    ]),
    only('shrink-stands-on-scenario', '^sim/shrink/', [
      '^sim/(shrink|scenario|faults|invariant|kernel)/',
      '^sim/world\\.ts$',
    ]),
    only('sweep-stands-on-shrink', '^sim/sweep/', [
      '^sim/(sweep|shrink|scenario|statistics|faults|invariant|kernel)/',
      '^sim/world\\.ts$',
      // Names of tests and how their worlds are made.
      '^sim/simulate/declared\\.ts$',
    ]),
    only('report-stands-on-scenario', '^sim/report/', [
      '^sim/(report|shrink|scenario|statistics|faults|invariant|kernel)/',
      '^sim/world\\.ts$',
      SWEEP_RESULT,
    ]),
    {
      name: 'report-knows-only-the-shape-of-a-sweep',
      severity: 'error',
      from: { path: '^sim/report/', pathNot: TESTING },
      to: { path: SWEEP_RESULT, dependencyTypesNot: ['type-only'] },
    },
    only('report-text-stands-alone', '^sim/report/text/', ['^sim/report/text/', '^sim/(shrink|scenario|statistics)/']),
    only('report-model-knows-no-writer', '^sim/report/model/', [
      '^sim/report/(model|text)/',
      '^sim/(shrink|scenario|statistics|faults|invariant|kernel)/',
      '^sim/world\\.ts$',
      SWEEP_RESULT,
    ]),
    only('mutants-stand-on-sweep-and-report', '^sim/mutants/', [
      '^sim/(mutants|sweep|report|shrink|scenario|statistics|faults|invariant|kernel)/',
      '^sim/world\\.ts$',
    ]),
    only('mesh-knows-no-sweep-and-no-report', '^mesh/(?!main\\.ts$|conform/command\\.ts$)', [
      '^src/',
      '^mesh/',
      '^sim/(cluster|scenario|faults|invariant|kernel)/',
      '^sim/world\\.ts$',
    ]),
    {
      name: 'only-cli-knows-the-mesh',
      severity: 'error',
      comment: 'Tests too: everything under sim/ has to work without MeshOS.',
      from: { path: '^(src|sim)/', pathNot: '^sim/cli/' },
      to: { path: '^mesh/' },
    },
    {
      name: 'src-tests-know-no-simulation',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: OWN, pathNot: '^src/' },
    },
    {
      name: 'nothing-imports-a-test',
      severity: 'error',
      from: {},
      to: { path: TEST },
    },
    {
      name: 'only-tests-import-their-helpers',
      severity: 'error',
      from: { pathNot: [TESTING, '^properties/'] },
      to: { path: TESTING },
    },
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'Types count, too.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'shipped-code-needs-no-dev-dependency',
      severity: 'error',
      from: { path: '^(src|sim)/', pathNot: TESTING },
      // Optional peers, which are asked for by name where they are missing.
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: '^node_modules/(?:rolldown|vitest|fast-check)/' },
    },
    {
      name: 'every-import-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
