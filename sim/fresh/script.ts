/**
 * Turns a bundle, which is an ES module, into the body of a function: what it imports of Node becomes calls, and what it
 * exports becomes what the function returns. Lines stay where they are, so that the bundle's source map still fits.
 */

/** What the body asks its evaluation for. */
const BUILTIN = '__freshBuiltin';
const NAMESPACE = '__freshNamespace';
const IMPORT = '__freshImport';
export const META = '__freshMeta';

/** The names of the function's parameters, in order. */
export const PARAMETERS = [BUILTIN, NAMESPACE, IMPORT, META] as const;

export type Program = ReturnType<typeof import('rolldown/utils').parseSync>['program'];

/** A variable that marks a CommonJS module whose first statement is `'use strict'`, which the bundler takes away. */
export const STRICT = '__freshStrict';

export interface Script {
  /** Body of a function that takes `PARAMETERS` and returns the exports of the module. */
  readonly code: string;
  /** For each line of `code`, the line of the bundle it was, both from 0; undefined of one that was none. */
  readonly bundleLines: readonly (number | undefined)[];
}

/** The parts of the bundler that read code. */
export interface Reader {
  parse(code: string, lang: 'js'): Program;
  readonly Visitor: typeof import('rolldown/utils').Visitor;
}

type Statement = Program['body'][number];

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A bundle is strict throughout, and CommonJS modules need not be. Theirs come first, outside of the strict function that
 * holds all the rest; the bundler calls them only when they are required, so that their place makes no difference.
 */
export function scriptOf(code: string, reader: Reader): Script {
  const program = reader.parse(code, 'js');
  const { edits, awaits } = expressionEdits(program, reader);
  const outer: Statement[] = [];
  const inner: Statement[] = [];
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') edits.push({ ...rangeOf(statement), text: importText(statement) });
    if (statement.type === 'ExportNamedDeclaration') edits.push({ ...rangeOf(statement), text: exportText(statement) });
    const sloppy = statement.type === 'ImportDeclaration' || isBundlers(statement) || isCommonJs(statement, edits);
    (sloppy ? outer : inner).push(statement);
  }
  const hoisted = hoist(outer, inner, reader, edits);
  const lines = new Lines(code, edits);
  lines.add(hoisted.length === 0 ? '' : `var ${hoisted.join(', ')};`);
  for (const statement of outer) lines.addStatement(statement);
  lines.add(`return (${awaits ? 'async ' : ''}function () { "use strict";`);
  for (const statement of inner) lines.addStatement(statement);
  lines.add('}).call(undefined);');
  return lines;
}

/** What has to be said in other words, wherever it stands; and whether anything is awaited outside of functions. */
function expressionEdits(program: Program, { Visitor }: Reader): { edits: Edit[]; awaits: boolean } {
  const edits: Edit[] = [];
  let functions = 0;
  let awaits = false;
  const enter = (): void => {
    functions += 1;
  };
  const leave = (): void => {
    functions -= 1;
  };
  new Visitor({
    FunctionDeclaration: enter,
    'FunctionDeclaration:exit': leave,
    FunctionExpression: enter,
    'FunctionExpression:exit': leave,
    ArrowFunctionExpression: enter,
    'ArrowFunctionExpression:exit': leave,
    AwaitExpression() {
      awaits ||= functions === 0;
    },
    ForOfStatement({ await: waits }) {
      awaits ||= waits && functions === 0;
    },
    ImportExpression({ start }) {
      edits.push({ start, end: start + 'import'.length, text: IMPORT });
    },
    MetaProperty({ start, end, meta }) {
      if (meta.name === 'import') edits.push({ start, end, text: `${META}("")` });
    },
  }).visit(program);
  return { edits, awaits };
}

/** Functions that the bundler adds. */
const BUNDLERS =
  /^__(?:create|defProp|name|getOwnPropDesc|getOwnPropNames|getProtoOf|hasOwnProp|esm|esmMin|commonJS|commonJSMin|exportAll|copyProps|reExport|toESM|toCommonJS|toBinary|toBinaryNode|toDynamicImportESM|require)$/;

function isBundlers(statement: Statement): boolean {
  if (statement.type !== 'VariableDeclaration') return false;
  return statement.declarations.every(({ id }) => id.type === 'Identifier' && BUNDLERS.test(id.name));
}

