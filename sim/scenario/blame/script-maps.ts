// biome-ignore-all lint/style/noRestrictedImports: source maps are read as Node reads them
/** Where a line of a script that is loaded stands in its source: a test runner or a bundler may have written the script. */
import { readFileSync } from 'node:fs';
import type { Session } from 'node:inspector';
import { SourceMap } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const INLINE = /^data:application\/json[^,]*;base64,/;
/** Beyond any line's end: the last that a map says of the line. */
const LINE_END = 1_000_000;

export class ScriptMaps {
  readonly #mapUrls = new Map<string, string>();
  readonly #maps = new Map<string, SourceMap | undefined>();

  /** Asks which scripts the thread has. */
  constructor(session: Session) {
    session.on('Debugger.scriptParsed', ({ params: { scriptId, sourceMapURL } }) => {
      if (sourceMapURL !== undefined && sourceMapURL !== '') this.#mapUrls.set(scriptId, sourceMapURL);
    });
    session.post('Debugger.enable');
    session.post('Debugger.disable');
  }

  /** `FILE:LINE:COLUMN`, counted from 1; lines and columns are given from 0. Without a column, the line counts. */
  placeOf(scriptId: string, url: string, line: number, column: number | undefined): string {
    const file = url.startsWith('file:') ? fileURLToPath(url) : url;
    const entry = this.#mapOf(scriptId, file)?.findEntry(line, column ?? LINE_END);
    if (entry === undefined || !('originalSource' in entry)) return `${file}:${line + 1}:${(column ?? 0) + 1}`;
    const { originalSource, originalLine, originalColumn } = entry;
    const source = fileURLToPath(new URL(originalSource, pathToFileURL(file)));
    return `${source}:${originalLine + 1}:${originalColumn + 1}`;
  }

  #mapOf(scriptId: string, file: string): SourceMap | undefined {
    if (!this.#maps.has(scriptId)) this.#maps.set(scriptId, this.#read(scriptId, file));
    return this.#maps.get(scriptId);
  }

  #read(scriptId: string, file: string): SourceMap | undefined {
    const url = this.#mapUrls.get(scriptId);
    if (url === undefined) return undefined;
    try {
      const text = INLINE.test(url)
        ? Buffer.from(url.replace(INLINE, ''), 'base64').toString()
        : readFileSync(new URL(url, pathToFileURL(file)), 'utf8');
      return new SourceMap(JSON.parse(text));
    } catch {
      // A map that cannot be read says nothing: the script's own lines are told.
      return undefined;
    }
  }
}
