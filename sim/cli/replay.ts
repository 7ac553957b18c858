/** `sim replay`: scenario files again, one line a verdict. */
import type { Argv } from 'yargs';
import type { ToldReplay } from '../report/replay.ts';
import type { Replay } from '../scenario/replay.ts';
import { RUN_LIMITS } from '../sweep/limits.ts';
import { checkArguments } from './arguments.ts';
import { jsonFlag, junitFlag, maxEventsFlag, runLimitFlag, switchFlag } from './options.ts';
import { EXIT, statusOfBisect, statusOfVerdict, worst } from './status.ts';

const options = {
  bisect: switchFlag('exit status for `git bisect run`: 0 holds, 1 violated, 125 can not be told'),
  'max-events': maxEventsFlag,
  'run-limit': runLimitFlag,
  json: jsonFlag,
  junit: junitFlag,
} as const;

export function addReplayCommand(cli: Argv): Argv {
  return cli.command(
    'replay <paths..>',
    'run scenario files again, and say whether they still do what they were kept for',
    (command) => {
      checkArguments({ flags: options, operands: { what: 'scenario files, or folders of them', many: true } });
      return command
        .positional('paths', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'scenario files, or folders of them',
        })
        .options(options);
    },
    (args) => replay(args),
  );
}

interface Args {
  readonly paths: readonly string[];
  readonly bisect: boolean;
  readonly 'max-events'?: number | undefined;
  readonly 'run-limit'?: number | undefined;
  readonly json: boolean;
  readonly junit?: string | undefined;
}

async function replay({
  paths,
  bisect,
  'max-events': maxEvents,
  'run-limit': limitMs = RUN_LIMITS.wallMs,
  json,
  junit,
}: Args): Promise<void> {
  if (await (await import('./host.ts')).leftToHost({ options: [], watched: true })) return;
  const [
    { choose },
    { invariantEntries },
    { commandRuns, commandSignal, leave, thrownBy },
    { givenUp },
    { findScenarioFiles },
    { invalidReplay, replayFile },
    { printable },
    { replayEnd, replayJson, replayLines, told },
    { replayReport },
    { replayFileCommand },
    { noteLine },
    { timeLimit },
    { tellCi },
    { colorsOfText, peoplesStream, print },
    { outputFile },
  ] = await Promise.all([
    import('./world.ts'),
    import('../scenario/catalogue.ts'),
    import('./command-runs.ts'),
    import('./given-up.ts'),
    import('../scenario/disk.ts'),
    import('../scenario/replay.ts'),
    import('../scenario/mistake.ts'),
    import('../report/replay.ts'),
    import('../report/suite.ts'),
    import('../report/replay-command.ts'),
    import('../report/progress.ts'),
    import('../sweep/time-limit.ts'),
    import('./ci.ts'),
    import('./output.ts'),
    import('./output-file.ts'),
  ]);
  const { world } = await choose({});
  const files = findScenarioFiles(paths);
  const file =
    junit === undefined
      ? undefined
      : outputFile(
          '--junit',
          junit,
          files.map(({ path }) => path),
        );
  const beganMs = performance.now();
  const replays: ToldReplay[] = [];
  const colors = colorsOfText(json);
  const stream = peoplesStream(json);
  const runs = commandRuns(maxEvents);
  const interrupted = timeLimit(Number.POSITIVE_INFINITY, commandSignal());
  const replayed = async (path: string): Promise<ToldReplay | null> => {
    const outcome = await runs.ask({ kind: 'replay', path, maxEvents, colored: colors.isColorSupported }, limitMs);
    if (outcome.kind === 'interrupted') return null;
    if (outcome.kind === 'stopped' && !outcome.begun) throw thrownBy(outcome);
    if (outcome.kind !== 'answer') {
      const replay = await replayFile(world, path, {}, ({ seed }) =>
        givenUp({ seed, world, wallMs: limitMs, maxEvents }, outcome),
      );
      return told(replay, { world, colors, maxEvents });
    }
    if (outcome.answer.kind !== 'replayed') {
      throw new Error(`asked for a replay, its thread answered ${outcome.answer.kind}`);
    }
    return outcome.answer.replay;
  };
  const note = noteLine(process.stderr);
  for (const { path, problem } of files) {
    if (await interrupted()) break;
    note.show(`replaying ${replays.length + 1} of ${files.length}: ${printable(path)}`);
    const replay =
      problem === undefined
        ? await replayed(path)
        : told(invalidReplay(path, [{ message: problem }]), { world, colors, maxEvents });
    if (replay === null) break;
    replays.push(replay);
    note.clear();
    // At once: what a later file does to this process takes nothing away from what is known of the earlier ones.
    stream.write(replayLines(replay, colors));
  }
  note.clear();
  const left = files.length - replays.length;
  const seconds = (performance.now() - beganMs) / 1000;
  const status = left > 0 ? EXIT.interrupted : statusOf(replays, bisect);
  print(json ? replayJson(replays, status) : undefined, () => replayEnd(replays));
  tellCi(
    replayReport(replays, invariantEntries(world), (path) => replayFileCommand(path, maxEvents), seconds),
    file,
    json,
  );
  if (left > 0) process.stderr.write(`sim: interrupted: ${replays.length} of ${files.length} files were replayed\n`);
  await leave(status, runs);
}

function statusOf(replays: readonly Replay[], bisect: boolean): number {
  if (bisect) return statusOfBisect(replays.map((replayed) => replayed.bisect));
  return worst(replays.map(({ verdict }) => statusOfVerdict(verdict)));
}
