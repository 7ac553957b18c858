/** Finds the files of a pattern, and the test that each of them is a scenario of. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { readRegularFile } from '../scenario/file/disk.ts';
import { parseSource } from '../scenario/file/document.ts';

/** Files below the folder of `from` whose path from there matches: `*` is anything but a slash, `**` anything. In order. */
export function filesOf(pattern: string, from: string): readonly string[] {
  const folder = dirname(from);
  const root = join(
    folder,
    pattern
      .split('/')
      .slice(0, -1)
      .filter((part) => !part.includes('*'))
      .join('/'),
  );
  if (!existsSync(root)) return [];
  const wanted = patternOf(join(folder, pattern));
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => wanted.test(path))
    .sort();
}

function patternOf(path: string): RegExp {
  const parts = path.split(/(\*\*\/|\*\*|\*)/).map((part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    return part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}

/** The world that a scenario file names; undefined of one that names none. */
export function worldIn(path: string): string | undefined {
  const bytes = readRegularFile(path);
  const parsed = bytes.ok ? parseSource(bytes.value) : undefined;
  if (parsed?.ok !== true) return undefined;
  const { value } = parsed.document;
  const world: unknown = typeof value === 'object' && value !== null && 'world' in value ? value.world : undefined;
  return typeof world === 'string' ? world : undefined;
}

/** What a replay is called. */
export function replayName(path: string, from: string): string {
  return `replays ${relative(dirname(from), path).split(sep).join('/')}`;
}
