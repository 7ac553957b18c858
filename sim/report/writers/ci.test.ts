/** What CI systems read: JUnit by its schema, annotations and summaries in which no text from a run can pass for markup. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { Replay } from '../../scenario/replay.ts';
import { NOTHING_SEEN } from '../../sweep/result.testing.ts';
import type { SweepResult } from '../../sweep/result.ts';
import { type Case, type Report, replayReport, sweepReport } from '../model/suite.ts';
import { annotations } from './annotations.ts';
import { junitXml } from './junit.ts';
import { summaryMarkdown } from './summary.ts';

const XSD = new URL('../../../test-data/junit/jenkins-junit.xsd', import.meta.url);

/** Every control character, markup, broken surrogates and what ends other formats, 10 kB of it. */
const CONTROLS = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).join('');
const NASTY = `${CONTROLS}]]><![CDATA[</failure>&amp;<!--"'\ud800x\udfff\ufffe\uffff😀\u2028::error::|\`*_%0A`
  .repeat(60)
  .slice(0, 10_240);

const failed: Case = {
  name: `a ${NASTY}`,
  outcome: 'failed',
  verdict: 'violated',
  message: NASTY,
  detail: [NASTY, 'and a second line'],
  file: `scenarios/${NASTY.slice(0, 200)}.yaml`,
  line: 7,
  again: 'npx sim run --seed 1',
};
const nasty: Report = {
  title: NASTY,
  suites: [
    { name: NASTY, seconds: 1.5, cases: [failed, { name: 'b', outcome: 'passed', verdict: 'held' }] },
    { name: 'again', cases: [{ ...failed, outcome: 'error' }], derived: true },
  ],
};

const ENDED = new Date('2026-01-02T03:04:05.678Z');

async function schemaErrors(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({ xml, schema: readFileSync(XSD, 'utf8') });
  return errors.map(({ message }) => message);
}

/** The text of the only element of a kind, read by a parser that is not ours. */
async function textOf(xml: string, attribute: string): Promise<string> {
  const { normalized } = await validateXML({ xml, normalization: 'c14n' });
  return new RegExp(` ${attribute}="([^"]*)"`).exec(normalized)?.[1] ?? '';
}

