import { describe, expect, it } from 'vitest';
import { TELL_WORKER, underWay, waiting } from './under-way.testing.ts';

/** The host says that it was interrupted, and then hears of nothing any more. */
const GO_DEAF = "process.on('message', () => { console.error('deaf'); for (;;); });";

describe('a sweep under way', () => {
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
