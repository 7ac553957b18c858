/** Compares what programs have shown on Node and on a virtual host with what they may and must show. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { shownVirtually } from './on-virtual-host.ts';
import type { Program } from './program.ts';
import { PROGRAMS } from './programs.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = /\/dist\/$/;

export interface Comparison {
  /** What is wrong, one line each. */
  readonly faults: readonly string[];
  /** How many of the allowed logs Node has shown, and how many there are. */
  readonly onNode: number;
  readonly allowed: number;
}

export async function compare(times: number, seeds: number): Promise<Comparison> {
  const node = shownOnNode(times);
  const faults: string[] = [];
  let onNode = 0;
  let allowed = 0;
  for (const program of PROGRAMS) {
    const virtually = await shownVirtually(program, seeds);
    faults.push(...unexpected(program, virtually, 'the virtual host'));
    for (const log of program.logs)
      if (!virtually.has(log)) faults.push(`${program.name}: the virtual host does not show "${log}"`);
  }
  for (const [at, shown] of (await node).entries()) {
    const program = PROGRAMS[at];
    if (program === undefined) continue;
    faults.push(...unexpected(program, new Set(shown), 'Node'));
    onNode += shown.length;
    allowed += program.logs.length;
  }
  return { faults, onNode, allowed };
}

function unexpected({ name, logs }: Program, shown: ReadonlySet<string>, where: string): readonly string[] {
  return [...shown].filter((log) => !logs.includes(log)).map((log) => `${name}: ${where} shows "${log}"`);
}

/** The logs that each program has shown, in a process of plain Node. */
async function shownOnNode(times: number): Promise<readonly (readonly string[])[]> {
  const script = `${FOLDER.test(ROOT) ? ROOT : `${ROOT}dist/`}tools/conformance/on-node.js`;
  const child = spawn(process.execPath, ['--no-warnings', script, String(times)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { out, err } = await printedBy(child);
  const shown: unknown = out === '' ? undefined : JSON.parse(out);
  if (!isShown(shown) || shown.length !== PROGRAMS.length) throw new Error(`the programs did not run on Node: ${err}`);
  return shown;
}

function printedBy(child: ChildProcess): Promise<{ readonly out: string; readonly err: string }> {
  const printed = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed.out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    printed.err += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(printed));
  });
}

function isShown(value: unknown): value is readonly (readonly string[])[] {
  return (
    Array.isArray(value) && value.every((logs) => Array.isArray(logs) && logs.every((log) => typeof log === 'string'))
  );
}
