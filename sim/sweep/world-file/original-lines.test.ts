/** Code without its types stands where it stood, and does the same. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, transformSync } from 'rolldown/utils';
import { describe, expect, it } from 'vitest';
import { onOriginalLines } from './original-lines.ts';

function placed(source: string): string {
  const { code, map } = transformSync('a.ts', source, { sourcemap: true });
  return onOriginalLines(code, map?.mappings ?? '');
}

/** What code means, wherever it stands. */
function meaning(code: string): string {
  const { program, errors } = parseSync('a.js', code);
  expect(errors).toEqual([]);
  return JSON.stringify(program, (key, value) => {
    if (key === 'start' || key === 'end') return undefined;
    return typeof value === 'bigint' ? String(value) : value;
  });
}

describe('code on its original lines', () => {
  it('keeps line and column of what stands behind types', () => {
    const source = 'interface A {\n  a: 1;\n}\n\nexport const f = (x: A): string => {\n  throw new Error("x");\n};';
    const lines = placed(source).split('\n');
    expect(lines[5]).toBe('  throw new Error("x");');
    expect(lines[4]).toMatch(/const f = \(x\) +=> +\{$/);
  });

  it.each([
    ['a value that begins in the next line', 'function f(a: number) {\n  return (\n    a && 1\n  );\n}'],
    ['a template with lines of its own', `const a = \`x\n  \${1 as number}.b\n\n \${2}\`\n  .trim();`],
    ['a comment at the end of a line', 'const a = 1; // one\nconst b = 2;\n// two\nb;'],
    ['an arrow behind a type of two lines', 'const f = (a: {\n  b: 1;\n}): void =>\n  g(a);'],
    [
      'a class with fields and accessors',
      'class A {\n  private a?: string;\n  static get\n  b(): number { return 1; }\n}',
    ],
  ])('keeps the meaning of %s', (_what, source) => {
    const { code } = transformSync('a.ts', source, { sourcemap: true });
    expect(meaning(placed(source))).toBe(meaning(code));
  });

  it('keeps the meaning of all sources of the folder around it, and the line of each throw', () => {
    const folder = join(import.meta.dirname, '..');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
    );
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) {
      const source = readFileSync(join(folder, file), 'utf8');
      const lines = placed(source);
      expect(meaning(lines), file).toBe(meaning(transformSync(file, source, { sourcemap: true }).code));
      const throws = (text: string): number[] =>
        text.split('\n').flatMap((line, at) => (/\bthrow new \w+/.test(line) ? [at + 1] : []));
      expect(throws(lines), file).toEqual(throws(source));
    }
  });
});
