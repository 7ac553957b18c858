/** Every link and every file name in the documents leads somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const DOCS = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.md'));
const PAGES = ['README.md', 'CHANGELOG.md', 'test-data/vectors/README.md', ...DOCS.map((path) => join('docs', path))];
const LINK = /\]\(([^)\s]+)\)/g;
const FILE = /`((?:src|sim|mesh|tools|bench|properties|docs|scenarios|mutants)\/[\w./-]*)`/g;

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(page, 'utf8').replaceAll(/^```.*?^```$/gms, '');

  it('has no link that leads nowhere', () => {
    const links = [...text.matchAll(LINK)].map(([, target = '']) => target);
    expect(links.filter((target) => !leadsSomewhere(page, target))).toEqual([]);
  });

  it('names no file that is not there', () => {
    const files = [...text.matchAll(FILE)].map(([, path = '']) => path);
    expect(files.filter((path) => !existsSync(path))).toEqual([]);
  });
});

it('finds a link that leads nowhere, and a heading that is not there', () => {
  expect(leadsSomewhere('README.md', 'docs/glossary.md')).toBe(true);
  expect(leadsSomewhere('docs/glossary.md', 'architecture.md#limits')).toBe(true);
  expect(leadsSomewhere('docs/glossary.md', 'docs/glossary.md')).toBe(false);
  expect(leadsSomewhere('docs/glossary.md', 'architecture.md#no-such-heading')).toBe(false);
});

function leadsSomewhere(page: string, target: string): boolean {
  if (/^https?:/.test(target)) return true;
  const [path = '', heading] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(file)) return false;
  return heading === undefined || headingsOf(file).includes(heading);
}

/** As GitHub makes anchors of them. */
function headingsOf(file: string): readonly string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-'),
  );
}
