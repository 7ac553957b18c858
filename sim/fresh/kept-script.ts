// biome-ignore-all lint/style/noRestrictedImports: files that are written before any run
/**
 * Keeps a script and its source map as files, by which whoever prints a stack, debugs or measures coverage finds the lines
 * that somebody wrote.
 *
 * They lie in the cache folder of the importer's project, under a name made from their content: threads and processes that
 * bundle the same module write the same files. Nothing reads them during a run.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';

export interface ScriptFile {
  /** What is bundled: the last part of the file's name. */
  readonly name: string;
  /** Whether that is a file of the project's own, and no package. */
  readonly own: boolean;
  readonly code: string;
  readonly map: string;
}

/**
 * Writes a script and its map for a project that `importer`, a path, lies in.
 *
 * @returns the path of the script, which is there unless no folder can be written to
 */
export function keepScript(script: ScriptFile, importer: string): string {
  const hash = createHash('sha256').update(`${script.code}\0${script.map}`).digest('hex').slice(0, 16);
  const file = join(script.own ? 'own' : 'packages', hash, `${script.name.replace(/[^\w.@-]+/g, '_')}.js`);
  const folders = cacheFolders(importer);
  for (const folder of folders) {
    const path = join(folder, file);
    if (existsSync(path) || written(path, script)) return path;
  }
  return join(folders[0], file);
}

/** That of the innermost folder with installed packages, and one for all projects. */
function cacheFolders(importer: string): readonly [string, ...string[]] {
  const shared = join(tmpdir(), 'meshos-sim');
  for (let folder = dirname(importer); ; folder = dirname(folder)) {
    const packages = join(folder, 'node_modules');
    if (existsSync(packages)) return [join(packages, '.cache/meshos-sim'), shared];
    if (dirname(folder) === folder) return [shared];
  }
}

/** The map with its sources as paths from where it lies, which is what every reader of maps can follow. */
function mapBeside(path: string, map: string): string {
  const read: { sources: string[] } = JSON.parse(map);
  const sources = read.sources.map((source) => {
    return source.startsWith('file:') ? relative(dirname(path), fileURLToPath(source)).split(sep).join('/') : source;
  });
  return JSON.stringify({ ...read, sources });
}

/** The script comes last and at once: where it is, its map is. */
function written(path: string, { code, map }: ScriptFile): boolean {
  const unfinished = `${path}.${process.pid}.${threadId}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(unfinished, mapBeside(path, map));
    renameSync(unfinished, `${path}.map`);
    writeFileSync(unfinished, `${code}\n//# sourceMappingURL=${basename(path)}.map\n`);
    renameSync(unfinished, path);
    return true;
  } catch {
    return false;
  }
}
