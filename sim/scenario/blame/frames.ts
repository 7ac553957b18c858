/** Reads the frames of a stack: the file, line and column of each, the innermost first. */

export interface Frame {
  /** Of the function; empty if it has none. */
  readonly name: string;
  /** An absolute path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `at f (PLACE)`, `at async f (PLACE)`, `at async PLACE` and `at PLACE`. */
const FRAME = /^\s*at (?:(.*)\()?(?:async )?((?:file:\/\/)?\/.*?):(\d+):(\d+)\)*$/;
/** Code made from text: the frame of whoever made it. */
const EVAL = /\(eval at (.*?) \(((?:file:\/\/)?\/.*?):(\d+):(\d+)\)/;
/** A longer line is no frame that anybody wrote. */
const LINE_CHARS_MAX = 4096;

/** Folder of the harness, with a slash at its end. */
export const HARNESS = pathOf(new URL('../../', import.meta.url).href);
/** Tests of the harness bring worlds of their own, and examples are what users write. */
const NOT_HARNESS = /\.test\.[jt]s$|\/sim\/examples\/[^/]*$/;

/** Whether the file of this path is the harness's own. */
export function isOfHarness(file: string): boolean {
  return file.startsWith(HARNESS) && !NOT_HARNESS.test(file);
}

/** The frames that lie in files; those of Node itself have none. `message` may hold lines that look like frames. */
export function framesOf(stack: string, message = ''): readonly Frame[] {
  const at = message === '' ? -1 : stack.indexOf(message);
  const lines = (at === -1 ? stack : stack.slice(at + message.length)).split('\n');
  return lines.flatMap((line) => frameOf(line) ?? []);
}

export function frameOf(line: string): Frame | undefined {
  if (line.length > LINE_CHARS_MAX) return undefined;
  const [, name = '', file, row, column] = EVAL.exec(line) ?? FRAME.exec(line) ?? [];
  if (file === undefined) return undefined;
  return { name: name.replace(/^async /, '').trim(), file: pathOf(file), line: Number(row), column: Number(column) };
}

/** The path that a file's URL names; a path stays what it is. */
export function pathOf(file: string): string {
  if (!file.startsWith('file:')) return file;
  try {
    return decodeURIComponent(new URL(file).pathname);
  } catch {
    return file;
  }
}

/** `file:line:column`. */
export function placeOf({ file, line, column }: Frame): string {
  return `${file}:${line}:${column}`;
}
