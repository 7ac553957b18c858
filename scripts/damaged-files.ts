/**
 * 318 files that are no scenarios, each damaged in its own way: what people mistype, what editors and disks leave behind,
 * and what somebody might send on purpose. Made from one good scenario, always the same.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MESH_EXAMPLE } from '../sim/mesh/example.ts';
import { meshWorld } from '../sim/mesh/world.ts';
import { writeScenario } from '../sim/scenario/write.ts';

export interface DamagedFile {
  /** Of the file, too; says what was done to it. */
  readonly name: string;
  /** Whether what is wrong has a line and a column. */
  readonly placed: boolean;
  write(path: string): void;
}

const MIB = 1024 * 1024;

/** The good scenario as it is written, and as JSON. */
export async function goodTexts(): Promise<{ readonly yaml: string; readonly json: string }> {
  const yaml = await writeScenario(meshWorld, { ...MESH_EXAMPLE, choices: { 'op:k1/latency': 3 } });
  const { expect, seed, ...rest } = MESH_EXAMPLE;
  const plain = { ...rest, seed: String(seed), expect: 'holds' };
  return { yaml, json: JSON.stringify(plain, (_key, value) => (typeof value === 'bigint' ? Number(value) : value), 2) };
}

export async function damagedFiles(): Promise<readonly DamagedFile[]> {
  const { yaml, json } = await goodTexts();
  return [
    ...truncated(yaml, json),
    ...wrongTypes(yaml),
    ...wrongFields(yaml),
    ...wrongReferences(yaml),
    ...wrongNumbers(yaml),
    ...otherSyntax(yaml, json),
    ...aliases(yaml),
    ...merges(yaml),
    ...oddTexts(yaml),
    ...bytes(yaml),
    ...otherThings(yaml),
  ];
}

function file(name: string, content: string | Uint8Array, placed = true): DamagedFile {
  return { name, placed, write: (path) => writeFileSync(path, content) };
}

/** The text with one part replaced, which it has to have. */
function replaced(text: string, part: string, replacement: string): string {
  if (!text.includes(part)) throw new Error(`the good scenario has no ${JSON.stringify(part)}`);
  return text.replace(part, () => replacement);
}

/** A file for each replacement. */
function edits(
  kind: string,
  text: string,
  list: readonly (readonly [part: string, replacement: string])[],
): DamagedFile[] {
  return list.map(([part, replacement], i) => file(`${kind}-${i + 1}.yaml`, replaced(text, part, replacement)));
}

function jsonEdits(json: string, list: readonly (readonly [part: string, replacement: string])[]): DamagedFile[] {
  return list.map(([part, replacement], i) => file(`json-${i + 1}.json`, replaced(json, part, replacement)));
}

/** Cut before the last field without which it is no scenario; JSON anywhere. */
function truncated(yaml: string, json: string): DamagedFile[] {
  const end = yaml.indexOf('\nfaults:');
  return [
    ...Array.from({ length: 36 }, (_, i) => file(`cut-${i}.yaml`, yaml.slice(0, Math.floor((end * i) / 36)))),
    ...Array.from({ length: 24 }, (_, i) => file(`cut-${i}.json`, json.slice(0, Math.floor((json.length * i) / 24)))),
  ];
}

const OTHER_TYPES = ['null', '"text"', '[]', '{}', 'true', '[1, 2]', '{ a: 1 }', '-3', '0.5'];

/** Every line `field: value` with a value of another type. */
function wrongTypes(yaml: string): DamagedFile[] {
  const fields = [...yaml.matchAll(/^( *)(\w+): (\S.*)$/gm)].filter(
    ([, , field]) => field !== 'name' && field !== 'why',
  );
  return fields.map(([line, indent, field], i) => {
    const other = OTHER_TYPES[i % OTHER_TYPES.length] ?? '';
    // Some of these fields do take a text, or a map.
    const value = other === '"text"' && /(?<!epoch)Ms$|ode|Ring|Chain/.test(field ?? '') ? '"12"' : other;
    return file(
      `type-${field}-${i}.yaml`,
      replaced(yaml, line, `${indent}${field}: ${value === 'true' ? '[[1]]' : value}`),
    );
  });
}

