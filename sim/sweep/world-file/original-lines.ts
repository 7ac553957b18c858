/**
 * Puts code that was printed from a TypeScript file back onto the lines of that file, so that stacks, breakpoints and
 * `wiring` tell the author's own lines and nobody has to look up a source map. Only the space between tokens changes.
 */
import { decode } from '@jridgewell/sourcemap-codec';

/** Behind these words a line end would end the statement, or make a name of the word. */
const UNBREAKABLE = /(?:^|[^\w$.])(?:return|throw|yield|break|continue|async|get|set|static|accessor|let|of)$/;
/** A line end before these would end the statement before. */
const BOUND = /^(?:=>|\+\+|--)/;
/** Where nothing stood between two tokens, a line end may come behind these. */
const OPENING = /(?:^|[([,;])$/;

interface Position {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** `code` with its tokens where `mappings`, those of a source map, say that they stood. */
export function onOriginalLines(code: string, mappings: string): string {
  const out = new Placed();
  let at = 0;
  for (const position of positionsOf(code, mappings)) {
    out.add(code.slice(at, position.offset), position, code.slice(position.offset, position.offset + 2));
    at = position.offset;
  }
  return out.text + code.slice(at);
}

/** From the first to the last token that the map knows. */
function positionsOf(code: string, mappings: string): readonly Position[] {
  const lineStarts = [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return decode(mappings).flatMap((segments, generatedLine) =>
    segments.flatMap(([generatedColumn, , line, column]) => {
      if (line === undefined || column === undefined) return [];
      return [{ offset: (lineStarts[generatedLine] ?? 0) + generatedColumn, line, column }];
    }),
  );
}

class Placed {
  text = '';
  #line = 0;
  #column = 0;

  /** Adds what stands before the next token, and goes to where that belongs. `next` is how the token begins. */
  add(before: string, { line, column }: Position, next: string): void {
    const code = before.trimEnd();
    this.#write(code);
    const isSpaced = code.length < before.length;
    const lastLine = this.text.slice(this.text.lastIndexOf('\n') + 1);
    // It may be a comment, which has to end.
    const isCommented = before.includes('\n', code.length) && lastLine.includes('//');
    if (line > this.#line && this.#mayBreak(isSpaced, next)) {
      this.#write('\n'.repeat(line - this.#line));
    } else if (isCommented) {
      this.#write('\n');
    } else if (isSpaced && (line !== this.#line || column <= this.#column)) {
      this.#write(' ');
    }
    if (line === this.#line && column > this.#column && (isSpaced || OPENING.test(this.text.slice(-1))))
      this.#write(' '.repeat(column - this.#column));
  }

  /** Text of a template begins right behind a brace or a backtick, where nothing may be put in. */
  #mayBreak(isSpaced: boolean, next: string): boolean {
    const last = this.text.slice(-1);
    if (!isSpaced && !OPENING.test(last) && !(next.startsWith('.') && /[\w$)\]]/.test(last))) return false;
    return !UNBREAKABLE.test(this.text.slice(-12)) && !BOUND.test(next);
  }

  #write(text: string): void {
    this.text += text;
    const end = text.lastIndexOf('\n');
    this.#column = end === -1 ? this.#column + text.length : text.length - end - 1;
    if (end !== -1) this.#line += text.split('\n').length - 1;
  }
}
