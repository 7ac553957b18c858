import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { PlainChooser } from '../choices/chooser.ts';
import { Kernel, type KernelOptions, type RunEnd } from '../kernel.ts';
import { restoreGuards } from './guards.ts';
import { flushOutput, keepingOutput } from './output.ts';

const runnersConsole = globalThis.console;

afterAll(() => {
  globalThis.console = runnersConsole;
  restoreGuards();
});

/** Puts a console in place that reads the clock as it prints, as a test runner's does; gives what reaches it. */
function clockedConsole(): string[] {
  const printed: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      printed.push(`${Date.now() > 0 ? '' : 'no clock: '}${chunk}`);
      setImmediate(() => done());
    },
  });
  globalThis.console = new Console({ stdout: stream, stderr: stream });
  return printed;
}

async function endOf(body: () => unknown, options: Partial<KernelOptions> = {}): Promise<RunEnd> {
  const kernel = new Kernel({ chooser: new PlainChooser(), ...options });
  kernel.root.spawn('printer', async () => {
    await kernel.root.sleep(1);
    body();
    await kernel.root.sleep(1);
  });
  return kernel.run();
}

/** What reaches standard error and standard output. */
async function streamsDuring(act: () => Promise<unknown>): Promise<{ readonly out: string; readonly err: string }> {
  restoreGuards();
  const { stdout, stderr } = process;
  const [writeOut, writeErr] = [stdout.write, stderr.write];
  let out = '';
  let err = '';
  stdout.write = (chunk: string | Uint8Array) => {
    out += chunk;
    return true;
  };
  stderr.write = (chunk: string | Uint8Array) => {
    err += chunk;
    return true;
  };
  try {
    await act();
  } finally {
    restoreGuards();
    stdout.write = writeOut;
    stderr.write = writeErr;
  }
  return { out, err };
}

describe('what a run prints', () => {
  test.each(['documented', 'synchronous'] as const)(
    'reaches a console that reads the clock, drained %s, and the run does not',
    async (drain) => {
      const printed = clockedConsole();
      const { log } = console;
      const end = await endOf(
        () => {
          console.log('first', { a: 1 });
          console.error('second');
          log('third');
        },
        { drain, stepsPerTurn: 1 },
      );
      expect(end).toEqual({ kind: 'idle' });
      expect(printed).toEqual(['first { a: 1 }\n', 'second\n', 'third\n']);
      console.log('outside');
      await new Promise(setImmediate);
      expect(printed.at(-1)).toBe('outside\n');
    },
  );

  test('goes to standard error, each line marked, whichever stream it was printed to', async () => {
    const streams = await streamsDuring(async () => {
      const own = new Console(process.stdout, process.stderr);
      const end = await endOf(() => {
        own.log('one\ntwo');
        process.stdout.write('three, ');
        process.stdout.write(Buffer.from('in parts\n'));
        process.stderr.write('four');
      });
      expect(end).toEqual({ kind: 'idle' });
    });
    expect(streams).toEqual({
      out: '',
      err: '[system] one\n[system] two\n[system] three, in parts\n[system] four\n',
    });
  });

  test('calls back whoever waits for it to be written', async () => {
    const called: string[] = [];
    await streamsDuring(() => endOf(() => process.stdout.write('x', () => called.push('written'))));
    expect(called).toEqual(['written']);
  });

  test('takes a bounded amount of memory, and says how much was lost', async () => {
    const { err } = await streamsDuring(() =>
      endOf(() => {
        for (let i = 0; i < 3 << 10; i++) process.stdout.write(`${'x'.repeat(1023)}\n`);
      }),
    );
    expect(err.split('\n').length).toBe((1 << 10) + 2);
    expect(err).toContain(`[system] … ${2 << 20} characters more, which were not kept\n`);
  });

  test('is kept in calls outside of segments as well, and nothing else is', async () => {
    const streams = await streamsDuring(async () => {
      await endOf(() => {});
      process.stdout.write('mine\n');
      keepingOutput(() => process.stdout.write("the system's\n"));
      flushOutput(true);
    });
    expect(streams).toEqual({ out: 'mine\n', err: "[system] the system's\n" });
  });
});
