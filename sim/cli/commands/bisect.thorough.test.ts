/** `git bisect run npx sim replay --bisect FILE` finds the commit that planted a bug, past commits where it can't be told. */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { program, sim } from '../testing/command.testing.ts';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

let cwd: string;

async function git(...args: readonly string[]): Promise<string> {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];
  const { status, out, err } = await program('git', [...identity, ...args], { cwd });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${out}${err}`);
  return out;
}

function patch(path: string, text: string, replacement: string): void {
  const before = readFileSync(join(cwd, path), 'utf8');
  if (!before.includes(text)) throw new Error(`${path} has no ${text}`);
  writeFileSync(join(cwd, path), before.replace(text, replacement));
}

async function commit(subject: string): Promise<void> {
  writeFileSync(join(cwd, 'notes.txt'), subject);
  await git('add', '--all');
  await git('commit', '--quiet', '--message', subject);
}

const RECORDER = 'dist/src/executor/outcome-recorder.js';
const SCHEMA = 'dist/sim/scenario/file/schema.js';

beforeAll(async () => {
  cwd = scratchFolder();
  for (const part of ['src', 'sim', 'mesh'])
    cpSync(join(PROJECT, 'dist', part), join(cwd, 'dist', part), { recursive: true });
  writeFileSync(
    join(cwd, 'package.json'),
    '{ "name": "scratch", "version": "1.0.0", "private": true, "type": "module" }',
  );
  // What `npm install` would have made.
  mkdirSync(join(cwd, 'node_modules/.bin'), { recursive: true });
  for (const name of ['@sinonjs', 'msgpackr', 'picocolors', 'seedrandom', 'yaml', 'yargs', 'zod']) {
    symlinkSync(join(PROJECT, 'node_modules', name), join(cwd, 'node_modules', name));
  }
  const command = join(cwd, 'node_modules/.bin/sim');
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${cwd}/dist/sim/cli/main.js' "$@"\n`, { mode: 0o755 });

  await git('init', '--quiet');
  writeFileSync(join(cwd, '.gitignore'), 'node_modules\n*.yaml\n');
  await commit('one');
  await commit('two');
  patch(SCHEMA, 'FORMAT = 1', 'FORMAT = 0');
  await commit('three, which reads another format');
  patch(SCHEMA, 'FORMAT = 0', 'FORMAT = 1');
  await commit('four');
  await commit('five');
  patch(RECORDER, 'dispatchRetries += 1', 'dispatchRetries += 2');
  await commit('six, which counts retries twice');
  await commit('seven');
  patch(
    'dist/sim/scenario/file/read.js',
    'export async function',
    'throw new Error("planted");\nexport async function',
  );
  await commit('eight, which breaks the harness');
  await git('revert', '--no-edit', 'HEAD');
  await commit('ten');

  await sim(['new', 'holds'], { cwd });
  const text = readFileSync(join(cwd, 'holds.yaml'), 'utf8');
  writeFileSync(join(cwd, 'known.yaml'), text.replace('expect: holds', 'expect: { violates: stats-ledger }'));
}, 120_000);

it.each(['holds.yaml', 'known.yaml'])(
  'the first bad commit is found by %s',
  async (file) => {
    await git('bisect', 'start', 'HEAD', 'HEAD~9');
    const said = await git('bisect', 'run', 'npx', 'sim', 'replay', '--bisect', file);
    expect(await git('show', '--no-patch', '--format=%s', 'refs/bisect/bad')).toBe('six, which counts retries twice\n');
    expect(said).toContain('is the first bad commit');
    await git('bisect', 'reset');
  },
  120_000,
);
