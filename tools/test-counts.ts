/** `node dist/tools/test-counts.js REPORT.json…`: the line `N passed, N failed, N skipped` of vitest JSON reports together. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Report = z.object({
  numTotalTests: z.int(),
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
});

const paths = process.argv.slice(2);
if (paths.length === 0) throw new RangeError('expected at least one report');

let passed = 0;
let failed = 0;
let skipped = 0;
for (const path of paths) {
  const report = Report.parse(JSON.parse(readFileSync(path, 'utf8')));
  /** Files that failed outside any test, such as when loading. The runner counts no test for them. */
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  passed += report.numPassedTests;
  failed += report.numFailedTests + broken;
  skipped += report.numPendingTests + report.numTodoTests;
}
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
