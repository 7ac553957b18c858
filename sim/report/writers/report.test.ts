/** Texts and JSON of results: what scripts and people read, and what neither must ever find there. */
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { toyWorld } from '../../examples/toy-world.ts';
import type { TraceRecord } from '../../kernel/trace/trace.ts';
import type { RunResult } from '../../scenario/run/result.ts';
import { NOTHING_SEEN } from '../../sweep/result.testing.ts';
import type { SweepResult } from '../../sweep/result.ts';
import { replayCommand } from '../model/replay-command.ts';
import { colorsFor } from '../text/colors.ts';
import { conformJson, runJson, sweepJson } from './json.ts';
import { noteLine, progressLine, progressText } from './progress.ts';
import { conformText, runText, sweepText } from './terminal.ts';

const plain = picocolors.createColors(false);
const described = {
  origin: 'swarm · strict',
  world: { codeOf: (invariant: string) => `world/${invariant}.ts` },
  replay: (seed: bigint) => `npx sim run --seed ${seed}`,
  next: (seed: bigint) => `npx sim shrink --seed ${seed} -o seed-${seed}.yaml`,
};

const record = (atMs: number, fields: TraceRecord['fields']): TraceRecord => ({ atMs, task: 't', kind: 'k', fields });

const run: RunResult = {
  seed: 0xffff_ffff_ffff_ffffn,
  verdict: 'violated',
  digest: 'd'.repeat(64),
  events: 3,
  operations: 2,
  virtualMs: 900,
  faults: { 'node-crash': { planned: 2, injected: 1 } },
  violations: [
    { invariant: 'together', atMs: 7, event: 3, message: 'they differ', difference: { expected: '1', found: '2' } },
  ],
  marks: { arrived: 2 },
  trace: [record(1, { op: 'a' }), record(5, { op: 'b' }), record(7, { op: 'a' })],
};

const sweep: SweepResult = {
  ...NOTHING_SEEN,
  source: { world: { module: 'm', name: 'n' }, profile: 'swarm', semantics: 'strict' },
  runs: 100,
  failed: 1,
  failures: [{ seed: 17n, invariant: 'together', atMs: 7, message: 'they differ' }],
  troubles: new Map([['foreign-await', 1]]),
  problems: [{ seed: 9n, verdict: 'foreign-await', problem: 'waiting for carry-a1' }],
  digest: 'e'.repeat(64),
  events: 2000,
  operations: 300,
  virtualMs: 5000,
  seconds: 0.5,
  marks: { arrived: 12, 'lost-thrice': 0 },
  unmetMarks: ['lost-thrice'],
  faults: { loss: { planned: 3, injected: 2 } },
};

describe('the JSON of a run', () => {
  it('has the documented fields and no others', () => {
    expect(JSON.parse(runJson(run))).toEqual({
      seed: '18446744073709551615',
      verdict: 'violated',
      digest: 'd'.repeat(64),
      events: 3,
      operations: 2,
      virtualMs: 900,
      faults: { 'node-crash': { planned: 2, injected: 1 } },
      violations: [{ invariant: 'together', atMs: 7, message: 'they differ' }],
      marks: { arrived: 2 },
    });
  });

  it('says what went wrong with the run itself', () => {
    const stuck: RunResult = { ...run, verdict: 'foreign-await', problem: 'waiting for t' };
    expect(JSON.parse(runJson(stuck))).toMatchObject({ verdict: 'foreign-await', problem: 'waiting for t' });
    expect(JSON.parse(runJson({ ...run, undrawn: ['op:a/lost'] }))).toMatchObject({ undrawn: ['op:a/lost'] });
    expect(JSON.parse(runJson({ ...run, timers: ['an interval'] }))).toMatchObject({ timers: ['an interval'] });
  });
});

