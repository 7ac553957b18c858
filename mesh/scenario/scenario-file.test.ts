/** Mesh scenarios as files: what is generated can be written and read, and is then the same run; what could not be is refused. */
import { describe, expect, it } from 'vitest';
import { mistakeLine } from '../../sim/scenario/file/mistake.ts';
import { parseScenario } from '../../sim/scenario/file/read.ts';
import { writeScenario } from '../../sim/scenario/file/write.ts';
import { runScenario } from '../../sim/scenario/run/run.ts';
import { loadWorld } from '../../sim/sweep/source.ts';
import { MESH_EXAMPLE } from './example.ts';
import { expectReadAsWritten, expectSameRuns } from './scenario-file.testing.ts';

const world = await loadWorld({ module: new URL('../world.ts', import.meta.url).href, name: 'meshWorld' });

describe('a generated scenario', () => {
  it.each(['calm', 'swarm', 'storm'] as const)('is the same after writing and reading (%s)', async (profile) => {
    await expectReadAsWritten(profile, 1n, 10n);
  });

  it('runs the same from its file', async () => {
    await expectSameRuns(1n, 4n);
  });
});

describe('the example to start from', () => {
  it('holds, with its faults injected, at a time and at an event, and its witness reached', async () => {
    const run = await runScenario(world, MESH_EXAMPLE);
    expect(run).toMatchObject({ verdict: 'held', marks: { 'dispatch.ok-after-retry': expect.any(Number) } });
    expect(run).not.toHaveProperty('notInjected');
    expect(MESH_EXAMPLE.faults.map(({ at }) => typeof at)).toEqual(['number', 'object']);
  });
});

/** The example as YAML, with one text replaced. */
async function told(text: string, replacement: string): Promise<readonly string[]> {
  const written = await writeScenario(world, MESH_EXAMPLE);
  expect(written).toContain(text);
  const read = await parseScenario(world, Buffer.from(written.replace(text, replacement)));
  return read.ok ? [] : read.mistakes.map((mistake) => mistakeLine('f.yaml', mistake));
}

describe('a mesh scenario file is refused', () => {
  it.each([
    [
      'backpressureOff: 5',
      'backpressureOff: 20',
      'f.yaml:16:20: config.backpressureOff: expected less than backpressureOn (20), as strict semantics want it; found 20',
    ],
    [
      '[ msgpack, postcard ]',
      '[ msgpack ]',
      'f.yaml:9:11: config.codecs: expected one codec a node; found a list of 1',
    ],
    ['node: 1, action', 'node: 3, action', 'f.yaml:34:43: workload[0].node: expected a node from 1 to 2; found 3'],
    [
      'op: k1',
      'op: k3',
      'f.yaml:43:19: faults[0].target.op: expected the key of a submit, or FAULT/n of a queue-burst; found "k3"',
    ],
    [
      'op: k1',
      'op: f1/1',
      'f.yaml:43:19: faults[0].target.op: expected the key of a submit, or FAULT/n of a queue-burst; found "f1/1"',
    ],
    [
      'op: k4',
      'op: k5',
      'f.yaml:46:60: faults[1].at.where.op: expected the key of an operation or a fault, or FAULT/n of a queue-burst; found "k5"',
    ],
    ['op: k1', 'op: 1', 'f.yaml:43:19: faults[0].target.op: expected text; found 1'],
    ['kind: log', 'kind: lag', 'f.yaml:36:30: workload[2].kind: expected log (nearest of 8); found "lag"'],
    [
      'faults:\n',
      'faults:\n  - { key: f9, at: 0, kind: backend-dead, forMs: 9, node: 2, backend: b3 }\n',
      'f.yaml:39:71: faults[0].backend: expected a backend that is registered on node 2 at some time; found "b3"',
    ],
    [
      'faults:\n',
      'faults:\n  - { key: f9, at: 0, kind: link-loss, forMs: 9, from: 2, to: 2, percent: 9 }\n',
      'f.yaml:39:63: faults[0].to: expected another node than `from`; found 2',
    ],
    [
      'faults:\n',
      'faults:\n  - { key: f9, at: 0, kind: partition, forMs: 9, nodes: [1, 4], oneWay: true }\n',
      'f.yaml:39:61: faults[0].nodes[1]: expected a node from 1 to 2; found 4',
    ],
    [
      'chain: 7',
      'chain: 0x10000000000000000',
      'f.yaml:34:83: workload[0].action.chain: expected an id from 0 to 2^64 - 1; found 18446744073709551616',
    ],
    [
      'chain: 7',
      'chain: seven',
      'f.yaml:34:83: workload[0].action.chain: expected an id: a whole number from 0 up, above 2^53 as a string of decimal digits; found "seven"',
    ],
  ])('with %j written %j', async (text, replacement, line) => {
    expect(await told(text, replacement)).toEqual([line]);
  });

  it('unless what it names is there', async () => {
    const burst = '{ key: f8, at: 5, kind: queue-burst, node: 1, actions: [{ kind: drop_replica, chain: 1 }] }';
    expect(await told('faults:\n', `faults:\n  - ${burst}\n`)).toEqual([]);
    const slow =
      '{ key: f9, at: 5, kind: dispatch-slow, forMs: 9, target: { op: f8/1, attempt: 1, times: 1 }, extraMs: 3 }';
    expect(await told('faults:\n', `faults:\n  - ${burst}\n  - ${slow}\n`)).toEqual([]);
    const register = '{ key: k9, at: 5, kind: register-backend, node: 1, backend: late, live: true }';
    const dead = '{ key: k8, at: 4, kind: set-backend-live, node: 1, backend: late, live: false }';
    expect(await told('workload:\n', `workload:\n  - ${register}\n  - ${dead}\n`)).toEqual([]);
  });
});
