/** The workflow to copy does what it says: its steps run as written, but for their length, where GitHub would run them. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { project, runJob } from './testing/workflow.testing.ts';

const cwd = await project();

const report = (name: string): string => readFileSync(join(cwd, 'reports', name), 'utf8');

describe('the workflow', () => {
  it.each(['pull-request', 'nightly'])('replays, sweeps and reports (%s)', async (job) => {
    const ended = await runJob(cwd, job);
    expect(ended.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(ended[1]?.out).toMatch(/^held +scenarios\/holds\.yaml\n$/);
    const from = job === 'nightly' ? /from seed 20\d{6}000000000 / : /from seed 259698325270272 /;
    expect(ended[2]?.out).toMatch(from);
    expect(report('replay.xml')).toContain('<testcase name="scenarios/holds.yaml" classname="scenarios" time="0"/>');
    expect(report('sweep.xml')).toContain('<testcase name="settle" classname="invariants" time="0"/>');
    const summary = readFileSync(join(cwd, 'summary.md'), 'utf8');
    expect(summary).toMatch(/^## Scenarios replayed\n\n1 of 1 passed\.\n\n## Sweep of \d+ runs from seed \d+ /);
    rmSync(join(cwd, 'summary.md'));
  });
});