function wrongFields(yaml: string): DamagedFile[] {
  const twice = [
    'format: 1',
    'world: mesh',
    'seed: "1"',
    '  nodes: 2',
    '  epochMs: 1700000000000',
    '    hintMs: 100',
    'faults:',
  ];
  return [
    ...edits('unknown', yaml, [
      ['world: mesh', 'worlds: mesh'],
      ['world: mesh', 'world: mesh\ncomment: hello'],
      ['  nodes: 2', '  nodes: 2\n  node: 2'],
      ['maxMs: 10', 'maxMs: 10, meanMs: 5'],
      ['key: k1', 'kee: k1'],
      ['key: k1', 'key: k1, until: 5'],
      ['source: 2', 'source: 2, target: 1'],
      ['    hintMs: 100', '    hintMs: 100\n    hint: 100'],
      ['times: 1', 'times: 1, percent: 3'],
      ['expect: holds', 'expect: { holds: true }'],
      ['expect: holds', 'expect: { violates: no-crash, why: x }'],
      ['world: mesh', 'world: mesh\nfound: { seed: "1", by: me }'],
      ['world: mesh', 'world: mesh\n<<: { a: 1 }'],
      ['world: mesh', 'world: mesh\nconstructor: x'],
      ['  nodes: 2', '  nodes: 2\n  toString: 1'],
    ]),
    ...edits('missing', yaml, [
      ['format: 1\n', ''],
      ['world: mesh\n', ''],
      ['seed: "1"\n', ''],
      ['  nodes: 2\n', ''],
      ['key: k2, ', ''],
      ['at: 10, ', ''],
      [', chain: 7', ''],
      ['    hintMs: 100\n', ''],
      ['workload:', 'found:'],
    ]),
    ...edits('twice', yaml, [
      ...twice.map((line) => [line, `${line}\n${line}`] as const),
      ['key: k1', 'key: k1, key: k1'],
      ['chain: 7', 'chain: 7, chain: 7'],
      ['  op:k1/latency: 3', '  op:k1/latency: 3\n  "op:k1/latency": 3'],
    ]),
    ...edits('proto', yaml, [
      ['world: mesh', 'world: mesh\n__proto__: { polluted: true }'],
      ['world: mesh', 'world: mesh\n"__proto__": 1'],
      ['  nodes: 2', '  nodes: 2\n  __proto__: { nodes: 3 }'],
      ['key: k1', '__proto__: {}, key: k1'],
      ['chain: 7', '"__proto__": { chain: 8 }, chain: 7'],
      ['  op:k1/latency: 3', '  __proto__: 3'],
      ['  op:k1/latency: 3', '  "\\u005f_proto__": 3'],
      ['times: 1', 'times: 1, __proto__: null'],
    ]),
  ];
}

function wrongReferences(yaml: string): DamagedFile[] {
  return edits('refers', yaml, [
    ['format: 1', 'format: 2'],
    ['format: 1', 'format: "1"'],
    ['format: 1', 'format: 0'],
    ['format: 1', 'format: [1]'],
    ['format: 1', 'format: next'],
    ['world: mesh', 'world: toy'],
    ['semantics: strict', 'semantics: lax'],
    ['semantics: strict', 'semantics: Strict'],
    ['key: k2', 'key: k1'],
    ['key: f1', 'key: k1'],
    ['key: k1', 'key: k/1'],
    ['key: k1', 'key: ""'],
    ['key: k1', `key: ${'k'.repeat(65)}`],
    ['op: k1', 'op: k9'],
    ['op: k1', 'op: k3'],
    ['op: k1', 'op: f1/1'],
    ['node: 1, action', 'node: 3, action'],
    ['kind: submit', 'kind: submits'],
    ['kind: dispatch-retry', 'kind: dispatch-retries'],
    ['kind: pull_replica', 'kind: pull-replica'],
    ['level: info', 'level: notice'],
    ['[ msgpack, postcard ]', '[ msgpack, protobuf ]'],
    ['[ msgpack, postcard ]', '[ msgpack ]'],
    ['backpressureOff: 5', 'backpressureOff: 50'],
    ['minMs: 1, maxMs: 10', 'minMs: 11, maxMs: 10'],
    ['dispatch.ok-after-retry', 'dispatch.ok-after-retries'],
    ['expect: holds', 'expect: { violates: ring-fifos }'],
    ['expect: holds', 'expect: fails'],
    ['  op:k1/latency: 3', '  "/": 3'],
    ['  op:k1/latency: 3', '  1: 3'],
  ]);
}

