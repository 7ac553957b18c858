import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { sim, withPreloaded } from '../testing/command.testing.ts';
import { TELL_WORKER, underWay, waiting } from '../testing/under-way.testing.ts';

/** The host says that it was interrupted, and then hears of nothing any more. */
const GO_DEAF = "process.on('message', () => { console.error('deaf'); for (;;); });";

describe('a sweep under way', () => {
  it.each([
    ['SIGINT', 'at all its processes, as a terminal sends it', (pid: number) => -pid],
    ['SIGTERM', 'at the command alone', (pid: number) => pid],
    ['SIGHUP', 'at all its processes', (pid: number) => -pid],
  ] as const)('ends with what it had at one %s %s', async (signal, _at, target) => {
    const { child, ended } = await underWay();
    process.kill(target(child.pid ?? 0), signal);
    const { status, out } = await ended;
    expect(JSON.parse(out)).toMatchObject({ failed: 0 });
    expect(status).toBe(130);
  });

  it('ends at a second one where its host hears of none', async () => {
    const { child, ended } = await underWay(TELL_WORKER + GO_DEAF);
    child.kill('SIGINT');
    for await (const text of child.stderr) if (String(text).includes('deaf')) break;
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ status: 130, out: '' });
  });

  it('ends with what it had when the command is killed and only the host is left', async () => {
    const { child, ended } = await underWay();
    child.kill('SIGKILL');
    const { signal, out } = await ended;
    expect(signal).toBe('SIGKILL');
    expect(JSON.parse(out)).toMatchObject({ failed: 0 });
  });

  it('leaves no process behind when the command is killed while a worker waits for one', async () => {
    const { child, ended } = await underWay(waiting("execSync('sleep 1000')"));
    child.kill('SIGKILL');
    // Of all that have its output open, the last has ended then.
    expect((await ended).signal).toBe('SIGKILL');
  });
});

it('ends within its time, with its own status, where a worker cannot be ended', async () => {
  const pipe = join(scratchFolder(), 'nobody-writes');
  execFileSync('mkfifo', [pipe]);
  const env = withPreloaded(waiting(`openSync(${JSON.stringify(pipe)})`));
  const { status, out } = await sim('sweep --runs 4 --jobs 1 --time 100ms --json'.split(' '), { env });
  expect(JSON.parse(out)).toMatchObject({ end: 'time', runs: 0, cutShort: 4 });
  expect(status).toBe(2);
});
