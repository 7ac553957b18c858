/** What a failure's message tells of a mesh: the way of what is concerned, and not what else happened. */
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { Violation } from '../sim/invariant/invariant.ts';
import { causalEvents } from '../sim/report/model/causes.ts';
import { failureLines } from '../sim/report/model/failure.ts';
import { runScenario } from '../sim/scenario/run/run.ts';
import { MESH_EXAMPLE } from './scenario/example.ts';
import type { MeshScenario } from './simplify/edit.ts';
import { failuresThatFit } from './subjects.testing.ts';
import { meshSubjects } from './subjects.ts';
import { meshWorld } from './world.ts';

const submit = (key: string, node: number, at = 0) =>
  ({ key, at, kind: 'submit', node, action: { kind: 'reduce_heat', blob: 1n, by: 1 } }) as const;

const scenario = (parts: Partial<MeshScenario>): MeshScenario => ({
  ...MESH_EXAMPLE,
  seeded: [],
  workload: [submit('mine', 1), submit('other', 1), submit('far', 2)],
  faults: [],
  ...parts,
});

type Where = Readonly<Record<string, string | number | bigint>>;

/** Kinds of the events told for a violation at the first event that `where` picks, each with what says whose it is. */
async function told(of: MeshScenario, where: Where, message = ''): Promise<readonly string[]> {
  const { trace = [] } = await runScenario(meshWorld, of, { keepTrace: true });
  const event = trace.findIndex(
    ({ kind, fields }) =>
      kind === where.kind && Object.entries(where).every(([name, value]) => name === 'kind' || fields[name] === value),
  );
  expect(event).toBeGreaterThan(0);
  return causalEvents(trace, { event: event + 1, message }, meshSubjects(), 20).map(({ record: { kind, fields } }) =>
    [kind, fields.op ?? fields.id ?? fields.seq ?? fields.fault ?? fields.change]
      .filter((one) => one !== undefined)
      .join(' '),
  );
}

describe('what led to an event of the mesh', () => {
  it('is the way of an action from its submission on, and of no other', async () => {
    const append = { kind: 'append-action', node: 1, id: 1n };
    expect(await told(scenario({}), append)).toEqual([
      'offer mine',
      'take mine',
      'enqueue 1',
      'dequeue 1',
      'admit 1',
      'dispatch 1',
      'dispatch-end 1',
      'log-append 1',
      'fold 1',
      'append-action 1',
    ]);
  });

  it('goes from an entry folded on another node back to the operation that it records', async () => {
    const kinds = await told(scenario({}), { kind: 'fold', node: 2, chain: 1 });
    expect(kinds).toEqual(
      expect.arrayContaining(['offer mine', 'take mine', 'append-action 1', 'send 1', 'deliver 1']),
    );
    expect(kinds.join()).not.toContain('other');
    expect(kinds.join()).not.toContain('far');
  });

  it('has the faults that struck it, and the crashes and pauses of its node', async () => {
    const target = { op: 'mine', attempt: 1, times: 1 };
    const faults = [
      { key: 'f1', at: 0, kind: 'dispatch-error', target, reason: 'down', forMs: 3000 },
      { key: 'f2', at: 0, kind: 'dispatch-error', target: { ...target, op: 'other' }, reason: 'down', forMs: 3000 },
      { key: 'f3', at: 100, kind: 'node-pause', node: 1, forMs: 50 },
      { key: 'f4', at: 100, kind: 'node-pause', node: 2, forMs: 50 },
    ] as const;
    const kinds = await told(scenario({ faults }), { kind: 'append-failure', node: 1 });
    expect(kinds).toEqual(expect.arrayContaining(['injected f1', 'fault f1', 'pause', 'resume', 'release 1']));
    expect(kinds.filter((kind) => kind.endsWith('f2') || kind === 'pause')).toEqual(['pause']);
  });

  it('has the gate that an action met', async () => {
    const daemon = { id: 1n, name: 'd' };
    const workload = [
      { key: 'gates', at: 0, kind: 'gate-daemon', node: 1, daemon, forMs: 5000 },
      { key: 'gated', at: 1, kind: 'submit', node: 1, action: { kind: 'start_daemon', daemon } },
    ] as const;
    const kinds = await told(scenario({ workload }), { kind: 'append-action', node: 1 });
    expect(kinds).toEqual(expect.arrayContaining(['gate', 'take gated']));
  });

  it('is about what the message names, where the event is about nothing', async () => {
    const settled = { kind: 'settled' };
    expect(await told(scenario({}), settled, 'expected other to have ended, found none')).toContain('take other');
    const named = await told(scenario({}), settled, 'expected action 2 of node 1 to have ended, found none');
    expect(named).toEqual(expect.arrayContaining(['dispatch 2', 'take other']));
    const entry = await told(scenario({}), settled, 'expected entry 1 of chain 2 on node 1, found none');
    expect(entry).toContain('offer far');
  });

  it('is the edges of backpressure, where they are concerned', async () => {
    const config = { ...MESH_EXAMPLE.config, backpressureOn: 2, backpressureOff: 0 };
    const kinds = await told(scenario({ config }), { kind: 'hook', node: 1, change: 'released' });
    expect(kinds).toEqual(expect.arrayContaining(['depth asserted', 'hook asserted', 'depth released']));
    expect(kinds.every((kind) => /^(depth|hook|crash|boot)/.test(kind))).toBe(true);
  });
});

describe('every message of a failure', () => {
  it('fits a screen of 25 lines of 100 columns and tells more than its last event', async () => {
    expect(await failuresThatFit('swarm', 2n)).toBeGreaterThan(2);
  });

  it('fits a screen and names its code, of whichever invariant, with long texts', () => {
    const colors = picocolors.createColors(false);
    const long = 'a word and '.repeat(400);
    const trace = Array.from({ length: 60 }, (_, i) => {
      return { atMs: i, task: 'n1/i0/executor', kind: 'offer', fields: { node: 1, inc: 0, op: 'k1', input: long } };
    });
    const size = { operations: 99_999, faults: 999, choices: 999 } as const;
    const replay = `npx sim replay ${'deep/'.repeat(30)}file.yaml`;
    const all = meshWorld.invariants.map(({ id }, i) => ({
      invariant: id,
      atMs: 59,
      event: 60 - i,
      message: `k1 ${long}`,
    }));
    expect(all.length).toBeGreaterThan(20);
    const forms: readonly Partial<Violation>[] = [
      {},
      { atEnd: true },
      { difference: { expected: long, found: `${long}!` } },
    ];
    for (const broken of all) {
      for (const form of forms) {
        const violation = { ...broken, ...form };
        const lines = failureLines(
          {
            run: { seed: 2n ** 64n - 1n, violations: [violation, ...all], trace },
            violation,
            world: meshWorld,
            shrunk: { from: size, to: size, minimal: true },
            replay,
            next: replay,
          },
          colors,
        );
        expect(lines.length).toBeLessThanOrEqual(25);
        // A command that does not fit stands in a line of its own, whole, so that it can be copied.
        expect(lines.filter((line) => line.length > 100 && line !== replay)).toEqual([]);
        expect(lines[0]).toContain(`${broken.invariant}: `);
        expect(lines.filter((line) => line.startsWith('  code '))).toHaveLength(1);
        expect(lines).toContain('  what led to it');
      }
    }
  });
});

describe('the code of an invariant', () => {
  it('is a file that is there, for each of them', async () => {
    const { existsSync } = await import('node:fs');
    for (const { id } of meshWorld.invariants) expect(existsSync(meshWorld.codeOf?.(id) ?? '')).toBe(true);
  });
});
