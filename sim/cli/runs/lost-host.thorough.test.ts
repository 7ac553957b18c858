/** Commands whose host is ended while a run of theirs is under way, as V8 does where a heap is full. */
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { type Ended, sim, withPreloaded } from '../testing/command.testing.ts';

const LOST = 'its process ended by SIGABRT, as V8 does where a heap is full';

/** For all that follows: what a worker is asked, and this process being a host or not. */
const OF_WORKERS = `import { isMainThread, Worker } from 'node:worker_threads';
  const isHost = process.send !== undefined;
  const post = Worker.prototype.postMessage;`;

/** Kills the host with this signal when it asks for its `nth` run. */
const endingHost = (nthJob: number, signal = 'SIGABRT'): string => `let jobs = 0;
  if (isMainThread && isHost) Worker.prototype.postMessage = function (...given) {
    jobs += 1;
    if (jobs === ${nthJob}) setTimeout(() => process.kill(process.pid, '${signal}'), 50);
    else Reflect.apply(post, this, given);
  };`;

/** Has a command believe that its run takes much memory, which gets nowhere there. */
const LARGE = `if (isMainThread && !isHost) {
    process.memoryUsage.rss = () => 1e9;
    Worker.prototype.postMessage = () => {};
  }`;

const planted = (...code: readonly string[]): { readonly NODE_OPTIONS: string } =>
  withPreloaded([OF_WORKERS, ...code].join('\n'));

const written = scratchFolder();
await sim(['new', 'good'], { cwd: written });

function files(...names: readonly string[]): string {
  const cwd = scratchFolder();
  for (const name of names) cpSync(join(written, 'good.yaml'), join(cwd, `${name}.yaml`));
  return cwd;
}

describe('a replay whose host is lost', () => {
  const args = (...more: readonly string[]): string[] => ['replay', 'a.yaml', 'b.yaml', 'c.yaml', ...more];

  it('tells of the file that was under way that it is inconclusive, and replays the files after it', async () => {
    const cwd = files('a', 'b', 'c');
    const { status, out, err } = await sim(args('--junit', 'j.xml'), { cwd, env: planted(endingHost(2)) });
    expect(out.split('\n')).toEqual([
      'held                  a.yaml',
      `inconclusive          b.yaml: ${LOST}`,
      'held                  c.yaml',
      '3 files: 2 held, 1 inconclusive',
      '',
    ]);
    expect([status, err]).toEqual([2, '']);
    expect(readFileSync(join(cwd, 'j.xml'), 'utf8')).toContain('tests="3"');
  });

  it('is one document as JSON', async () => {
    const cwd = files('a', 'b', 'c');
    const { status, out } = await sim(args('--json'), { cwd, env: planted(endingHost(1, 'SIGKILL')) });
    const told = JSON.parse(out);
    expect([status, told.status]).toEqual([2, 2]);
    // A host for each: every one is lost at its first.
    expect(told.files).toMatchObject(
      ['a.yaml', 'b.yaml', 'c.yaml'].map((path) => ({
        path,
        verdict: 'inconclusive',
        reasons: ['its process ended by SIGKILL'],
      })),
    );
  });

  it('is no commit that `git bisect` can test', async () => {
    const cwd = files('a', 'b', 'c');
    const { status } = await sim(args('--bisect'), { cwd, env: planted(endingHost(2)) });
    expect(status).toBe(125);
  });

  it('gives up where no host comes so far as to begin', async () => {
    const cwd = files('a', 'b', 'c');
    const env = withPreloaded("if (process.send !== undefined) process.kill(process.pid, 'SIGKILL');");
    const { status, out } = await sim(args(), { cwd, env });
    expect(out).toContain(
      'inconclusive          a.yaml: was not replayed: its process ended by SIGKILL before it began\n',
    );
    expect(out).toContain('3 files: 3 inconclusive\n');
    expect(status).toBe(2);
  });
});

it('a search for a smaller scenario whose host is lost is inconclusive and writes nothing', async () => {
  const cwd = scratchFolder();
  const { status, out, err } = await sim(['shrink', '--seed', '42', '-o', 'small.yaml'], {
    cwd,
    env: planted(endingHost(1)),
  });
  expect([status, out]).toEqual([2, '']);
  expect(err).toBe(`sim: seed 42: inconclusive: ${LOST}; so there is nothing to shrink\n`);
  expect(existsSync(join(cwd, 'small.yaml'))).toBe(false);
});

describe('a run that takes much memory', () => {
  const run = (env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended> =>
    sim(['run', ...args], { env });

  it('is made in a process of its own, and comes to the same', async () => {
    expect(await run(planted(LARGE), '--seed', '42')).toEqual(await sim(['run', '--seed', '42']));
    const drawn = await run(planted(LARGE), '--json');
    expect([drawn.status, JSON.parse(drawn.out).verdict]).toEqual([0, 'held']);
  });

  it('is inconclusive where that process is lost, and says how to make it again', async () => {
    const { status, out } = await run(planted(LARGE, endingHost(1)), '--seed', '42');
    expect(status).toBe(2);
    expect(out).toContain(LOST);
    expect(out).toContain('npx sim run --seed 42');
  });
});
