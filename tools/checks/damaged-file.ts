/** A file that is no scenario, and ways to make one from the text of a good scenario. */
import { writeFileSync } from 'node:fs';

export interface DamagedFile {
  /** Name of the file too. Says what was done to it. */
  readonly name: string;
  /** Whether the mistake has a line and a column. */
  readonly placed: boolean;
  write(path: string): void;
}

export const MIB = 1024 * 1024;

export function file(name: string, content: string | Uint8Array, placed = true): DamagedFile {
  return { name, placed, write: (path) => writeFileSync(path, content) };
}

/** The text with one part replaced. The text must contain that part. */
export function replaced(text: string, part: string, replacement: string): string {
  if (!text.includes(part)) throw new Error(`the good scenario has no ${JSON.stringify(part)}`);
  return text.replace(part, () => replacement);
}

/** A file for each replacement. */
export function edits(
  kind: string,
  text: string,
  list: readonly (readonly [part: string, replacement: string])[],
): DamagedFile[] {
  return list.map(([part, replacement], i) => file(`${kind}-${i + 1}.yaml`, replaced(text, part, replacement)));
}

export function jsonEdits(
  json: string,
  list: readonly (readonly [part: string, replacement: string])[],
): DamagedFile[] {
  return list.map(([part, replacement], i) => file(`json-${i + 1}.json`, replaced(json, part, replacement)));
}

/** Cut before the last field that it needs; JSON anywhere. */
