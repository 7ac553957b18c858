/**
 * Bytes to YAML nodes: the `yaml` package, with guards against files that would take long or crash the process. The package
 * parses without recursion and composes with recursion, so nodes that nest too deeply are refused between the two. Loaded
 * only when a file is read.
 */
import { isUtf8 } from 'node:buffer';
import type { CST, Node, YAMLError } from 'yaml';
import { Composer, Lexer, LineCounter, Parser } from 'yaml';
import { describeError } from '../blame/thrown.ts';
import type { Mistake } from './mistake.ts';

export interface Place {
  readonly line: number;
  readonly column: number;
}

export type Syntax =
  | { readonly ok: true; readonly root: Node | null; readonly placeAt: (offset: number) => Place }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** Parsing takes about 10 µs a token. The longest generated scenario has 90,000 tokens, blanks included. */
const TOKENS_MAX = 200_000;
export const DEPTH_MAX = 64;
/** YAML allows no other control characters. In a text they are written as escapes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for.
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;
/** How comments begin in extensions of JSON. */
export const FOREIGN_COMMENT = /^\s*\/[/*]/;
export const NO_COMMENT = 'expected no comment of // or /* (JSON has none, and those of YAML begin with #); found one';
/** Frequent mistakes, in the parser's words and in ours. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^Tabs are not allowed as indentation$/, 'expected spaces as indentation; found a tab'],
  [
    /^All (mapping|sequence) items must start at the same column$/,
    'expected the column in which the $1 began; found another',
  ],
  [/^Unresolved tag: (.*)$/, 'expected a value without a tag; found the tag $1'],
  [
    /^Nested mappings are not allowed in compact mappings$/,
    'expected a value, in quotes if it has a colon; found a key',
  ],
  [/^Implicit map keys need to be followed by map values$/, 'expected a key and a colon; found no colon'],
  [/^Missing closing (.)quote$/, 'expected a closing $1; found the end of the text'],
];

export function parseSyntax(bytes: Uint8Array): Syntax {
  const text = decode(bytes);
  if (text === undefined) return { ok: false, mistakes: [notText(bytes)] };
  const control = text.search(CONTROL);
  if (control >= 0) return { ok: false, mistakes: [controlCharacter(text, control)] };
  if (FOREIGN_COMMENT.test(text)) return { ok: false, mistakes: [{ line: 1, column: 1, message: NO_COMMENT }] };
  const tooMuch = offsetOfTooMuch(text);
  if (tooMuch !== undefined) {
    return {
      ok: false,
      mistakes: [{ ...placeIn(text, tooMuch), message: `expected at most ${TOKENS_MAX} tokens; found more` }],
    };
  }
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  try {
    const tokens = [...new Parser(lines.addNewLine).parse(text)];
    const deep = tokens.map(firstTooDeep).find((offset) => offset !== undefined);
    if (deep !== undefined) {
      const message = `expected at most ${DEPTH_MAX} levels; found more`;
      return { ok: false, mistakes: [{ ...placeAt(deep), message }] };
    }
    return compose(tokens, text.length, placeAt);
  } catch (error) {
    // The parser should put everything into its errors. Whatever it throws is about this file all the same.
    return { ok: false, mistakes: [{ message: `expected YAML or JSON; the parser gave up: ${describeError(error)}` }] };
  }
}

function compose(tokens: readonly CST.Token[], length: number, placeAt: (offset: number) => Place): Syntax {
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, schema: 'core' });
  const [document, second] = composer.compose(tokens, true, length);
  // Later mistakes mostly follow from the first.
  const error = document?.errors[0] ?? document?.warnings[0];
  if (error !== undefined) return { ok: false, mistakes: [{ ...placeAt(error.pos[0]), message: wordsOf(error) }] };
  if (second !== undefined) {
    return { ok: false, mistakes: [{ ...placeAt(second.range[0]), message: 'expected one document; found another' }] };
  }
  return { ok: true, root: document?.contents ?? null, placeAt };
}

function wordsOf({ message }: YAMLError): string {
  return WORDS.reduce((text, [theirs, ours]) => text.replace(theirs, ours), message.replace(/\s+/g, ' '));
}

/** Where the first token begins that is nested too deeply, if there is one. */
function firstTooDeep(token: CST.Token): number | undefined {
  let level: readonly CST.Token[] = [token];
  for (let depth = 0; depth <= DEPTH_MAX; depth++) level = level.flatMap(inner);
  return level[0]?.offset;
}

function inner(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value]).filter((found) => found !== undefined && found !== null);
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The first line that is not UTF-8. */
function notText(bytes: Uint8Array): Mistake {
  const message = 'expected UTF-8 text; found other bytes';
  let start = 0;
  for (let line = 1; ; line++) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    const part = bytes.subarray(start, end);
    if (!isUtf8(part)) {
      const column = new TextDecoder('utf-8', { ignoreBOM: true }).decode(part).indexOf('\ufffd') + 1;
      return { line, column: Math.max(1, column), message };
    }
    if (newline < 0) return { message };
    start = end + 1;
  }
}

function controlCharacter(text: string, offset: number): Mistake {
  const code = text.charCodeAt(offset).toString(16).padStart(4, '0').toUpperCase();
  return { ...placeIn(text, offset), message: `expected text; found the control character U+${code}` };
}

/** For texts that are not parsed. */
function placeIn(text: string, offset: number): Place {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** Tokenizing is cheap next to parsing, so a file that would take long is refused first. */
function offsetOfTooMuch(text: string): number | undefined {
  if (text.length < TOKENS_MAX / 4) return undefined;
  let tokens = 0;
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > TOKENS_MAX) return offset;
    // Some tokens stand for no text.
    if (!text.startsWith(token, offset)) continue;
    offset += token.length;
  }
  return undefined;
}