function wrongNumbers(yaml: string): DamagedFile[] {
  const huge = '9'.repeat(400);
  return edits('number', yaml, [
    ['seed: "1"', 'seed: "18446744073709551616"'],
    ['seed: "1"', 'seed: 18446744073709551616'],
    ['seed: "1"', 'seed: -1'],
    ['seed: "1"', 'seed: 1e3.5'],
    ['seed: "1"', 'seed: "0x1"'],
    ['seed: "1"', `seed: ${huge}`],
    ['seed: "1"', `seed: "${huge}"`],
    ['  nodes: 2', '  nodes: 6'],
    ['  nodes: 2', '  nodes: 0'],
    ['  nodes: 2', `  nodes: ${huge}`],
    ['  nodes: 2', `  nodes: ${'1'.repeat(100_000)}`],
    ['at: 10', 'at: 1e309'],
    ['at: 10', 'at: .inf'],
    ['at: 10', 'at: .nan'],
    ['at: 10', 'at: 9007199254740993'],
    ['at: 10', 'at: 86400001'],
    ['at: 10', 'at: 0xffffffffffffffffff'],
    ['chain: 7', 'chain: 18446744073709551616'],
    ['chain: 7', 'chain: -7'],
    ['chain: 7', 'chain: 7.5'],
    ['chain: 7', `chain: ${huge}`],
    ['  op:k1/latency: 3', '  op:k1/latency: 4294967296'],
    ['  op:k1/latency: 3', '  op:k1/latency: -1'],
  ]);
}

