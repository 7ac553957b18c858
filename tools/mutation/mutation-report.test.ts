import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { compared, listText, percent } from './mutation-report.ts';

const SOURCE = 'export function least(a: number): number {\n  return a <\n    0 ? 0 : a;\n}\n';

type Status = 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'Ignored' | 'Pending';

/** Mutations of the comparison, which stands on two lines. */
function file(...statuses: readonly Status[]) {
  const location = { start: { line: 2, column: 10 }, end: { line: 3, column: 6 } };
  return {
    source: SOURCE,
    language: 'typescript',
    mutants: statuses.map((status, id) => ({ id, mutatorName: 'M', replacement: 'a  >= 0', location, status })),
  };
}

function reportOf(files: Readonly<Record<string, ReturnType<typeof file>>>): string {
  return JSON.stringify({ schemaVersion: '2', thresholds: { high: 90, low: 60 }, files });
}

const tenOf = (status: Status) => Array<Status>(10).fill(status);
const invariants = { 'mesh/invariants/a.ts': file(...tenOf('Killed')) };
const entry = { file: 'src/ring/a.ts', line: 'return a <', from: 'a < 0', to: 'a >= 0' };
const REASON = 'nobody can tell them apart';

/** One list, with all entries for one reason. */
function listed(...entries: readonly { file: string; [field: string]: unknown }[]): string[] {
  const files: Record<string, object[]> = {};
  for (const { file, ...mutated } of entries) files[file] = [...(files[file] ?? []), mutated];
  return [stringify([{ why: REASON, in: files }])];
}

describe('mutations compared with the list', () => {
  it('finds no fault where every survivor is listed and both scores are reached', () => {
    const report = reportOf({ ...invariants, 'src/ring/a.ts': file(...tenOf('Killed'), 'Survived') });
    const { faults, unlisted, scored } = compared(report, listed(entry));
    expect(faults).toEqual([]);
    expect(unlisted).toEqual([]);
    expect(scored.map(percent)).toEqual([(100 * 10) / 11, 100]);
  });

  it('names a survivor that is not listed by its text, in the form in which it would be listed', () => {
    const report = reportOf({ ...invariants, 'src/ring/a.ts': file(...tenOf('Killed'), 'NoCoverage') });
    const { faults, unlisted } = compared(report, []);
    expect(faults).toEqual(['survives, and is not listed: src/ring/a.ts: in `return a <`, `a < 0` as `a >= 0`']);
    expect(unlisted).toEqual([{ ...entry, times: 1 }]);
    expect(compared(report, [listText(unlisted).replace('why: ""', `why: ${REASON}`)]).faults).toEqual([]);
  });

  it('finds an entry for what does not survive, or not as often', () => {
    const report = reportOf({ ...invariants, 'src/ring/a.ts': file(...tenOf('Killed'), 'Survived') });
    const gone = { ...entry, to: 'true' };
    expect(compared(report, listed(entry, gone)).faults).toEqual([
      'listed, and does not survive: src/ring/a.ts: in `return a <`, `a < 0` as `true`',
    ]);
    expect(compared(report, listed({ ...entry, times: 2 })).faults).toEqual([
      'listed, and does not survive: src/ring/a.ts: in `return a <`, `a < 0` as `a >= 0`, 2 times',
    ]);
    expect(compared(report, listed(entry, entry)).faults).toEqual([
      'listed twice: src/ring/a.ts: in `return a <`, `a < 0` as `a >= 0`',
    ]);
  });

  it('finds an entry that stands in two lists', () => {
    const report = reportOf({ ...invariants, 'src/ring/a.ts': file(...tenOf('Killed'), 'Survived') });
    expect(compared(report, [...listed(entry), ...listed(entry)]).faults).toEqual([
      'listed twice: src/ring/a.ts: in `return a <`, `a < 0` as `a >= 0`',
    ]);
  });

  it('reads the committed lists', () => {
    const lists = readdirSync('tools/mutation/survivors').map((name) =>
      readFileSync(`tools/mutation/survivors/${name}`, 'utf8'),
    );
    const { faults } = compared(reportOf(invariants), lists);
    expect(faults.filter((fault) => fault.startsWith('listed twice'))).toEqual([]);
    expect(faults.length).toBeGreaterThan(400);
  });

  it('finds survivors that are more than are listed', () => {
    const report = reportOf({
      ...invariants,
      'src/ring/a.ts': file(...tenOf('Killed'), ...tenOf('Killed'), 'Survived', 'Survived'),
    });
    expect(compared(report, listed(entry)).faults).toEqual([
      'survives, and is not listed: src/ring/a.ts: in `return a <`, `a < 0` as `a >= 0`, 2 times',
    ]);
    expect(compared(report, listed({ ...entry, times: 2 })).faults).toEqual([]);
  });

  it('finds a score that is too low, listed or not, of each part by itself', () => {
    const report = reportOf({ ...invariants, 'src/ring/a.ts': file('Killed', 'Timeout', 'Survived', 'Ignored') });
    const { faults, folders } = compared(report, listed(entry));
    expect(faults).toEqual(['src: 66.7 % are noticed, which is less than 90 %']);
    expect(folders).toEqual([
      { name: 'mesh/invariants', killed: 10, timedOut: 0, survived: 0, uncovered: 0, leftOut: 0 },
      { name: 'src/ring', killed: 1, timedOut: 1, survived: 1, uncovered: 0, leftOut: 1 },
    ]);
  });

  it('finds a part of which nothing was tried, and a mutation that was not', () => {
    const report = reportOf({ 'src/ring/a.ts': file(...tenOf('Killed'), 'Pending') });
    expect(compared(report, ['']).faults).toEqual([
      'src/ring/a.ts:2: not tried',
      'mesh/invariants: 0.0 % are noticed, which is less than 90 %',
    ]);
  });

  it('refuses an entry without a reason', () => {
    const { file: path, ...mutated } = entry;
    expect(() => compared(reportOf(invariants), [stringify([{ in: { [path]: [mutated] } }])])).toThrow(/why/);
  });
});
