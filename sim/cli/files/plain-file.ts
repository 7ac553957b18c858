/** Writes a plain script and tries it: some of what a run can order at one instant, real time orders in one way only. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { planOf, unplainable } from '../../plain/plan.ts';
import { plainScript } from '../../plain/script.ts';
import { shellWord } from '../../report/model/replay-command.ts';
import type { AnyScenario } from '../../scenario/file/read.ts';
import type { RunResult } from '../../scenario/run/result.ts';
import { UsageError } from '../arguments/values.ts';
import { writeNewFile } from './output-file.ts';

/** Operations as they stand, later than timers of the same instant, and earlier. */
const SHIFTS_MS = [0, 0.4, -0.4] as const;
const TRIES = 3;
const TRY_MS = 60_000;
/** A script takes about so long at most. */
const SCRIPT_MS = 20_000;
const SLOWER_MAX = 10;

export interface PlainExport {
  readonly scenario: AnyScenario;
  /** The run of the scenario, which is violated. */
  readonly run: RunResult;
  /** URL of the test's file. */
  readonly module: string;
  /** The scenario file. */
  readonly file: string;
  readonly output?: string | undefined;
}

export interface PlainTold {
  readonly path: string;
  readonly isReproduced: boolean;
  readonly reproduced: string;
  readonly command: string;
}

export async function exportPlain({ scenario, run, module, file, output }: PlainExport): Promise<PlainTold> {
  const why = unplainable(scenario);
  if (why !== undefined) throw new UsageError(`${file}: ${why}`);
  const path = output ?? `${basename(file).replace(/\.[a-z]+$/, '')}.mjs`;
  const testFile = fileURLToPath(module);
  const code = await withoutTypes(testFile);
  const slower = Math.max(1, Math.min(SLOWER_MAX, Math.floor(SCRIPT_MS / Math.max(1, run.virtualMs))));
  const failure = run.violations[0]?.message ?? '';
  const textWith = (shiftMs: number): Promise<string> =>
    plainScript({
      test: scenario.world,
      failure,
      plan: planOf(scenario, run, shiftMs),
      slower,
      file: testFile,
      code,
      path: resolve(path),
    });
  const first = await textWith(SHIFTS_MS[0]);
  writeNewFile(path, first);
  const command = `node ${shellWord(path)}`;
  for (const shiftMs of SHIFTS_MS) {
    writeFileSync(path, await textWith(shiftMs));
    if (await failsAlways(path)) {
      return { path, isReproduced: true, reproduced: `it failed in ${TRIES} of ${TRIES} tries here`, command };
    }
  }
  writeFileSync(path, first);
  const reproduced = 'it did not fail here each time: what the run orders at one instant, real time orders otherwise';
  return { path, isReproduced: false, reproduced, command };
}

async function withoutTypes(path: string): Promise<string> {
  const { transformSync } = await import('rolldown/utils').catch(() => {
    throw new UsageError('the package rolldown is needed to write a script: npm install --save-dev rolldown');
  });
  return transformSync(path, readFileSync(path, 'utf8'), { sourcemap: false }).code;
}

async function failsAlways(path: string): Promise<boolean> {
  for (let i = 0; i < TRIES; i += 1) if (!(await fails(path))) return false;
  return true;
}

/** Whether a script fails as it says, and not because something is wrong with it. */
function fails(path: string): Promise<boolean> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [path], { stdio: ['ignore', 'ignore', 'pipe'], timeout: TRY_MS });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.on('error', () => done(false)).on('close', (status) => done(status === 1 && said.startsWith('failed: ')));
  });
}