/** `var require_x = __commonJSMin((exports, module) => { … });`, which is made strict again if it was. */
function isCommonJs(statement: Statement, edits: Edit[]): boolean {
  if (statement.type !== 'VariableDeclaration') return false;
  const call = statement.declarations[0]?.init;
  if (call?.type !== 'CallExpression' || call.callee.type !== 'Identifier') return false;
  if (!/^__commonJS(?:Min)?$/.test(call.callee.name)) return false;
  let [body] = call.arguments;
  while (body?.type === 'ParenthesizedExpression') body = body.expression;
  if (body?.type !== 'ArrowFunctionExpression' || body.body.type !== 'BlockStatement') return false;
  const strict = body.body.body.some(
    (inner) =>
      inner.type === 'VariableDeclaration' &&
      inner.declarations.some(({ id }) => id.type === 'Identifier' && id.name === STRICT),
  );
  const at = body.body.start + 1;
  if (strict) edits.push({ start: at, end: at, text: '"use strict";' });
  return true;
}

/** The variables of the strict part that the other one uses: they are declared outside of both, and set where they stood. */
function hoist(
  outer: readonly Statement[],
  inner: readonly Statement[],
  { Visitor }: Reader,
  edits: Edit[],
): readonly string[] {
  const used = new Set<string>();
  const visitor = new Visitor({
    Identifier({ name }) {
      used.add(name);
    },
  });
  for (const statement of outer)
    visitor.visit({ type: 'Program', body: [statement], start: 0, end: 0, sourceType: 'module', hashbang: null });
  const names: string[] = [];
  for (const statement of inner) {
    if (statement.type !== 'VariableDeclaration' || statement.kind !== 'var') continue;
    const declared = statement.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
    if (!declared.some((name) => used.has(name))) continue;
    names.push(...declared);
    edits.push({ start: statement.start, end: statement.start + 'var'.length, text: '' });
  }
  return names;
}

type ImportDeclaration = Extract<Statement, { type: 'ImportDeclaration' }>;
type ExportNamedDeclaration = Extract<Statement, { type: 'ExportNamedDeclaration' }>;

/** Of Node's own modules only: everything else is in the bundle. */
function importText({ specifiers, source }: ImportDeclaration): string {
  const id = JSON.stringify(source.value);
  const texts = specifiers.map((specifier): string => {
    switch (specifier.type) {
      case 'ImportDefaultSpecifier':
        return `const ${specifier.local.name} = ${BUILTIN}(${id});`;
      case 'ImportNamespaceSpecifier':
        return `const ${specifier.local.name} = ${NAMESPACE}(${id});`;
      default: {
        const { imported, local } = specifier;
        const name = imported.type === 'Literal' ? imported.value : imported.name;
        return `const { ${JSON.stringify(name)}: ${local.name} } = ${NAMESPACE}(${id});`;
      }
    }
  });
  return texts.length === 0 ? `${BUILTIN}(${id});` : texts.join(' ');
}

/** The bundle's entry exports one name. */
function exportText({ specifiers: [exported] }: ExportNamedDeclaration): string {
  if (exported?.local.type !== 'Identifier') throw new Error('the bundle exports what it should not');
  return `return ${exported.local.name};`;
}

function rangeOf({ start, end }: Statement): { readonly start: number; readonly end: number } {
  return { start, end };
}

/** Statements of a bundle in another order, which know the lines they stood on. */
class Lines implements Script {
  code = '';
  readonly bundleLines: (number | undefined)[] = [];
  readonly #bundle: string;
  readonly #edits: readonly Edit[];
  readonly #lineStarts: readonly number[];

  constructor(bundle: string, edits: Edit[]) {
    this.#bundle = bundle;
    this.#edits = edits.sort((a, b) => a.start - b.start);
    this.#lineStarts = [0, ...[...bundle.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  /** A line of its own, which stood nowhere. */
  add(text: string): void {
    this.code += `${text}\n`;
    this.bundleLines.push(undefined);
  }

  addStatement({ start, end }: Statement): void {
    const first = this.#lineStarts.findLastIndex((at) => at <= start);
    // From the start of the line, so that columns stay.
    this.code += ' '.repeat(start - (this.#lineStarts[first] ?? 0));
    let at = start;
    for (const edit of this.#edits) {
      if (edit.start < start || edit.end > end) continue;
      const lines = this.#bundle.slice(edit.start, edit.end).split('\n').length - 1;
      this.code += this.#bundle.slice(at, edit.start) + edit.text + '\n'.repeat(lines);
      at = edit.end;
    }
    this.code += `${this.#bundle.slice(at, end)}\n`;
    const count = this.#bundle.slice(start, end).split('\n').length;
    for (let line = 0; line < count; line++) this.bundleLines.push(first + line);
  }
}
