/** Where a command's words go: people's text, and the one JSON document. */
import type { Colors } from '../../report/text/colors.ts';
import { colorsFor } from '../../report/text/colors.ts';

/** Prints a result: as JSON alone on standard output with the text on standard error, or as text. */
export function print(json: string | undefined, text: (colors: Colors) => string): void {
  if (json !== undefined) process.stdout.write(json);
  peoplesStream(json !== undefined).write(text(colorsOfText(json !== undefined)));
}

/** The colours of the text that is printed with a JSON document, or without. */
export function colorsOfText(json: boolean): Colors {
  return colorsFor(peoplesStream(json), process.env);
}

/** Where text for people goes. */
export function peoplesStream(json: boolean): NodeJS.WriteStream {
  return json ? process.stderr : process.stdout;
}