describe('the JSON of a sweep', () => {
  it('has the documented fields, and problems only when there are some', () => {
    const { problems, ...documented } = JSON.parse(sweepJson(sweep));
    expect(documented).toEqual({
      end: 'complete',
      runs: 100,
      cutShort: 0,
      failed: 1,
      failures: [{ seed: '17', invariant: 'together', scenario: null }],
      digest: 'e'.repeat(64),
      events: 2000,
      operations: 300,
      virtualMs: 5000,
      seconds: 0.5,
      runsPerSecond: 200,
      marks: { arrived: 12, 'lost-thrice': 0 },
      markRuns: {},
      unmetMarks: ['lost-thrice'],
      faults: { loss: { planned: 3, injected: 2 } },
      violation: { runs: 0, failed: 0, estimate: 0, low: 0, high: 1 },
      behaviours: { ...NOTHING_SEEN.behaviours },
      floors: [],
      mutants: null,
    });
    expect(problems).toEqual([{ seed: '9', verdict: 'foreign-await', problem: 'waiting for carry-a1' }]);
    expect(JSON.parse(sweepJson({ ...sweep, problems: [], troubles: new Map() }))).not.toHaveProperty('problems');
  });
});

describe('the text of a run', () => {
  it('tells the violation, what led to it and how to see it again', () => {
    expect(runText(run, described, plain)).toMatchInlineSnapshot(`
      "seed 18446744073709551615 · swarm · strict
      violated: 3 events, 2 operations, 900 ms of virtual time
      digest dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd

      fault       planned  injected
      node-crash        2         1
      marks reached: 1

      together: safety, at an event, 7 ms, event 3
        message   they differ
        expected  1
        found     2
        code      world/together.ts
        seed      18446744073709551615
        what led to it
          1  1 ms  t  k  op=a
          3  7 ms  t  k  op=a
        replay    npx sim run --seed 18446744073709551615
        next      npx sim shrink --seed 18446744073709551615 -o seed-18446744073709551615.yaml
      "
    `);
  });

  it('says of a run that held no more than what it did', () => {
    const held: RunResult = { ...run, verdict: 'held', violations: [] };
    expect(runText(held, described, plain)).not.toContain('replay');
    expect(runText({ ...held, undrawn: ['op:a/lost'] }, described, plain)).toContain(
      'nothing was drawn by the name op:a/lost\n',
    );
  });

  it('lists the timers that a run left, and no more than five', () => {
    const timers = Array.from({ length: 7 }, (_, i) => `a timeout of ${i} ms`);
    expect(runText({ ...run, verdict: 'held', violations: [], timers }, described, plain)).toContain(
      'timer left: a timeout of 4 ms\nand 2 more\n',
    );
  });
});

describe('the text of a sweep', () => {
  it('groups the failing seeds by what they violate, each group with a command', () => {
    expect(sweepText(sweep, described, plain)).toMatchInlineSnapshot(`
      "100 runs from seed 1 · swarm · strict: 1 violated, 1 foreign-await
      2000 events, 300 operations, 5000 ms of virtual time in 0.5 s (200 runs/s, 4000 events/s)
      digest eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee

      fault  planned  injected
      loss         3         2

      violations  nothing is known: no run came to a verdict
      marks       1 of 2 reached; never: lost-thrice
                  required and not reached: lost-thrice
      behaviours  0 pairs of marks and states; new ones in 100 % [0 %, 100 %] of further runs
                  0 different sets of them in 0 runs; new ones in 100 % [0 %, 100 %]

      together: 1 seed
        at 7 ms: they differ
        npx sim run --seed 17

      foreign-await: 1 seed
        waiting for carry-a1
        npx sim run --seed 9

      1 violated invariant left without a scenario file: together
      for together one is made by
        npx sim shrink --seed 17 -o seed-17.yaml
      "
    `);
  });

  it('says that nothing ran where nothing did', () => {
    const [first] = sweepText({ ...sweep, runs: 0, failed: 0, troubles: new Map() }, described, plain).split('\n');
    expect(first).toBe('0 runs from seed 1 · swarm · strict: nothing ran');
  });

  it('tells two of the small scenarios, and names those of others and what has none', () => {
    const broken = (seed: bigint, invariant: string) => ({ seed, invariant, atMs: 7, message: 'they differ' });
    const size = { operations: 1, faults: 0, choices: 0 };
    const small = (seed: bigint, invariant: string) => ({
      seed,
      invariant,
      path: `${invariant}.yaml`,
      shrunk: {
        scenario: { ...toyWorld.generate(seed, 'calm', 'resend'), name: invariant },
        invariant,
        result: { ...run, seed, violations: [{ ...broken(seed, invariant), event: 3 }] },
        ...{ from: size, to: size, runs: 1, minimal: true, indifferent: [], decisive: [] },
      },
    });
    const text = sweepText(
      {
        ...sweep,
        failures: [
          broken(1n, 'a'),
          broken(1n, 'd'),
          broken(2n, 'b'),
          broken(3n, 'c'),
          broken(4n, 'e'),
          broken(4n, 'd'),
        ],
        shrunk: [small(1n, 'a'), small(2n, 'b'), small(3n, 'c')],
      },
      described,
      plain,
    );
    expect(text).toContain(`
1 more scenario made small, each told by
  npx sim run --scenario c.yaml

2 violated invariants left without a scenario file: d, e
for e one is made by
  npx sim shrink --seed 4 -o seed-4.yaml
`);
  });
});

