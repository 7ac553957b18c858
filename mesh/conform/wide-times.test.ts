/** Vectors with values above 2^53: right ones pass, and those that are off by one do not. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { conform, conformFile } from './conform.ts';

const FOLDER = fileURLToPath(new URL('../../test-data/wide-vectors', import.meta.url));
/** A whole number of sixteen digits or more, quoted or not, in what is expected. */
const LARGE = /(?<![0-9])[0-9]{16,20}(?![0-9])/g;

describe('vectors with values above 2^53', () => {
  it('pass', async () => {
    expect(await conform(FOLDER)).toMatchObject({ passed: 10, failed: 0 });
  });

  it.each(['backpressure.jsonl', 'executor.jsonl'])('fail in %s where one result is off by one', async (file) => {
    const lines = (await readFile(join(FOLDER, file), 'utf8')).trim().split('\n');
    const wrong = lines.flatMap(offByOne);
    expect(wrong.length).toBeGreaterThan(3);
    const { passed, failures } = await conformFile(file, wrong);
    expect([passed, failures.length]).toEqual([0, wrong.length]);
    expect(failures.filter(({ message }) => !message.includes('expected'))).toEqual([]);
  });
});

/** The vector with each of the large numbers of its results one less than it is, in turn. */
function offByOne(line: string): string[] {
  const key = line.includes('"expected":') ? '"expected":' : '"results":';
  const end = key === '"expected":' ? '"failure_appender_fail_on"' : '}]}';
  const from = line.indexOf(key);
  const to = line.indexOf(end, from);
  const results = line.slice(from, to);
  return [...results.matchAll(LARGE)].map(({ 0: digits, index }) => {
    const changed = `${BigInt(digits) - 1n}`;
    return line.slice(0, from + index) + changed + line.slice(from + index + digits.length);
  });
}
