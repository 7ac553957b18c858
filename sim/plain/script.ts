/**
 * A kept failure as a plain script: the test as it was written, without its types and without this package, and what is done
 * when as data. It runs on Node alone, in real time; whoever gets it needs nothing but the library that it is about.
 */
import { dirname, relative, resolve } from 'node:path';
import { STAND_INS } from './stand-ins.ts';

/** Modules whose exports the script brings itself. */
const OURS: readonly string[] = ['meshos-sim', 'meshos-sim/vitest', 'vitest', 'node:test', '@jest/globals'];

/** What happens, in milliseconds from the start. */
export interface Plan {
  readonly operations: readonly { readonly at: number; readonly key: string; readonly kind: string }[];
  readonly aborts: readonly { readonly at: number; readonly op: string; readonly how: string }[];
  readonly stalls: readonly { readonly at: number; readonly forMs: number }[];
  readonly jumps: readonly { readonly at: number; readonly byMs: number }[];
  /** By name and number, `x#1`. */
  readonly drawn: Readonly<Record<string, number>>;
  /** How long it takes at most. */
  readonly giveUpMs: number;
}

export interface PlainScript {
  /** The test's name, with those of the suites it is in before it. */
  readonly test: string;
  /** What failed. */
  readonly failure: string;
  readonly plan: Plan;
  /** How many times as long as it says every delay takes: the host's own delays are small beside that. */
  readonly slower: number;
  /** Path of the test's file, and its code without types. */
  readonly file: string;
  readonly code: string;
  /** Path of the script. */
  readonly path: string;
}

/** The text of a script. Needs rolldown, which reads the code. */
export async function plainScript(script: PlainScript): Promise<string> {
  const { test, failure, plan, slower, path } = script;
  const { imports, names, body } = await testCode(script);
  const list = (items: readonly object[]): string =>
    items.length === 0 ? '[]' : `[\n${items.map((item) => `    ${JSON.stringify(item)},\n`).join('')}  ]`;
  const constants = `/** What is done when, in milliseconds. */
const $plan = {
  test: ${JSON.stringify(test)},
  operations: ${list(plan.operations)},
  aborts: ${list(plan.aborts)},
  stalls: ${list(plan.stalls)},
  jumps: ${list(plan.jumps)},
  drawn: ${JSON.stringify(plan.drawn)},
  giveUpMs: ${plan.giveUpMs},
  // Every delay takes so many times as long, so that those of the machine do not matter.
  slower: ${slower},
};`;
  const head = [
    `// ${test.replaceAll('\n', ' ')}`,
    `// ${failure.replaceAll('\n', ' ')}`,
    '//',
    `// node ${relative(dirname(path), path)}   ends with 1 and says what failed, or with 0 if nothing did.`,
  ];
  return [
    ...head,
    "import $assert from 'node:assert';",
    "import { inspect as $inspect, isDeepStrictEqual as $isDeepStrictEqual } from 'node:util';",
    ...imports,
    '',
    constants,
    '',
    '// The test begins at the end of this file. Between here and there is what it was written with: a clock, a few assertions.',
    STAND_INS,
    `const { ${names.join(', ')} } = $tools;`,
    '',
    `// From ${relative(dirname(path), script.file)}.`,
    body.trim(),
    '',
  ].join('\n');
}

interface TestCode {
  readonly imports: readonly string[];
  /** What the test imports of what the script brings: `name` or `name: local`. */
  readonly names: readonly string[];
  readonly body: string;
}

async function testCode({ file, code, path }: PlainScript): Promise<TestCode> {
  const { parseSync, Visitor } = await import('rolldown/utils');
  const { program } = parseSync('test.js', code, { lang: 'js' });
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  const imports: string[] = [];
  const names = new Set<string>();
  const moved = (specifier: string): string => {
    if (!/^\.\.?\//.test(specifier)) return specifier;
    const fromHere = relative(dirname(path), resolve(dirname(file), specifier));
    return fromHere.startsWith('.') ? fromHere : `./${fromHere}`;
  };
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration') continue;
    const { start, end, source, specifiers } = statement;
    edits.push({ start, end, text: '' });
    if (OURS.includes(source.value)) {
      for (const { local, ...specifier } of specifiers) {
        const imported =
          'imported' in specifier && specifier.imported.type === 'Identifier' ? specifier.imported.name : local.name;
        names.add(imported === local.name ? imported : `${imported}: ${local.name}`);
      }
      continue;
    }
    const text = code.slice(start, source.start) + JSON.stringify(moved(source.value)) + code.slice(source.end, end);
    imports.push(text);
  }
  new Visitor({
    ImportExpression({ source }) {
      if (source.type !== 'Literal' || typeof source.value !== 'string') return;
      edits.push({ start: source.start, end: source.end, text: JSON.stringify(moved(source.value)) });
    },
  }).visit(program);
  let body = code;
  for (const { start, end, text } of edits.sort((a, b) => b.start - a.start))
    body = body.slice(0, start) + text + body.slice(end);
  return { imports, names: [...names], body };
}
