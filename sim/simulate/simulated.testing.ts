/** Runs a simulated test as vitest would, in a folder of its own, and gives what it throws. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SimulatedTest } from './options.ts';

/** The path of a test file that is not there, in a folder that is there until the test ends. */
export function testFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'simulated-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'node_modules'));
  return join(folder, 'a.test.ts');
}

export interface Ran {
  /** What the test threw; undefined if it is green. */
  readonly error: Error | undefined;
  /** What was said of a green test. */
  readonly notes: readonly string[];
  /** The files that are kept beside the test, by path. */
  readonly kept: readonly string[];
}

interface Told {
  readonly name?: string;
  readonly file?: string;
  readonly signal?: AbortSignal;
  readonly timeout?: number;
  /** SIM_SEED and SIM_RUNS. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function ranTest(test: SimulatedTest, told: Told = {}): Promise<Ran> {
  const { name = 'a test', file = testFile(), signal, timeout = 60_000, env = {} } = told;
  const notes: string[] = [];
  const suite = { name: 'a.test.ts', filepath: file };
  const task = { name, file: suite, suite, timeout, result: { state: 'run' } };
  const context = { task, signal, annotate: async (text: string) => void notes.push(text) };
  const before = { SIM_SEED: process.env.SIM_SEED, SIM_RUNS: process.env.SIM_RUNS, CI: process.env.CI };
  setEnv({ SIM_SEED: undefined, SIM_RUNS: undefined, CI: undefined, ...env });
  let error: Error | undefined;
  try {
    await test(context);
  } catch (thrown) {
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
  } finally {
    setEnv(before);
  }
  return { error, notes, kept: keptBeside(file) };
}

function setEnv(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

function keptBeside(file: string): readonly string[] {
  const folder = join(file, '../__sim__/a.test.ts');
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
