/**
 * Checks that a run is a function of its seed, or of its scenario. It is made twice in this process and once in a fresh
 * one, in another time zone and language, and the traces are compared event by event.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TraceRecord } from '../../kernel/trace/trace.ts';
import { firstDifference, recordLine } from '../../kernel/trace/trace-text.ts';
import type { AnyScenario } from '../../scenario/file/read.ts';
import type { RunOptions, RunResult } from '../../scenario/run/result.ts';
import type { World } from '../../world.ts';
import type { Source } from '../source.ts';
import { runEither } from '../source.ts';
import { beside } from '../workers/beside.ts';

/** A run in a form that can be compared across processes. */
export interface Recording {
  readonly digest: string;
  /** The rest of the result, as text. */
  readonly summary: string;
  readonly trace: readonly TraceRecord[];
}

/** What a fresh process is asked to do. */
export interface FreshRunRequest {
  readonly source: Source;
  readonly what: bigint | AnyScenario;
  readonly options: RunOptions;
}

export interface Checking {
  /** Script of the other process; for tests. */
  readonly fresh?: URL | undefined;
  /** Called before each run begins. */
  readonly onRun?: (() => void) | undefined;
  /** Called with the other process. */
  readonly onProcess?: ((pid: number) => void) | undefined;
}

/** Host settings that no run may depend on. */
const FRESH_ENV = { TZ: 'Pacific/Chatham', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' };

/**
 * The run of a seed or a scenario. If another run of the same differs, its verdict is `nondeterminism` and it names the
 * first event that differs.
 */
export async function runChecked(
  world: World,
  source: Source,
  what: bigint | AnyScenario,
  options: RunOptions,
  { fresh = beside(import.meta.url, './fresh-run'), onRun = () => {}, onProcess = () => {} }: Checking = {},
): Promise<RunResult> {
  const kept: RunOptions = { ...options, keepTrace: true };
  const run = await runEither(world, source, what, kept);
  if (run.verdict !== 'held' && run.verdict !== 'violated' && run.verdict !== 'inconclusive') return run;
  const first = recordingOf(run);
  onRun();
  const second = recordingOf(await runEither(world, source, what, kept));
  const found =
    difference(first, second, 'run a second time in this process') ??
    difference(first, await freshRun(fresh, { source, what, options: kept }, onProcess), 'run in a fresh process');
  return found === undefined ? run : { ...run, verdict: 'nondeterminism', problem: found };
}

export function recordingOf(run: RunResult): Recording {
  const { verdict, events, operations, virtualMs, faults, violations, marks } = run;
  return {
    digest: run.digest,
    summary: JSON.stringify({ verdict, events, operations, virtualMs, faults, violations, marks }),
    trace: run.trace ?? [],
  };
}

/** Where two recordings of one seed differ, in one line. Undefined if nowhere. */
function difference(first: Recording, other: Recording, how: string): string | undefined {
  const parting = firstDifference(first.trace, other.trace);
  if (parting !== undefined) {
    const { event, left, right } = parting;
    return `${how}, event ${event} differs: first ${shown(left)}, now ${shown(right)}`;
  }
  if (first.summary !== other.summary) {
    return `${how}, all events are equal and the result differs: first ${first.summary}, now ${other.summary}`;
  }
  if (first.digest !== other.digest) return `${how}, all events are equal and the final state differs`;
  return undefined;
}

function shown(record: TraceRecord | undefined): string {
  return record === undefined ? 'no more events' : recordLine(record);
}

async function freshRun(script: URL, request: FreshRunRequest, onProcess: (pid: number) => void): Promise<Recording> {
  const child = fork(fileURLToPath(script), { serialization: 'advanced', env: { ...process.env, ...FRESH_ENV } });
  if (child.pid !== undefined) onProcess(child.pid);
  let recording: Recording | undefined;
  child.on('message', (message: Recording) => {
    recording = message;
  });
  child.send(request, () => {});
  // Its answer may be read after its exit, but not after its channel has closed.
  const [[code, signal]] = await Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
  if (recording === undefined) throw new Error(`the fresh process gave no run: it ended with ${signal ?? code}`);
  return recording;
}
