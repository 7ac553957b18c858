/** What a CI system is given of a result: a JUnit file where one was asked for, and within GitHub's CI what it shows. */
import { appendFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { Report } from '../../report/model/suite.ts';
import { annotations } from '../../report/writers/annotations.ts';
import { junitXml } from '../../report/writers/junit.ts';
import { summaryMarkdown } from '../../report/writers/summary.ts';
import { describeError } from '../../scenario/blame/thrown.ts';
import { printable } from '../../scenario/file/mistake.ts';
import type { OutputFile } from './output-file.ts';

/** With `json`, standard output has its one document; GitHub reads annotations from standard error, too. */
export function tellCi(report: Report, junit: OutputFile | undefined, json: boolean): void {
  tellGitHub(report, json);
  junit?.writeLines([junitXml(report, new Date()).trimEnd()], (text) => text);
}

function tellGitHub(report: Report, json: boolean): void {
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY, GITHUB_WORKSPACE = '.' } = process.env;
  if (GITHUB_ACTIONS !== 'true') return;
  const root = resolve(GITHUB_WORKSPACE);
  for (const line of annotations(report, (file) => relative(root, resolve(file)).split(sep).join('/'))) {
    (json ? process.stderr : process.stdout).write(`${line}\n`);
  }
  if (GITHUB_STEP_SUMMARY === undefined || GITHUB_STEP_SUMMARY === '') return;
  try {
    appendFileSync(GITHUB_STEP_SUMMARY, summaryMarkdown(report));
  } catch (error) {
    // The verdict does not hang on a page that shows it.
    process.stderr.write(`sim: no job summary: ${printable(describeError(error))}\n`);
  }
}
