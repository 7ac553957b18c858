/** Scenario files for commands to replay. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { sim } from './command.testing.ts';

/** A scenario like the one `sim new` writes, with some of its texts replaced. */
function variant(cwd: string, path: string, ...edits: readonly (readonly [text: string, replacement: string])[]): void {
  let text = readFileSync(join(cwd, 'held.yaml'), 'utf8');
  for (const [part, replacement] of edits) {
    expect(text).toContain(part);
    text = text.replace(part, replacement);
  }
  writeFileSync(join(cwd, path), text);
}

const OLD = ['semantics: strict', 'semantics: netMesh021'] as const;
const expecting = (invariant: string) => ['expect: holds', `expect: { violates: ${invariant} }`] as const;

/** A folder with scenarios that come to every verdict there is. */
export async function folderOfScenarios(): Promise<string> {
  const cwd = scratchFolder();
  mkdirSync(join(cwd, 'all/deep'), { recursive: true });
  mkdirSync(join(cwd, 'empty'));
  await sim(['new', 'held'], { cwd });
  variant(cwd, 'all/10-held.yml', ['name: held', 'name: again']);
  variant(cwd, 'all/9-held.yaml', ['name: held', 'name: and again']);
  variant(cwd, 'all/deep/expected.yaml', OLD, expecting('ring-equivalence'));
  variant(cwd, 'violated.yaml', OLD);
  variant(cwd, 'other.yaml', OLD, expecting('ring-fifo'));
  variant(cwd, 'fixed.yaml', expecting('ring-fifo'));
  variant(cwd, 'unwitnessed.yaml', ['  - dispatch.ok-after-retry', '  - crash.with-queued']);
  variant(
    cwd,
    'uninjected.yaml',
    ['attempt: 1', 'attempt: 9'],
    ['witness:\n  - dispatch.ok-after-retry', 'witness: []'],
  );
  variant(cwd, 'unmet.yaml', ['  - dispatch.ok-after-retry', '  - crash.with-queued'], expecting('ring-fifo'));
  variant(cwd, 'invalid.yaml', ['  nodes: 2', '  nodes: two']);
  variant(cwd, 'future.yaml', ['format: 1', 'format: 2']);
  return cwd;
}

interface Replayed {
  readonly status: number;
  /** The status for bisecting. */
  readonly bisect: number;
  /** All that is printed. */
  readonly line: RegExp;
}

/** Replays one file, once for people and once for `git bisect`. */
export async function expectReplayed(cwd: string, path: string, { status, bisect, line }: Replayed): Promise<void> {
  const here = (args: readonly string[]) => sim(args, { cwd });
  const [replayed, bisected] = await Promise.all([here(['replay', path]), here(['replay', '--bisect', path])]);
  expect(replayed).toMatchObject({ status, err: '' });
  const [first, after] = replayed.out.split('\n');
  expect(first).toMatch(line);
  expect(after).toBe('');
  expect(bisected.status).toBe(bisect);
}