function otherSyntax(yaml: string, json: string): DamagedFile[] {
  const deep = (opening: string, closing: string): string => `${opening.repeat(50_000)}${closing.repeat(50_000)}`;
  return [
    ...edits('tab', yaml, [
      ['  nodes: 2', '\tnodes: 2'],
      ['  epochMs', '\t  epochMs'],
      ['  - { key: k1', '\t- { key: k1'],
      ['    hintMs: 100', '  \thintMs: 100'],
      ['config:\n', 'config:\n\t# a comment\n\tx: 1\n'],
      ['witness:\n', 'witness:\n\t- a\n'],
    ]),
    ...edits('tag', yaml, [
      ['world: mesh', 'world: !!js/function "mesh"'],
      ['world: mesh', 'world: !!binary bWVzaA=='],
      ['name: example', 'name: !mine example'],
      ['config:', 'config: !!set'],
      ['why: ', 'why: !!python/object/apply:os.system '],
    ]),
    ...edits('indent', yaml, [
      ['  nodes: 2', ' nodes: 2'],
      ['  epochMs', '   epochMs'],
      ['config:\n  nodes', 'config:\nnodes'],
      ['    hintMs: 100', '   hintMs: 100'],
      ['    hintMs: 100', '  hintMs: 100'],
      ['workload:\n  - {', 'workload:\n  -{'],
      ['workload:\n  - {', 'workload:\n  {'],
      ['  - dispatch.ok', '  dispatch.ok'],
    ]),
    ...edits('quote', yaml, [
      ['world: mesh', 'world: "mesh'],
      ['world: mesh', "world: 'mesh"],
      ['world: mesh', 'world: "\\q"'],
      ['key: k1', 'key: k1 }'],
      ['key: k1', '{ key: k1'],
      ['[ msgpack,', '[ msgpack'],
      ['world: mesh', 'world: mesh: mesh'],
      ['world: mesh', 'world: mesh\n world: mesh'],
      ['world: mesh', '@world: mesh'],
    ]),
    file('documents-1.yaml', `${yaml}---\n${yaml}`),
    file('documents-2.yaml', `--- x\n--- y\n`),
    file('nothing-1.yaml', ''),
    file('nothing-2.yaml', '# only a comment\n'),
    file('nothing-3.json', 'null'),
    file('list.json', `[${json}]`),
    file('text.yaml', 'just a text\n'),
    file('number.json', '42'),
    ...jsonEdits(json, [
      ['"format": 1,', '"format": 1'],
      ['"format": 1', '"format" 1'],
      ['"format": 1', '"format": 1, "format": 1'],
      ['"format": 1', '"Format": 1'],
      ['"format": 1', '"format": NaN'],
      ['"format": 1', '"format": None'],
      ['"format": 1', '"format": 1 // the only one'],
      ['"format": 1', '"format": 1, "__proto__": { "format": 1 }'],
      ['"nodes": 2', '"nodes": "2"'],
      ['"nodes": 2', '"nodes": 2e'],
      ['"nodes": 2', '"nodes": [2]'],
      ['"nodes": 2', '"nodes": 2.5'],
      ['"nodes": 2', '"nodes": 2, "nodes": 2'],
      ['"nodes": 2', '"nodes": Infinity'],
      ['"workload": [', '"workload": {'],
      ['"workload": [', '"workload": [null,'],
      ['"workload": [', '"workload": [[],'],
      ['"workload": [', '"workload": [{},'],
      ['"seed": "1"', '"seed": "1'],
      ['"seed": "1"', '"seed": "\\u0031x"'],
      ['"seed": "1"', '"seed": "\\ud800"'],
      ['"seed": "1"', '"seed": {"low": 1, "high": 0}'],
      ['"key": "k1"', '"key": "k\\u0000"'],
    ]),
    file('deep-1.yaml', deep('[', ']')),
    file('deep-2.json', deep('{"a":', '}')),
    file('deep-3.yaml', '- '.repeat(50_000)),
    file('deep-4.yaml', Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')),
    file('deep-5.yaml', '['.repeat(50_000)),
    file('many-1.yaml', '}'.repeat(3 * MIB)),
    file('many-2.yaml', 'a:\n'.repeat(MIB)),
    file('many-3.json', `[${'1,'.repeat(MIB)}1]`),
  ];
}

function aliases(yaml: string): DamagedFile[] {
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
function merges(yaml: string): DamagedFile[] {
  return edits('merge', yaml, [
    ['config:', 'x: &x { nodes: 2 }\nconfig:\n  <<: *x'],
    ['config:', 'config: &c\n  <<: *c'],
    ['key: k1', '<<: { key: k9 }, key: k1'],
    ['  nodes: 2', '  <<: [ { nodes: 2 } ]'],
  ]);
}

/** Names and texts as no keyboard writes them. */
function oddTexts(yaml: string): DamagedFile[] {
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

function bytes(yaml: string): DamagedFile[] {
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

/** What stands at the path is not a file, or not one of a size that a scenario has. */
function otherThings(yaml: string): DamagedFile[] {
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
    // Who may read everything finds half a scenario.
    thing('closed.yaml', (path) => writeFileSync(path, yaml.slice(0, yaml.length / 4), { mode: 0 })),
  ];
}

/** Writes the files into a folder; gives the path of each. */
export function writeDamaged(folder: string, files: readonly DamagedFile[]): readonly string[] {
  return files.map((damaged) => {
    const path = join(folder, damaged.name);
    damaged.write(path);
    return path;
  });
}