describe('the text of a conformance check', () => {
  it('lists failures by file and case, then counts', () => {
    const files = [{ file: 'wire.jsonl', failures: [{ case: 'nul', message: 'expected 1, got 2' }] }];
    expect(conformText({ files, passed: 7, failed: 1 }, plain)).toBe(
      'wire.jsonl: nul: expected 1, got 2\n7 passed, 1 failed\n',
    );
    expect(JSON.parse(conformJson({ files, passed: 7, failed: 1 }))).toEqual({
      passed: 7,
      failed: 1,
      failures: [{ file: 'wire.jsonl', case: 'nul', message: 'expected 1, got 2' }],
    });
  });
});

describe('the replay command', () => {
  const origin = { seed: 5n, profile: 'swarm', semantics: 'strict', defaultSemantics: 'strict' } as const;

  it('leaves out what is the default', () => {
    expect(replayCommand(origin)).toBe('npx sim run --seed 5');
  });

  it('names what is not', () => {
    expect(replayCommand({ ...origin, profile: 'storm', semantics: 'netMesh021', untilMs: 1500 })).toBe(
      'npx sim run --seed 5 --profile storm --semantics netMesh021 --until 1500',
    );
  });
});

describe('colour', () => {
  it('is for terminals that want it', () => {
    expect(colorsFor({ isTTY: true }, {}).isColorSupported).toBe(true);
    expect(colorsFor({}, {}).isColorSupported).toBe(false);
    expect(colorsFor({ isTTY: true }, { NO_COLOR: '1' }).isColorSupported).toBe(false);
    expect(colorsFor({ isTTY: true }, { TERM: 'dumb' }).isColorSupported).toBe(false);
  });
});

describe('progress', () => {
  const progress = { runs: 250, failed: 2, notHeld: 3, seconds: 2 };

  it('tells rate, failures and time left', () => {
    expect(progressText(progress, { runs: 1000 })).toBe('250/1000 runs · 125/s · 3 failing · 6 s left');
    expect(progressText(progress, { seconds: 120 })).toBe('250 runs · 125/s · 3 failing · 1 min 58 s left');
    expect(progressText(progress, {})).toBe('250 runs · 125/s · 3 failing');
  });

  it('is drawn over itself on a terminal, and is not in a pipe', () => {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text) };
    const inPipe = progressLine(stream, {});
    inPipe.show(progress);
    inPipe.clear();
    expect(written).toEqual([]);
    const onTerminal = progressLine({ ...stream, isTTY: true }, {}, {});
    onTerminal.show(progress);
    onTerminal.show({ ...progress, seconds: 2.05 });
    onTerminal.clear();
    expect(written).toEqual(['\r\u001b[2K250 runs · 125/s · 3 failing', '\r\u001b[2K']);
  });

  it('fits into a line of a narrow terminal, and is not on one that takes nothing back', () => {
    const written: string[] = [];
    const terminal = { isTTY: true, columns: 10, write: (text: string) => written.push(text) };
    progressLine(terminal, {}, { TERM: 'dumb' }).show(progress);
    noteLine(terminal, { TERM: 'dumb' }).show('a note');
    expect(written).toEqual([]);
    progressLine(terminal, {}, {}).show(progress);
    noteLine(terminal, {}).show('a note that is long');
    noteLine({ ...terminal, columns: 0 }, {}).show('a note that is long');
    const lines = ['250 runs ', 'a note th', 'a note that is long'];
    expect(written).toEqual(lines.map((line) => `\r\u001b[2K${line}`));
  });
});
