/**
 * A valid file that asks for hours of work: it comes to a verdict within the bounds of a run, and takes nothing from the
 * files beside it. What is known of them is told at once.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folderOfBusy, NO_LIMIT } from '../files/busy-file.testing.ts';
import { MAIN, printed, program, sim, withPreloaded } from '../testing/command.testing.ts';

const { cwd, good } = await folderOfBusy();
const RSS_MB_MAX = 1536;

it('is inconclusive within the memory of a run, and each other file has its verdict as soon as it is known', async () => {
  const usage = join(cwd, 'usage.jsonl');
  const tell = `appendFileSync(${JSON.stringify(usage)}, JSON.stringify(process.resourceUsage()) + '\\n')`;
  const env = withPreloaded(
    `import { appendFileSync } from 'node:fs'; import { isMainThread } from 'node:worker_threads';
    if (isMainThread) process.on('exit', () => ${tell});`,
  );
  let first = '';
  const { status, out, err } = await sim(['replay', 'all', ...NO_LIMIT], {
    cwd,
    env,
    during: (child) =>
      child.stdout?.once('data', (text: string) => {
        first = text;
        expect(child.exitCode).toBe(null);
      }),
  });
  expect(first).toBe('held                  all/1-before.yaml\n');
  expect(out.split('\n').slice(0, 3)).toEqual([
    'held                  all/1-before.yaml',
    expect.stringMatching(
      /^inconclusive +all\/2-busy\.yaml: reached the bound of 2000000 events at \d+ ms; --max-events \(maxEvents\) raises it$/,
    ),
    'held                  all/3-after.yaml',
  ]);
  expect([status, err]).toEqual([2, '']);
  const told = readFileSync(usage, 'utf8').trim().split('\n');
  const mostMb = told.map((line) => JSON.parse(line).maxRSS / 1024);
  // The command, and the host of its work.
  expect(mostMb).toHaveLength(2);
  expect(Math.max(...mostMb)).toBeLessThan(RSS_MB_MAX);
}, 600_000);

it('carries the bound into the commands that a violation prints, which do as they say', async () => {
  const old = good.replace('semantics: strict', 'semantics: netMesh021');
  writeFileSync(join(cwd, 'violated.yaml'), old);
  const replayed = await sim(['replay', 'violated.yaml', '--max-events', '50000'], { cwd });
  const [replay, next] = [printed(replayed.out, 'replay'), printed(replayed.out, 'next')];
  expect(replay).toBe('replay violated.yaml --max-events 50000');
  expect(next).toContain('--max-events 50000');
  expect(await sim(replay.split(' '), { cwd })).toEqual(replayed);
  expect((await sim(next.split(' '), { cwd })).status).toBe(1);
  const swept = await sim(['run', '--seed', '3', '--semantics', 'netMesh021', '--max-events', '50000'], { cwd });
  expect(printed(swept.out, 'replay')).toContain('--max-events 50000');
}, 120_000);

it('has that verdict in a run of its own, and says how to see it again as it can be typed', async () => {
  const args = ['--scenario', 'all/2-busy.yaml', '--max-events', '20000', ...NO_LIMIT];
  const run = await sim(['run', ...args], { cwd });
  expect(run.status).toBe(2);
  expect(run.out).toContain('reached the bound of 20000 events at ');
  const command = /^replay: npx sim (.+)$/m.exec(run.out)?.[1] ?? '';
  expect(command).toMatch(/ --max-events 20000$/);
  const again = await program('bash', ['-c', `"$NODE" "$MAIN" ${command}`], {
    cwd,
    env: { NODE: process.execPath, MAIN },
  });
  expect(again).toEqual(run);
});
