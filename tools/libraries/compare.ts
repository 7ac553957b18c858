/**
 * Runs the same seeds of all libraries in several settings, each in its own processes, and compares what they came to: in
 * ascending order in one process, in another order in two, and under other engines.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';

import { fileURLToPath } from 'node:url';
import { addDigests, digestTerm, digestText } from '../../sim/sweep/counts/digest-sum.ts';
import type { Line, Seen, Share } from './seeds.ts';
import { shuffled } from './seeds.ts';
import { STYLES, type Style } from './world.ts';

const SCRIPT = fileURLToPath(new URL('./on-engine.js', import.meta.url));
/** The same as for the workers of a sweep (`sim/cli/process/host.ts`). */
const NODE_FLAGS = ['--no-warnings', '--single-threaded-gc', '--max-semi-space-size=64'];

export interface Setting {
  readonly name: string;
  readonly executable: string;
  readonly runs: number;
  readonly workers: number;
  readonly order: 'ascending' | 'shuffled';
}

/** By seed: what the runs of a library came to in a style. */
export type Found = ReadonlyMap<number, Seen>;

/** By the name of the library and the style. */
export type Table = ReadonlyMap<string, Found>;

export const rowName = (library: string, style: Style): string => `${library} ${style}`;

/** All libraries of these names in one setting. */
export async function runIn(setting: Setting, names: readonly string[]): Promise<Table> {
  const { runs, workers, order } = setting;
  const seeds = order === 'shuffled' ? shuffled(runs) : Array.from({ length: runs }, (_, i) => i + 1);
  const table = new Map<string, Map<number, Seen>>();
  for (const name of names) for (const style of STYLES) table.set(rowName(name, style), new Map());
  await Promise.all(
    Array.from({ length: workers }, (_, worker) =>
      runShare(setting.executable, { names, seeds: seeds.filter((_seed, i) => i % workers === worker) }, (line) => {
        const found = table.get(rowName(line.library, line.style));
        for (const seen of line.seen) found?.set(seen.seed, seen);
      }),
    ),
  );
  return table;
}

async function runShare(executable: string, share: Share, take: (line: Line) => void): Promise<void> {
  if (!existsSync(SCRIPT)) throw new Error(`${SCRIPT} is not built`);
  const flags = isBun(executable) ? [] : NODE_FLAGS;
  const child = spawn(executable, [...flags, SCRIPT, JSON.stringify(share)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  for await (const text of createInterface({ input: child.stdout })) take(JSON.parse(text));
  const status = await ended;
  if (status !== 0) throw new Error(`${executable} ended with ${status}`);
}

const isBun = (executable: string): boolean => basename(executable) === 'bun';

/** What is wrong with the runs of a table: missing ones, and those that did not hold. */
export function redRuns(table: Table, runs: number): readonly string[] {
  const faults: string[] = [];
  for (const [row, found] of table) {
    if (found.size !== runs) faults.push(`${row}: ${found.size} of ${runs} runs`);
    const red = [...found.values()].filter(({ verdict }) => verdict !== 'held').sort((a, b) => a.seed - b.seed);
    const [first] = red;
    if (first === undefined) continue;
    faults.push(`${row}: ${red.length} red, the first is seed ${first.seed}: ${first.verdict}: ${first.problem}`);
  }
  return faults;
}

/** Where seeds of one table came to something else than in another table, which has them all. */
export function differences(name: string, table: Table, reference: Table): readonly string[] {
  const faults: string[] = [];
  for (const [row, found] of table) {
    const expected = reference.get(row);
    const other = [...found.values()]
      .filter(({ seed, digest }) => expected?.get(seed)?.digest !== digest)
      .sort((a, b) => a.seed - b.seed);
    const [first] = other;
    if (first === undefined) continue;
    faults.push(`${row}: ${other.length} of ${found.size} seeds differ with ${name}, the first is ${first.seed}`);
  }
  return faults;
}

/** One digest for all runs, in whatever order they were made. */
export function digestOf(found: Found): string {
  let sum = 0n;
  for (const { seed, digest } of found.values()) sum = addDigests(sum, digestTerm(BigInt(seed), digest));
  return digestText(sum);
}
