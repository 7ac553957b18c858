import { execFileSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { scratchFolder } from '../../sim/testing/scratch-folder.testing.ts';
import { ConformError, conform, conformFile } from './conform.ts';

const VECTORS = fileURLToPath(new URL('../../test-data/vectors', import.meta.url));

describe('this build against the recorded vectors', async () => {
  const files = (await readdir(VECTORS)).filter((name) => name.endsWith('.jsonl'));

  it.each(files)('gives what %s recorded, case by case', async (name) => {
    const lines = (await readFile(join(VECTORS, name), 'utf8')).split('\n');
    const report = await conformFile(name, lines);
    expect(report.failures).toEqual([]);
    expect(report.passed).toBe(lines.filter((line) => line !== '').length);
  });

  it('covers all seven files', () => {
    expect(files).toHaveLength(7);
  });
});

describe('a file of vectors', () => {
  const good = '{"name":"a","append_id_ranges":[[1,3]],"appender":"log","capacity":2,"expected":EXPECTED}';
  const line = (expected: string) => good.replace('EXPECTED', expected);
  const held = line('{"dropped_count":1,"id_ranges":[[2,3]],"len":2}');

  it('tells a case that differs by name, with where it differs', async () => {
    const wrong = line('{"dropped_count":2,"id_ranges":[[2,3]],"len":2}');
    expect(await conformFile('buffering-appenders.jsonl', [held, wrong, ''])).toEqual({
      file: 'buffering-appenders.jsonl',
      passed: 1,
      failures: [{ case: 'a', message: 'result.dropped_count: expected 2, got 1' }],
    });
  });

  it('tells a case that is not of the file’s form as a failure of that case', async () => {
    const { failures } = await conformFile('buffering-appenders.jsonl', [line('{"len":2}')]);
    expect(failures).toHaveLength(1);
    expect(failures[0]?.message).toMatch(/^not a vector of this file: /);
  });

  it('reads numbers above 2^53 from decimal strings, and refuses one above 2^64 - 1', async () => {
    const big = (last: string) =>
      `{"name":"big","append_id_ranges":[["18446744073709551613","${last}"]],"appender":"action","capacity":1,` +
      `"expected":{"dropped_count":2,"id_ranges":[["18446744073709551615","18446744073709551615"]],"len":1}}`;
    const report = await conformFile('buffering-appenders.jsonl', [
      big('18446744073709551615'),
      big('18446744073709551616'),
    ]);
    expect(report.passed).toBe(1);
    expect(report.failures[0]?.message).toContain('above 2^64 - 1');
  });

  it('reads bytes by the million, and no half ones', async () => {
    const empty = (bytes: string) =>
      JSON.stringify({ name: 'x', bytes, result: { err: { kind: 'empty', message: 'm' } } });
    const { failures } = await conformFile('action-chain-decode-errors.jsonl', [
      empty('00'.repeat(5_000_000)),
      empty('0'),
    ]);
    expect(failures[0]?.message).toMatch(/^result/);
    expect(failures[1]?.message).toMatch(/^not a vector of this file: .*half a byte/);
  });

  it('takes of a failed step of many what is recorded of it', async () => {
    const record = { id: 1, kind: 'k', emitted_at_ms: 0, disposition: { type: 'dispatched' } };
    const events = [...Array.from({ length: 61 }, () => ({ record })), { bytes: '' }];
    const fold = (step: object) =>
      JSON.stringify({ name: 'x', events, error_steps: [step], final_ring: [], final_len: 0 });
    const error = 'ActionChainRecord: empty payload';
    const [told] = (await conformFile('fold.jsonl', [fold({ step: 61, error: 'other' })])).failures;
    expect(told?.message).toContain('steps[61].error');
    const found = told?.message.match(/got "(.*)"$/)?.[1] ?? error;
    const report = await conformFile('fold.jsonl', [
      fold({ step: 61, error: found }),
      fold({ step: 61, error: found, len: 0, last: null }),
      fold({ step: 61, error: found, len: 1 }),
    ]);
    expect([report.passed, report.failures.map(({ message }) => message)]).toEqual([
      2,
      ['steps[61].len: expected 1, got 0'],
    ]);
  });

  it('is refused, with file and line, where a line is not JSON or has no name', async () => {
    await expect(conformFile('fold.jsonl', ['', '{"name":'])).rejects.toThrow('fold.jsonl:2: not JSON');
    await expect(conformFile('fold.jsonl', ['{"steps":[]}'])).rejects.toThrow('fold.jsonl:1: not a vector with a name');
    await expect(conformFile('fold.jsonl', ['7'])).rejects.toThrow('fold.jsonl:1: not a vector with a name');
  });

  it('is refused where nobody checks it, or it holds nothing', async () => {
    await expect(conformFile('other.jsonl', [held])).rejects.toThrow('other.jsonl: no checker for this file');
    await expect(conformFile('fold.jsonl', ['', ' '])).rejects.toThrow('fold.jsonl: holds no vectors');
  });
});

describe('a folder of vectors', () => {
  let dir = '';
  beforeEach(() => {
    dir = scratchFolder();
  });

  const held = '{"events":[],"final_len":0,"final_ring":[],"name":"empty","steps":[]}';
  const wrong = '{"events":[],"final_len":1,"final_ring":[],"name":"not-so","steps":[]}';

  it('is reported file by file, with totals, other files passed over', async () => {
    await writeFile(join(dir, 'fold.jsonl'), `${held}\n${wrong}\n`);
    await writeFile(join(dir, 'README.md'), 'not vectors');
    const failures = [{ case: 'not-so', message: 'final_len: expected 1, got 0' }];
    expect(await conform(dir)).toEqual({
      files: [{ file: 'fold.jsonl', passed: 1, failures }],
      passed: 1,
      failed: 1,
    });
  });

  it.each([
    ['a folder', 'mkdir', 'fold.jsonl: expected a file; found a folder'],
    ['a pipe, which it does not wait for', 'mkfifo', 'fold.jsonl: expected a file; found a pipe, a socket or a device'],
  ])('is refused where a vector file is %s', async (_what, make, problem) => {
    execFileSync(make, [join(dir, 'fold.jsonl')]);
    await expect(conform(dir)).rejects.toThrow(new ConformError(join(dir, problem)));
  });

  it('is refused without vector files, with one nobody checks, or where it cannot be read', async () => {
    await expect(conform(dir)).rejects.toThrow('no vector files');
    await writeFile(join(dir, 'fold.jsonl'), `${held}\n`);
    await writeFile(join(dir, 'unknown.jsonl'), `${held}\n`);
    await expect(conform(dir)).rejects.toThrow(`${join(dir, 'unknown.jsonl')}: no checker for this file`);
    await expect(conform(join(dir, 'missing'))).rejects.toThrow('missing: there is no such file or folder');
  });
});
