/** What a sweep makes of runs that wait: for what does not come, for long, or until they are ended. */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { statusOfSweep } from '../../cli/status.ts';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import type { SweepResult } from '../result.ts';
import { spoilt, sweepToy } from '../toy-sweep.testing.ts';
import { threadsGivenUp } from './thread.ts';

// Each starts threads, one after another.
vi.setConfig({ testTimeout: 120_000 });

/** What came of each seed that did not hold. */
function grief({ failures, problems }: SweepResult): readonly string[] {
  return [
    ...failures.map(({ seed, invariant, message }) => `${seed} violated ${invariant}: ${message}`),
    ...problems.map(({ seed, verdict, problem }) => `${seed} ${verdict}: ${problem}`),
  ];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a run that takes too much', () => {
  it('is inconclusive when a native call does not return, though its thread cannot be ended', async () => {
    const pipe = join(scratchFolder(), 'nobody-writes');
    execFileSync('mkfifo', [pipe]);
    const call = `process.getBuiltinModule('fs').openSync(${JSON.stringify(pipe)})`;
    const result = await sweepToy({ source: spoilt(`if (seed === 5n) ${call}`), runs: 12, runWallMs: 1_000 });
    expect(grief(result)).toEqual(['5 inconclusive: a native call did not return within 1 s of host time']);
    expect(result.runs).toBe(12);
    expect(threadsGivenUp()).toBe(1);
    closeSync(openSync(pipe, 'w'));
    await expect.poll(threadsGivenUp, { timeout: 20_000 }).toBe(0);
  });

  it('is inconclusive when it waits for a process, which does not outlive it', async () => {
    const file = join(scratchFolder(), 'pid');
    const wait = `echo $$ > ${file}; exec sleep 1000`;
    const call = `process.getBuiltinModule('child_process').execSync(${JSON.stringify(wait)})`;
    const result = await sweepToy({ source: spoilt(`if (seed === 5n) ${call}`), runs: 12, runWallMs: 1_000 });
    expect(grief(result)).toEqual(['5 inconclusive: a native call did not return within 1 s of host time']);
    expect(result.runs).toBe(12);
    expect(statusOfSweep(result)).toBe(2);
    const pid = Number(readFileSync(file, 'utf8'));
    await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
    // With it the call returns, and the thread ends.
    await expect.poll(threadsGivenUp, { timeout: 20_000 }).toBe(0);
  });

  it('is named when it is under way long after the time of the sweep is up', async () => {
    const result = await sweepToy({ source: spoilt('if (seed === 1n) for (;;);'), runs: 2, jobs: 2, timeMs: 8_000 });
    expect(grief(result)).toEqual(["1 inconclusive: had not ended 5 s after the sweep's time was up"]);
    expect(result.runs).toBe(2);
  });

  it('is innocent when its host was stopped meanwhile', async () => {
    // It waits for two seconds, in which its process is stopped for six.
    const wait = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000)';
    const stop = `kill -STOP ${process.pid}; sleep 6; kill -CONT ${process.pid}`;
    const begun: Promise<SweepResult> = sweepToy({
      source: spoilt(`if (seed === 5n) ${wait}`),
      runs: 12,
      runWallMs: 4_000,
      onUnderWay: (seeds) => {
        if (stopped || !seeds.includes(5n)) return;
        stopped = true;
        spawn('sh', ['-c', stop], { stdio: 'ignore' });
      },
    });
    let stopped = false;
    expect(await begun).toMatchObject({ runs: 12, failures: [], problems: [] });
    expect(stopped).toBe(true);
  });

  it('counts when it ends while its worker is being ended', async () => {
    // Each takes about as long as it may.
    const wait = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 180)';
    const result = await sweepToy({ source: spoilt(wait), runs: 12, runWallMs: 200 });
    expect(result.runs).toBe(12);
    expect(grief(result).filter((line) => !/inconclusive: took more than 0.2 s|no-livelock/.test(line))).toEqual([]);
  });
});

describe('what one run leaves to another', () => {
  it('is searched for a few times only', async () => {
    const late = "if (seed % 4n === 0n) setTimeout(() => { throw new Error('too late'); }, 100)";
    const wait = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)';
    const result = await sweepToy({ source: spoilt(`${late}; ${wait}`), runs: 40, jobs: 2 });
    expect(result.runs).toBe(40);
    // One that is slower than its timer dies of it by itself.
    const found = result.problems.filter(({ problem }) => problem.startsWith('the run left'));
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(5);
    expect(found.filter(({ seed }) => seed % 4n !== 0n)).toEqual([]);
  });
});
