/** The workflow to copy does what it says: its steps run as written, but for their length, where GitHub would run them. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { scratchFolder } from '../scratch-folder.testing.ts';
import { type Ended, MAIN, program, sim } from './command.testing.ts';

const Step = z.object({ run: z.string().optional(), env: z.record(z.string(), z.string()).optional() });
const Workflow = z.object({
  on: z.object({ pull_request: z.null(), schedule: z.array(z.object({ cron: z.string() })) }),
  jobs: z.record(z.string(), z.object({ steps: z.array(Step) })),
});
const workflow = Workflow.parse(
  parse(readFileSync(new URL('../../docs/github-workflow.yml', import.meta.url), 'utf8')),
);

let cwd: string;

beforeAll(async () => {
  cwd = scratchFolder();
  mkdirSync(join(cwd, 'node_modules/.bin'), { recursive: true });
  mkdirSync(join(cwd, 'scenarios'));
  writeFileSync(join(cwd, 'node_modules/.bin/sim'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`, {
    mode: 0o755,
  });
  await sim(['new', 'scenarios/holds'], { cwd });
});

/** Runs a job's steps but the installation, as GitHub does; each one that did not end with 0 fails the job. */
async function run(job: string): Promise<readonly Ended[]> {
  const ended: Ended[] = [];
  for (const { run: script, env = {} } of workflow.jobs[job]?.steps ?? []) {
    if (script === undefined || script === 'npm ci') continue;
    const commit = env.COMMIT === undefined ? undefined : 'ec31ba6d2f00112233445566778899aabbccddee';
    const surroundings: Record<string, string> = {
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: cwd,
      GITHUB_STEP_SUMMARY: join(cwd, 'summary.md'),
      ...(commit === undefined ? {} : { COMMIT: commit }),
    };
    const short = script.replace(/--time \w+/, '$& --runs 5');
    ended.push(await program('bash', ['-e', '-c', short], { cwd, env: surroundings }));
  }
  return ended;
}

const report = (name: string): string => readFileSync(join(cwd, 'reports', name), 'utf8');

describe('the workflow', () => {
  it.each(['pull-request', 'nightly'])('replays, sweeps and reports (%s)', async (job) => {
    const ended = await run(job);
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

  it('points at what does not hold', async () => {
    const text = readFileSync(join(cwd, 'scenarios/holds.yaml'), 'utf8');
    writeFileSync(join(cwd, 'scenarios/breaks.yaml'), text.replace('strict', 'netMesh021'));
    writeFileSync(join(cwd, 'scenarios/damaged.yaml'), text.replace('nodes: 2', 'nodes: two'));
    const [, replayed] = await run('pull-request');
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
