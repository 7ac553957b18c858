/**
 * 318 files that are no scenarios, each damaged in its own way: typing mistakes, what editors and disks leave behind, and
 * attacks. All are made from one good scenario, always the same.
 */
import { join } from 'node:path';
import { MESH_EXAMPLE } from '../../mesh/scenario/example.ts';
import { meshWorld } from '../../mesh/world.ts';
import { writeScenario } from '../../sim/scenario/file/write.ts';
import { aliases, bytes, merges, oddTexts, otherThings } from './damaged-content.ts';
import { type DamagedFile, edits, file, jsonEdits, MIB, replaced } from './damaged-file.ts';

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
    // Some of these fields do accept a text, or a map.
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

/** Writes the files into a folder. Returns the path of each. */
export function writeDamaged(folder: string, files: readonly DamagedFile[]): readonly string[] {
  return files.map((damaged) => {
    const path = join(folder, damaged.name);
    damaged.write(path);
    return path;
  });
}
