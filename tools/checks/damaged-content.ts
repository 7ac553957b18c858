/**
 * Files that are no scenarios because of what they consist of: aliases and merges of YAML, odd texts, bytes that are not
 * text, and things that are not files.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { type DamagedFile, edits, file, MIB, replaced } from './damaged-file.ts';

export function aliases(yaml: string): DamagedFile[] {
  const bomb = (levels: number, width: number): string =>
    Array.from({ length: levels }, (_, i) => `a${i}: &a${i} [${Array(width).fill(i === 0 ? 'x' : `*a${i - 1}`)}]`).join(
      '\n',
    );
  const laughs = (levels: number): string =>
    Array.from(
      { length: levels },
      (_, i) => `b${i}: &b${i} { x: *${i === 0 ? 'b' : `b${i - 1}`}, y: *${i === 0 ? 'b' : `b${i - 1}`} }`,
    ).join('\n');
  return [
    file('bomb-1.yaml', bomb(9, 9)),
    file('bomb-2.yaml', bomb(30, 2)),
    file('bomb-3.yaml', `${yaml}${bomb(50, 10)}\n`),
    file('bomb-4.yaml', `b: &b { z: 1 }\n${laughs(40)}\n`),
    file('bomb-5.yaml', `a: &a [${'x, '.repeat(1000)}x]\nb: [${'*a, '.repeat(500)}*a]\n`),
    ...edits('cycle', yaml, [
      ['config:', 'config: &c\n  self: *c'],
      ['workload:', 'workload: &w\n  - *w'],
      ['{ key: k1', '&k { self: *k, key: k1'],
      ['[ msgpack, postcard ]', '&l [ *l, postcard ]'],
      ['world: mesh', 'world: &w [ { a: [ *w ] } ]'],
    ]),
    file('cycle-6.yaml', '&a [ *a ]'),
    file('cycle-7.yaml', '&a { b: &b { c: [ *a, *b ] } }'),
    ...edits('alias', yaml, [
      ['world: mesh', 'world: *mesh'],
      ['world: mesh', 'world: *w\nx: &w mesh'],
      ['world: mesh', 'world: &w mesh\n*w : mesh'],
    ]),
  ];
}

/** Merge keys, which YAML 1.2 does not have. */
export function merges(yaml: string): DamagedFile[] {
  return edits('merge', yaml, [
    ['config:', 'x: &x { nodes: 2 }\nconfig:\n  <<: *x'],
    ['config:', 'config: &c\n  <<: *c'],
    ['key: k1', '<<: { key: k9 }, key: k1'],
    ['  nodes: 2', '  <<: [ { nodes: 2 } ]'],
  ]);
}

/** Names and texts that no keyboard writes. */
export function oddTexts(yaml: string): DamagedFile[] {
  return [
    ...edits('odd', yaml, [
      ['world: mesh', `${'w'.repeat(1000)}: mesh`],
      ['world: mesh', `? "${'w'.repeat(MIB)}"\n: mesh`],
      ['world: mesh', `world: "${'m'.repeat(MIB)}"`],
      ['world: mesh', 'wo\u200brld: mesh'],
      ['world: mesh', 'world: \u202emesh'],
      ['world: mesh', 'w\u043erld: mesh'],
      ['world: mesh', '\ufeffworld: mesh'],
      ['world: mesh', 'world: mesh\u2028'],
      ['kind: submit', 'kind: submi\u0074\u0301'],
      ['key: k1', `key: "${'\u{1f600}'.repeat(65)}"`],
    ]),
    file('returns-1.yaml', replaced(yaml, 'world: mesh', 'world: mesh\nworld: mesh').replaceAll('\n', '\r\n')),
    file('returns-2.yaml', replaced(yaml, 'world: mesh', 'world: meshes').replaceAll('\n', '\r\n')),
    file('returns-3.yaml', yaml.replaceAll('\n', '\r')),
  ];
}

export function bytes(yaml: string): DamagedFile[] {
  let state = 1;
  const random = (length: number): Uint8Array =>
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    });
  const inserted = (text: string, ...found: readonly number[]): Uint8Array => {
    const at = yaml.indexOf(text);
    return Buffer.concat([Buffer.from(yaml.slice(0, at)), Uint8Array.from(found), Buffer.from(yaml.slice(at))]);
  };
  return [
    ...[16, 64, 1000, 5000, 100_000].map((length, i) => file(`random-${i + 1}.yaml`, random(length))),
    file('picture.yaml', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d])),
    file('zipped.yaml', Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])),
    file('utf16.yaml', Buffer.from(`\ufeff${yaml}`, 'utf16le')),
    file('zeros.yaml', new Uint8Array(4096)),
    file('latin1.yaml', Buffer.from(yaml.replace('a line', 'une ligne d\u00e9cod\u00e9e'), 'latin1')),
    file('nul.yaml', inserted('mesh', 0)),
    file('escape.yaml', inserted('mesh', 0x1b, 0x5b, 0x32, 0x4a)),
    file('bell.yaml', inserted('postcard', 7)),
    file('delete.yaml', inserted('postcard', 0x7f)),
    file('surrogate.yaml', inserted('mesh', 0xed, 0xa0, 0x80)),
    file('overlong.yaml', inserted('mesh', 0xc0, 0xaf)),
    file('half.yaml', inserted('k1', 0xe2, 0x82)),
  ];
}

/** What stands at the path is not a file, or has a size that no scenario has. */
export function otherThings(yaml: string): DamagedFile[] {
  const thing = (name: string, write: DamagedFile['write']): DamagedFile => ({ name, placed: false, write });
  return [
    thing('huge-1.yaml', (path) => {
      writeFileSync(path, yaml);
      truncateSync(path, 50 * MIB);
    }),
    thing('huge-2.json', (path) => writeFileSync(path, `[${' '.repeat(50 * MIB)}]`)),
    thing('huge-3.yaml', (path) => writeFileSync(path, `${yaml}${'#'.repeat(4 * MIB)}`)),
    thing('folder.yaml', (path) => mkdirSync(path)),
    thing('pipe.yaml', (path) => execFileSync('mkfifo', [path])),
    thing('nowhere.yaml', (path) => symlinkSync('no-such-file', path)),
    thing('itself.yaml', (path) => symlinkSync(path, path)),
    thing('endless.yaml', (path) => symlinkSync('/dev/zero', path)),
    thing('null.yaml', (path) => symlinkSync('/dev/null', path)),
    thing('missing.yaml', () => undefined),
    // A user who may read everything finds half a scenario.
    thing('closed.yaml', (path) => writeFileSync(path, yaml.slice(0, yaml.length / 4), { mode: 0 })),
  ];
}
