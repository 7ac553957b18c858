/** Runs the workflow to copy as written, but for its length, where GitHub would run it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { type Ended, MAIN, program, sim } from './command.testing.ts';

const Step = z.object({ run: z.string().optional(), env: z.record(z.string(), z.string()).optional() });
const Workflow = z.object({
  on: z.object({ pull_request: z.null(), schedule: z.array(z.object({ cron: z.string() })) }),
  jobs: z.record(z.string(), z.object({ steps: z.array(Step) })),
});
const workflow = Workflow.parse(
  parse(readFileSync(new URL('../../../docs/github-workflow.yml', import.meta.url), 'utf8')),
);

/** A project with one scenario, where `sim` is installed. */
export async function project(): Promise<string> {
  const cwd = scratchFolder();
  mkdirSync(join(cwd, 'node_modules/.bin'), { recursive: true });
  mkdirSync(join(cwd, 'scenarios'));
  writeFileSync(join(cwd, 'node_modules/.bin/sim'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`, {
    mode: 0o755,
  });
  await sim(['new', 'scenarios/holds'], { cwd });
  return cwd;
}

/** Runs a job's first steps but the installation, as GitHub does; each one that did not end with 0 fails the job. */
export async function runJob(cwd: string, job: string, stepsMax = Number.POSITIVE_INFINITY): Promise<readonly Ended[]> {
  const ended: Ended[] = [];
  for (const { run: script, env = {} } of workflow.jobs[job]?.steps ?? []) {
    if (script === undefined || script === 'npm ci' || ended.length === stepsMax) continue;
    const commit = env.COMMIT === undefined ? undefined : 'ec31ba6d2f00112233445566778899aabbccddee';
    const surroundings: Record<string, string> = {
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: cwd,
      GITHUB_STEP_SUMMARY: join(cwd, 'summary.md'),
      ...(commit === undefined ? {} : { COMMIT: commit }),
    };
    const short = script.replace(/--time \w+/, '$& --runs 2');
    ended.push(await program('bash', ['-e', '-c', short], { cwd, env: surroundings }));
  }
  return ended;
}
