/**
 * The import rules of `.dependency-cruiser.cjs`, run so that they cannot pass on an incomplete view of the project: a
 * parser that understands nothing finds no violation either. So every source file on disk must be among the modules seen,
 * and some imports that are known to exist must be among the edges.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ICruiseResult } from 'dependency-cruiser';

export interface ImportReport {
  /** Own files seen. */
  readonly modules: number;
  readonly imports: number;
  /** One line each: a broken rule, or something that should have been seen. */
  readonly faults: readonly string[];
}

/** An import, both ends as paths from the project's root. */
export type Edge = readonly [from: string, to: string];

const FOLDERS = ['src', 'sim', 'mesh', 'properties', 'bench', 'tools'];

/** Checks the project at `root`, in which `knownEdges` must be found. */
export function checkImports(root: string, knownEdges: readonly Edge[]): ImportReport {
  const folders = FOLDERS.filter((folder) => existsSync(join(root, folder)));
  const { modules, summary } = cruise(root, folders);
  const seen = new Map(modules.map((module) => [module.source, module.dependencies]));
  const isSeen = ([from, to]: Edge) => seen.get(from)?.some((dependency) => dependency.resolved === to) === true;
  return {
    modules: modules.filter(({ source }) => folders.some((folder) => source.startsWith(`${folder}/`))).length,
    imports: summary.totalDependenciesCruised ?? 0,
    faults: [
      ...summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
      ...sourceFiles(root, folders)
        .filter((file) => !seen.has(file))
        .map((file) => `not seen: ${file}`),
      ...knownEdges.filter((edge) => !isSeen(edge)).map(([from, to]) => `not seen: the import ${from} -> ${to}`),
    ],
  };
}

function cruise(root: string, folders: readonly string[]): ICruiseResult {
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders];
  const command = join(root, 'node_modules/.bin/depcruise');
  return JSON.parse(execFileSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 }));
}

function sourceFiles(root: string, folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => `${folder}/${path}`),
  );
}
