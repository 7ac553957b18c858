import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { type Ended, MAIN, program, sim, withPreloaded } from '../testing/command.testing.ts';
import { TELL_WORKER, underWay } from '../testing/under-way.testing.ts';
import { HOST_OPTIONS } from './host.ts';

const words = (line: string): readonly string[] => line.split(' ');

/** Each says what options its Node was given. */
const TELL_OPTIONS = withPreloaded("console.error('options:' + JSON.stringify(process.execArgv))");

function optionsTold({ err }: Ended): readonly (readonly string[])[] {
  return [...err.matchAll(/^options:(.*)$/gm)].map(([, options = '']) => JSON.parse(options));
}

describe('a command with worker threads', () => {
  it('leaves its work to a process in which V8 keeps to the threads of the workers', async () => {
    const swept = await sim(words('sweep --runs 1 --profile calm'), { env: TELL_OPTIONS });
    const [command, host, worker] = optionsTold(swept);
    expect(command).toEqual([]);
    expect(host).toEqual(HOST_OPTIONS);
    expect(worker).toEqual(HOST_OPTIONS);
    expect(swept.status).toBe(0);
  });

  it('does it itself where Node was started with options', async () => {
    const args = ['--no-deprecation', MAIN, ...words('sweep --runs 1 --profile calm')];
    const swept = await program(process.execPath, args, { env: TELL_OPTIONS });
    // Of the command and its workers.
    expect(new Set(optionsTold(swept).map((told) => told.join()))).toEqual(new Set(['--no-deprecation']));
    expect(swept.status).toBe(0);
  });

  it('does it itself where Node does not know the options any more', async () => {
    const script = join(scratchFolder(), 'leave.mjs');
    const host = new URL('../../../dist/sim/cli/process/host.js', import.meta.url).href;
    writeFileSync(
      script,
      `import { leftToHost } from '${host}'; console.log(await leftToHost({ options: ['--no-such-option'] }));`,
    );
    expect(await program(process.execPath, [script])).toMatchObject({ status: 0, out: 'false\n' });
  });

  it('says nothing and ends as it would by itself on wrong use', async () => {
    const { status, out, err } = await sim(words('sweep --require-marks no.such-mark'), { env: TELL_OPTIONS });
    expect({ status, out }).toEqual({ status: 64, out: '' });
    expect(err.match(/^sim: .*$/gm)).toHaveLength(1);
  });
});

describe('a sweep under way', () => {
  it('ends with what it had at a SIGINT', async () => {
    const { child, ended } = await underWay();
    process.kill(child.pid ?? 0, 'SIGINT');
    const { status, out } = await ended;
    expect(JSON.parse(out)).toMatchObject({ failed: 0 });
    expect(status).toBe(130);
  });

  it('tells what was known and ends with 2 when its host is killed', async () => {
    const file = join(scratchFolder(), 'host');
    const tellHost = `import { writeFileSync } from 'node:fs';
      if (isMainThread && process.send !== undefined) writeFileSync(${JSON.stringify(file)}, String(process.pid));`;
    const { ended } = await underWay(TELL_WORKER + tellHost);
    process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
    const { status, out } = await ended;
    expect(status).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ end: 'lost', failed: 0 });
  });
});
