/** Where a command's words go: people's text, and the one JSON document. */
import type { Colors } from '../report/colors.ts';
import { colorsFor } from '../report/colors.ts';

/** Prints a result: as JSON alone on standard output with the text on standard error, or as text. */
export function print(json: string | undefined, text: (colors: Colors) => string): void {
  const people = json === undefined ? process.stdout : process.stderr;
  if (json !== undefined) process.stdout.write(json);
  people.write(text(colorsFor(people, process.env)));
}
