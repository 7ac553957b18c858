/** Each import-direction rule is seen to fire, on planted trees: a check that nothing can break is no check. */
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../../sim/testing/scratch-folder.testing.ts';
import { checkImports, type ImportReport } from './import-direction.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** Rule, importing file, what it imports. Every importing file is named once, so that all can stand in one tree. */
const FORBIDDEN = [
  ['src-knows-no-simulation', 'src/a.ts', 'sim/kernel/target.ts'],
  ['src-tests-know-no-simulation', 'src/a.test.ts', 'sim/kernel/target.ts'],
  ['kernel-knows-only-the-port', 'sim/kernel/a.ts', 'src/result.ts'],
  ['kernel-knows-only-the-port', 'sim/kernel/b.ts', 'sim/invariant/target.ts'],
  ['faults-stand-on-the-kernel', 'sim/faults/a.ts', 'src/runtime/port.ts'],
  ['faults-stand-on-the-kernel', 'sim/faults/b.ts', 'sim/world.ts'],
  ['invariants-stand-on-the-kernel', 'sim/invariant/a.ts', 'sim/faults/target.ts'],
  ['world-stands-on-kernel-faults-invariant', 'sim/world.ts', 'sim/scenario/target.ts'],
  ['scenario-stands-on-world', 'sim/scenario/a.ts', 'sim/sweep/target.ts'],
  ['sweep-stands-on-shrink', 'sim/sweep/a.ts', 'sim/report/target.ts'],
  ['report-stands-on-scenario', 'sim/report/a.ts', 'sim/cli/target.ts'],
  ['report-stands-on-scenario', 'sim/report/b.ts', 'sim/sweep/target.ts'],
  ['report-knows-only-the-shape-of-a-sweep', 'sim/report/c.ts', 'sim/sweep/result.ts'],
  ['report-text-stands-alone', 'sim/report/text/a.ts', 'sim/report/model/target.ts'],
  ['report-model-knows-no-writer', 'sim/report/model/a.ts', 'sim/report/writers/target.ts'],
  ['shrink-stands-on-scenario', 'sim/shrink/a.ts', 'sim/sweep/target.ts'],
  ['cluster-stands-on-faults', 'sim/cluster/a.ts', 'src/chain/target.ts'],
  ['examples-know-no-run', 'sim/examples/a.ts', 'sim/scenario/target.ts'],
  ['mutants-stand-on-sweep-and-report', 'sim/mutants/a.ts', 'sim/cli/target.ts'],
  ['mesh-knows-no-sweep-and-no-report', 'mesh/a.ts', 'sim/sweep/target.ts'],
  ['only-cli-knows-the-mesh', 'sim/scenario/b.ts', 'mesh/target.ts'],
  ['only-cli-knows-the-mesh', 'sim/world.test.ts', 'mesh/target.ts'],
  ['nothing-imports-a-test', 'sim/cli/a.ts', 'src/target.test.ts'],
  ['only-tests-import-their-helpers', 'sim/cli/d.ts', 'src/target.testing.ts'],
  ['shipped-code-needs-no-dev-dependency', 'sim/cli/b.ts', 'fast-check'],
  ['every-import-resolves', 'sim/cli/c.ts', 'no-such-package'],
] as const;

const ALLOWED = [
  ['sim/kernel/a.ts', 'src/runtime/port.ts'],
  ['sim/kernel/b.ts', 'seedrandom'],
  ['sim/invariant/a.ts', 'sim/kernel/target.ts'],
  ['sim/world.ts', 'sim/invariant/target.ts'],
  ['sim/scenario/a.ts', 'sim/world.ts'],
  ['mesh/a.ts', 'src/node/target.ts'],
  ['mesh/b.ts', 'sim/scenario/target.ts'],
  ['mesh/a.test.ts', 'fast-check'],
  ['sim/cli/a.ts', 'mesh/target.ts'],
  ['sim/cli/b.ts', 'yargs'],
] as const;

/** An empty project with this one's rules. */
function emptyTree(): string {
  const root = scratchFolder();
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) {
    cpSync(join(PROJECT, file), join(root, file));
  }
  symlinkSync(join(PROJECT, 'node_modules'), join(root, 'node_modules'));
  return root;
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), `${text}\n`);
}

/** Writes the importing files over empty targets. */
function plant(root: string, edges: readonly (readonly [from: string, to: string])[]): void {
  for (const [, to] of edges.filter(([, target]) => target.endsWith('.ts'))) {
    write(root, to, 'export const x = 1;');
  }
  for (const [from, to] of edges) {
    const specifier = to.endsWith('.ts') ? '../'.repeat(from.split('/').length - 1) + to : to;
    write(root, from, `export { x } from '${specifier}';`);
  }
}

describe('the import direction', () => {
  let report: ImportReport;

  beforeAll(() => {
    const root = emptyTree();
    plant(
      root,
      FORBIDDEN.map(([, from, to]) => [from, to]),
    );
    write(root, 'src/cycle-a.ts', "import { b } from './cycle-b.ts';\nexport const a = () => b();");
    write(root, 'src/cycle-b.ts', "import { a } from './cycle-a.ts';\nexport const b = () => a();");
    write(root, 'src/types-a.ts', "import type { B } from './types-b.ts';\nexport type A = B | 1;");
    write(root, 'src/types-b.ts', "import type { A } from './types-a.ts';\nexport type B = A | 2;");
    report = checkImports(root, []);
  });

  it.each(FORBIDDEN)('has a rule %s, which stops %s from importing %s', (rule, from, to) => {
    const target = to.endsWith('.ts') ? to : '';
    expect(report.faults.filter((fault) => fault.startsWith(`${rule}: ${from} -> ${target}`))).toHaveLength(1);
  });

  it('stops a cycle, and one of types alone', () => {
    expect(report.faults.filter((fault) => fault.startsWith('no-cycle'))).toEqual([
      'no-cycle: src/cycle-a.ts -> src/cycle-b.ts',
      'no-cycle: src/types-a.ts -> src/types-b.ts',
    ]);
  });

  it('lets through what the design allows', () => {
    const root = emptyTree();
    plant(root, ALLOWED);
    expect(checkImports(root, ALLOWED.slice(0, 1))).toMatchObject({ faults: [], modules: 16 });
  });

  it('does not pass on a view that lacks a file, or an import that is known to exist', () => {
    const root = emptyTree();
    write(root, 'src/a.ts', 'export const x = 1;');
    write(root, 'src/node_modules/b.ts', 'export const x = 1;');
    expect(checkImports(root, [['src/a.ts', 'src/b.ts']]).faults).toEqual([
      'not seen: src/node_modules/b.ts',
      'not seen: the import src/a.ts -> src/b.ts',
    ]);
  });
});
