/** The workflow to copy points at what does not hold, where GitHub would run it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { project, runJob } from './testing/workflow.testing.ts';

const cwd = await project();

describe('the workflow', () => {
  it('points at what does not hold', async () => {
    const text = readFileSync(join(cwd, 'scenarios/holds.yaml'), 'utf8');
    writeFileSync(join(cwd, 'scenarios/breaks.yaml'), text.replace('strict', 'netMesh021'));
    writeFileSync(join(cwd, 'scenarios/damaged.yaml'), text.replace('nodes: 2', 'nodes: two'));
    const [, replayed] = await runJob(cwd, 'pull-request', 2);
    expect(replayed?.status).toBe(64);
    const annotations = replayed?.out.split('\n').filter((line) => line.startsWith('::')) ?? [];
    expect(annotations).toHaveLength(2);
    expect(annotations[0]).toMatch(
      /^::error file=scenarios\/breaks\.yaml,line=1,title=scenarios\/breaks\.yaml%3A violated::ring-equivalence at .*%0Anpx sim replay scenarios\/breaks\.yaml$/,
    );
    expect(annotations[1]).toMatch(
      /^::error file=scenarios\/damaged\.yaml,line=\d\d,.*::config\.nodes: expected .*found "two"/,
    );
    const summary = readFileSync(join(cwd, 'summary.md'), 'utf8');
    expect(summary).toContain('1 of 3 passed.');
    expect(summary).toMatch(/^\| scenarios\/breaks\.yaml \| violated \| ring-equivalence at /m);
  });
});
