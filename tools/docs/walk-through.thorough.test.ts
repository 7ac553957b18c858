/** Runs the README's walk-through as it is written there, in a checkout of its own. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../../sim/testing/scratch-folder.testing.ts';

let checkout = '';

beforeAll(() => {
  checkout = scratchFolder();
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', checkout, '-c', 'user.name=t', '-c', 'user.email=t@t.invalid', ...args], {
      encoding: 'utf8',
    });
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter((name) => name !== '')) {
    cpSync(file, join(checkout, file), { recursive: true, force: true });
  }
  // What the build made is there too, so that building again only has to do what changed.
  for (const made of ['dist', 'bin']) cpSync(made, join(checkout, made), { recursive: true });
  // No symbolic link, which leads the compiler to other paths than it noted, so that it would begin anew.
  execFileSync('sh', ['-c', 'cp -al node_modules "$0" 2>/dev/null || cp -a node_modules "$0"', checkout]);
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'as it is');
}, 60_000);

describe("the README's walk-through", () => {
  it('runs as written: the planted bug is found, shrunk, replayed, pinned and fixed', () => {
    const readme = readFileSync('README.md', 'utf8');
    const script = /## A first failure[^\n]*\n\n```sh\n(.*?)```/s.exec(readme)?.[1] ?? 'exit 99';
    const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: checkout,
      encoding: 'utf8',
    });
    expect(`${status}\n${status === 0 ? '' : stdout + stderr}`).toBe('0\n');
    const verdicts = stdout.match(/violated as expected|fixed|held(?=[^\n]*scenarios\/defer-budget)/g) ?? [];
    expect(stdout).toMatch(/defer-budget: safety, at an event/);
    const pinned = readFileSync(join(checkout, 'scenarios/defer-budget.yaml'), 'utf8');
    expect(pinned).toMatch(/^# yaml-language-server: \$schema=\.\.\/schema\/scenario\.schema\.json\n/);
    expect(pinned).toMatch(/^name: defer-budget\nwhy: An action is deferred as often as its budget allows/m);
    expect(readFileSync(join(checkout, 'scenarios/digests.txt'), 'utf8')).toContain('  scenarios/defer-budget.yaml\n');
    expect(readFileSync(join(checkout, 'tools/checks/planted-in-scenarios.testing.ts'), 'utf8')).toContain(
      "\n  'defer-budget': 'executor-defer-one-more',\n",
    );
    expect([...new Set(verdicts)]).toEqual(expect.arrayContaining(['violated as expected', 'fixed']));
  }, 300_000);
});
