/** The thread that a command's runs take place in (`run-jobs.ts`). */

import { parentPort } from 'node:worker_threads';
import { recordLine } from '../../kernel/trace/trace-text.ts';
import { describeError, isOf } from '../../scenario/blame/thrown.ts';
import type { RunOptions, RunResult } from '../../scenario/run/result.ts';
import { runScenario } from '../../scenario/run/run.ts';
import { runEither } from '../../sweep/source.ts';
import type { Message } from '../../sweep/workers/supervised.ts';
import { UsageError } from '../arguments/values.ts';
import { authorsMistake } from '../authors-mistake.ts';
import { choose } from '../world.ts';
import type { RunAnswer, RunJob } from './run-jobs.ts';
import { colorsIf, prepared, type RunRequest, tellRun } from './told-run.ts';

const port = parentPort;
/** Says something to the command; kept from before the first run, in which nothing can be sent. */
const say: (message: Message<RunAnswer>) => void = port?.postMessage.bind(port) ?? (() => {});
/** The command sees to the loops of this thread. */
const WATCHED: RunOptions = { segmentMs: Number.POSITIVE_INFINITY };
let writeTrace = (): void => {};

/** Loads the world. Meanwhile the port keeps nothing alive, so that a load which never ends is seen to have nothing to do. */
async function idling<T>(load: () => Promise<T>): Promise<T> {
  port?.unref();
  try {
    return await load();
  } finally {
    port?.ref();
  }
}

async function answerTo(job: RunJob): Promise<RunAnswer> {
  switch (job.kind) {
    case 'run':
      return { kind: 'told', told: await toldRun(job.request) };
    case 'write trace':
      writeTrace();
      return { kind: 'written' };
    case 'replay': {
      const { path, given } = job;
      const [{ world }, { replayFile }, { told }] = await Promise.all([
        idling(() => choose({ world: given.world })),
        import('../../scenario/replay.ts'),
        import('../../report/writers/replay.ts'),
      ]);
      const replay = await replayFile(world, path, {}, (scenario) => {
        say({ kind: 'run' });
        return runScenario(world, scenario, { ...WATCHED, keepTrace: true, maxEvents: given.maxEvents });
      });
      return { kind: 'replayed', replay: told(replay, { world, colors: colorsIf(job.colored), given }) };
    }
    case 'scenario': {
      const { world } = await idling(() => choose({ world: job.world }));
      say({ kind: 'run' });
      return { kind: 'result', result: await runScenario(world, job.scenario, { ...job.options, ...WATCHED }) };
    }
  }
}

async function toldRun(request: RunRequest) {
  const { trace: path, scenario } = request;
  const made = await idling(() => prepared(request));
  const { outputFile } = await import('../files/output-file.ts');
  const file = path === undefined ? undefined : outputFile('--trace', path, scenario === undefined ? [] : [scenario]);
  say({ kind: 'run' });
  const run = await madeRun(request, made);
  writeTrace = () => file?.writeLines(run.trace ?? [], recordLine);
  return tellRun(request, made, run);
}

async function madeRun(
  { untilMs, checked }: RunRequest,
  { world, source, what }: Awaited<ReturnType<typeof prepared>>,
): Promise<RunResult> {
  const options: RunOptions = { ...WATCHED, keepTrace: true, ...(untilMs === undefined ? {} : { untilMs }) };
  if (!checked) return runEither(world, source, what, options);
  const { runChecked } = await import('../../sweep/checks/determinism.ts');
  return runChecked(world, source, what, options, {
    onRun: () => say({ kind: 'run' }),
    onProcess: (pid) => say({ kind: 'process', pid }),
  });
}

port?.on('message', async (job: RunJob) => {
  try {
    say({ kind: 'answer', answer: await answerTo(job) });
  } catch (thrown) {
    const error = isOf(thrown, Error) ? thrown : new Error(describeError(thrown));
    const author = isOf(thrown, UsageError) ? undefined : authorsMistake(thrown);
    if (author !== undefined) say({ kind: 'thrown', error: new Error(author), name: 'AuthorError' });
    else say({ kind: 'thrown', error, name: isOf(thrown, UsageError) ? 'UsageError' : 'Error' });
  }
});
