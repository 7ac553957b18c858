/**
 * Finds where code stands in the file that its author wrote. Places in built files are looked up in the source map beside
 * them (`FILE.map`), repeatedly while there is one. Only printed texts come here, so no run reads a map.
 */
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { type Frame, framesOf, pathOf, placeOf } from '../../scenario/blame/frames.ts';

/** TypeScript made into modules, and modules into a bundle, are two maps. */
const MAPS_MAX = 4;
const FRAMES_MAX = 8;
const HARNESS = pathOf(new URL('../../', import.meta.url).href);
const PLACE = /(?:file:\/\/)?(\/[^\s():]+\.[cm]?[jt]sx?):(\d+):(\d+)/g;

const maps = new Map<string, SourceMap | undefined>();

/**
 * A text with its places replaced by those in the author's files. Paths are relative to the current folder where they lie
 * in it.
 */
export function withOriginalPlaces(text: string): string {
  return text.replace(PLACE, (_all, file: string, line: string, column: string) =>
    shownPlace({ name: '', file: pathOf(file), line: Number(line), column: Number(column) }),
  );
}

/** The innermost frames, for people: none of Node's, and the harness's only if there are no others. */
export function stackLines(stack: string, isWorlds: (file: string) => boolean = () => false): readonly string[] {
  const frames = framesOf(stack);
  const others = frames.filter(({ file }) => !file.startsWith(HARNESS) || isWorlds(file));
  const shown = others.length === 0 ? frames : others;
  return shown.slice(0, FRAMES_MAX).map((frame) => {
    const place = shownPlace(frame);
    return frame.name === '' ? `at ${place}` : `at ${frame.name} (${place})`;
  });
}

function shownPlace(frame: Frame): string {
  const original = originalOf(frame);
  const fromHere = relative(process.cwd(), original.file);
  return placeOf({ ...original, file: fromHere.startsWith('..') ? original.file : fromHere });
}

function originalOf(frame: Frame): Frame {
  let found = frame;
  for (let i = 0; i < MAPS_MAX; i += 1) {
    const before = beforeMap(found);
    if (before === undefined) break;
    found = before;
  }
  return found;
}

function beforeMap({ name, file, line, column }: Frame): Frame | undefined {
  const entry = mapOf(file)?.findEntry(line - 1, column - 1);
  if (entry === undefined || !('originalSource' in entry)) return undefined;
  const original = resolve(dirname(file), pathOf(entry.originalSource));
  // A package may come without the sources that its maps name.
  if (!existsSync(original)) return undefined;
  return { name, file: original, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) maps.set(file, readMap(`${file}.map`));
  return maps.get(file);
}

/** A map that cannot be read counts as none. */
function readMap(path: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