describe('JUnit XML', () => {
  it('is valid by the schema, with 10 kB of control characters and markup in every text', async () => {
    expect(await schemaErrors(junitXml(nasty, ENDED))).toEqual([]);
  });

  it('would be seen to be invalid', async () => {
    expect(await schemaErrors(junitXml(nasty, ENDED).replace('<testcase name=', '<testcase nam='))).not.toEqual([]);
    expect(await schemaErrors(junitXml(nasty, ENDED).replace('</testsuite>', ''))).not.toEqual([]);
    expect(await schemaErrors(junitXml(nasty, ENDED).replace('b"', 'b\u0001"'))).not.toEqual([]);
  });

  it('tells a text as it was, but for what XML has no place for', async () => {
    const text = 'a\tb\r\nc "d" <e> & ]]> \u0085 😀 \ud800 \u0007';
    const report: Report = { title: '', suites: [{ name: text, cases: [] }] };
    const canonical = 'a&#x9;b&#xD;&#xA;c &quot;d&quot; &lt;e> &amp; ]]> \\u0085 😀 \\ud800 \\u0007';
    expect(await textOf(junitXml(report, ENDED), 'name')).toBe(canonical);
  });

  it('has a case for each, and counts them', () => {
    const xml = junitXml(
      {
        title: 't',
        suites: [
          {
            name: 's',
            seconds: 0.25,
            cases: [{ ...failed, name: 'f', message: 'm', detail: ['d'] }, ...(nasty.suites[0]?.cases.slice(1) ?? [])],
          },
        ],
      },
      ENDED,
    );
    expect(xml).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="s" package="sim" id="0" timestamp="2026-01-02T03:04:05" hostname="localhost" tests="2" failures="1" errors="0" time="0.250">
    <properties>
      <property name="report" value="t"/>
    </properties>
    <testcase name="f" classname="s" time="0">
      <failure message="m" type="violated">m
d
npx sim run --seed 1</failure>
    </testcase>
    <testcase name="b" classname="s" time="0"/>
    <system-out/>
    <system-err/>
  </testsuite>
</testsuites>
`);
  });
});

describe('annotations', () => {
  it('point at the file, once for each case that did not pass', () => {
    const report: Report = {
      title: 't',
      suites: [
        { name: 's', cases: [{ ...failed, name: 'a:b', message: 'x, 1%\ny', detail: [], file: '/w/f,1.yaml' }] },
        ...nasty.suites.slice(1),
      ],
    };
    expect(annotations(report, (file) => file.replace('/w/', ''))).toEqual([
      '::error file=f%2C1.yaml,line=7,title=a%3Ab%3A violated::x, 1%25%0Ay%0Anpx sim run --seed 1',
    ]);
  });

  it('stay one line each, and begin no other command', () => {
    for (const line of annotations(nasty, (file) => file)) {
      expect(line).toMatch(/^::error file=[^,:]*,line=7,title=[^,:]*::/);
      expect(line).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029]/u);
    }
  });

  it('are no more than are shown', () => {
    const report: Report = { title: 't', suites: [{ name: 's', cases: Array.from({ length: 30 }, () => failed) }] };
    const lines = annotations(report, (file) => file);
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('::notice::20 more did not pass');
  });
});

describe('the summary of a job', () => {
  it('is a table of what did not pass', () => {
    const report: Report = {
      title: 'Sweep',
      suites: [
        {
          name: 's',
          cases: [
            { ...failed, name: 'ring-fifo', message: 'a | b\n<img>' },
            { name: 'b', outcome: 'passed', verdict: 'held' },
          ],
        },
      ],
    };
    expect(summaryMarkdown(report)).toBe(`## Sweep

1 of 2 passed.

| | verdict | why | again |
|---|---|---|---|
| ring-fifo | violated | a &#124; b &lt;img&gt; | <code>npx sim run --seed 1</code> |

`);
  });

  it('has no markup but its own', () => {
    const cells = summaryMarkdown(nasty).split('\n')[6]?.split('|') ?? [];
    expect(cells).toHaveLength(6);
    for (const cell of cells.slice(1, 4)) expect(cell).not.toMatch(/[<>`*[\]]|&(?!#?\w+;)/);
  });
});

const scenario = {
  format: 1,
  name: 'n',
  world: 'w',
  semantics: 's',
  seed: 1n,
  config: {},
  workload: [],
  faults: [],
} as const;
const replayed = (path: string, over: Partial<Replay>): Replay => ({
  path,
  verdict: 'held',
  reasons: [],
  bisect: 'good',
  mistakes: [],
  scenario,
  ...over,
});

describe('the report of a replay', () => {
  it('has a case a scenario, and one an invariant', () => {
    const run = {
      seed: 1n,
      verdict: 'violated',
      digest: '',
      events: 1,
      operations: 1,
      virtualMs: 1,
      faults: {},
      marks: {},
      violations: [{ invariant: 'i', atMs: 1, event: 1, message: 'broke' }],
    } as const;
    const replays = [
      replayed('a.yaml', {}),
      replayed('b.yaml', { verdict: 'violated as expected', run, reasons: ['i at 1 ms: broke'] }),
      replayed('c.yaml', { verdict: 'violated', run, reasons: ['i at 1 ms: broke'] }),
      replayed('d.yaml', { verdict: 'vacuous', reasons: ['m was never reached', 'fault f1 (x) was never injected'] }),
      replayed('e.yaml', {
        verdict: 'invalid',
        mistakes: [{ line: 3, column: 5, message: 'expected x; found y' }, { message: 'z' }],
        reasons: ['e.yaml:3:5: expected x; found y', 'e.yaml: z'],
      }),
    ];
    const { suites } = replayReport(
      replays,
      [
        { id: 'i', holds: 'always' },
        { id: 'j', holds: 'always' },
      ],
      (path) => `again ${path}`,
      2,
    );
    const [scenarios, invariants] = suites;
    expect(scenarios).toMatchObject({
      seconds: 2,
      cases: [
        { name: 'a.yaml', outcome: 'passed', verdict: 'held' },
        { name: 'b.yaml', outcome: 'passed', verdict: 'violated as expected' },
        {
          name: 'c.yaml',
          outcome: 'failed',
          message: 'i at 1 ms: broke',
          file: 'c.yaml',
          line: 1,
          again: 'again c.yaml',
        },
        {
          name: 'd.yaml',
          outcome: 'failed',
          message: 'm was never reached',
          detail: ['fault f1 (x) was never injected'],
        },
        { name: 'e.yaml', outcome: 'error', message: 'expected x; found y', detail: ['e.yaml: z'], line: 3 },
      ],
    });
    expect(invariants).toMatchObject({
      derived: true,
      cases: [
        { name: 'i', outcome: 'failed', detail: ['c.yaml'] },
        { name: 'j', outcome: 'passed' },
      ],
    });
  });
});

describe('the report of a sweep', () => {
  const sweep: SweepResult = {
    ...NOTHING_SEEN,
    source: { world: { module: 'm', name: 'n' }, profile: 'swarm', semantics: 'strict' },
    runs: 100,
    failed: 2,
    failures: Array.from({ length: 12 }, (_, i) => ({
      seed: BigInt(i + 5),
      invariant: 'i',
      atMs: 7,
      message: 'broke',
    })),
    troubles: new Map([['foreign-await', 1]]),
    problems: [{ seed: 9n, verdict: 'foreign-await', problem: 'waiting' }],
    events: 1,
    operations: 1,
    virtualMs: 1,
    seconds: 0.5,
    unmetMarks: ['m.one'],
  };
  const described = { origin: 'swarm · strict', replay: (seed: bigint) => `npx sim run --seed ${seed}` };

  it('has a case an invariant, with the seeds that break it', () => {
    const { title, suites } = sweepReport(
      sweep,
      [
        { id: 'i', holds: 'always' },
        { id: 'j', holds: 'always' },
      ],
      described,
    );
    expect(title).toBe('Sweep of 100 runs from seed 1 (swarm · strict)');
    const [i, j] = suites[0]?.cases ?? [];
    expect(i).toMatchObject({
      outcome: 'failed',
      message: '12 seeds; seed 5 at 7 ms: broke',
      again: 'npx sim run --seed 5',
    });
    expect(i?.detail).toHaveLength(12);
    expect(i?.detail?.at(-1)).toBe('and 2 more');
    expect(j).toMatchObject({ outcome: 'passed' });
  });

  it('has cases for the sweep itself', () => {
    const outcomes = (of: SweepResult) => sweepReport(of, [], described).suites[1]?.cases.map(({ outcome }) => outcome);
    expect(outcomes(sweep)).toEqual(['error', 'failed', 'passed', 'passed']);
    expect(outcomes({ ...sweep, problems: [], unmetMarks: [], end: 'time', cutShort: 3 })).toEqual([
      'passed',
      'passed',
      'passed',
      'failed',
    ]);
  });

  it('has a case for floors, which names those that are missed, and one for what the sweep was to go on for', () => {
    const missed = { mark: 'm.two', atLeast: 0.05, state: 'missed', hits: 1, runs: 900, low: 0, high: 0.04 } as const;
    const goals = {
      stable: { below: 0.01, rate: { estimate: 0.5, low: 0.4, high: 0.6 }, reached: false },
      floorsDecided: { reached: true },
    };
    const cases = sweepReport({ ...sweep, floors: [missed], goals }, [], described).suites[1]?.cases ?? [];
    expect(cases.slice(2, 5)).toMatchObject([
      {
        outcome: 'failed',
        message: 'missed: m.two',
        detail: ['m.two: wanted in 5.0 % of runs, seen in 1 of 900'],
      },
      { outcome: 'failed', message: 'not yet, after 100 runs' },
      { outcome: 'passed' },
    ]);
  });

  it('says what the sweep is worth, as properties of JUnit and as a table of the summary', async () => {
    const report = sweepReport(sweep, [], described);
    const xml = junitXml(report, ENDED);
    expect(await schemaErrors(xml)).toEqual([]);
    expect(xml).toContain('<property name="violations" value="nothing is known: no run came to a verdict"/>');
    expect(xml.match(/<property name="violations"/g)).toHaveLength(1);
    expect(summaryMarkdown(report)).toContain('| violations | nothing is known: no run came to a verdict |');
  });
});
