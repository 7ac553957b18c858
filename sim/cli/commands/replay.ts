/** `sim replay`: scenario files again, one line a verdict. */

import type { Argv } from 'yargs';
import type { GivenFlags } from '../../report/model/replay-command.ts';
import type { ToldReplay } from '../../report/writers/replay.ts';
import type { Candidate } from '../../scenario/file/disk.ts';
import type { Replay } from '../../scenario/replay.ts';
import { RUN_LIMITS } from '../../sweep/workers/limits.ts';
import type { World } from '../../world.ts';
import { checkArguments } from '../arguments/arguments.ts';
import { jsonFlag, junitFlag, maxEventsFlag, runLimitFlag, switchFlag, worldFlag } from '../arguments/options.ts';
import type { Runs } from '../runs/run-jobs.ts';
import { EXIT, statusOfBisect, statusOfVerdict, worst } from '../status.ts';

const options = {
  bisect: switchFlag('exit status for `git bisect run`: 0 holds, 1 violated, 125 can not be told'),
  world: worldFlag,
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
  readonly world?: string | undefined;
  readonly 'max-events'?: number | undefined;
  readonly 'run-limit'?: number | undefined;
  readonly json: boolean;
  readonly junit?: string | undefined;
}

async function replay(args: Args): Promise<void> {
  const { paths, bisect, 'max-events': maxEvents, json, junit } = args;
  const beganMs = performance.now();
  const { knownFiles, leftToHosts, lostReplay, tellReplayed, tellUnderWay } = await import('../runs/lost-replay.ts');
  const lost = await leftToHosts(async (n, problem) => {
    const { findScenarioFiles } = await import('../../scenario/file/disk.ts');
    const path = findScenarioFiles(paths)[n]?.path;
    return path === undefined ? undefined : tellLine(lostReplay(path, problem), json);
  });
  if (lost === 'done') return;
  const [
    { choose },
    { invariantEntries },
    { commandRuns, commandSignal, idleRuns, leave },
    { findScenarioFiles },
    { printable },
    { replayEnd, replayJson },
    { replayReport },
    { replayFileCommand },
    { noteLine },
    { timeLimit },
    { tellCi },
    { print },
    { outputFile },
  ] = await Promise.all([
    import('../world.ts'),
    import('../../scenario/file/catalogue.ts'),
    import('../runs/command-runs.ts'),
    import('../../scenario/file/disk.ts'),
    import('../../scenario/file/mistake.ts'),
    import('../../report/writers/replay.ts'),
    import('../../report/model/suite.ts'),
    import('../../report/model/replay-command.ts'),
    import('../../report/writers/progress.ts'),
    import('../../sweep/time-limit.ts'),
    import('../files/ci.ts'),
    import('../files/output.ts'),
    import('../files/output-file.ts'),
  ]);
  const { world } = await choose({ world: args.world });
  const files = findScenarioFiles(paths);
  const file =
    junit === undefined
      ? undefined
      : outputFile(
          '--junit',
          junit,
          files.map(({ path }) => path),
        );
  const replays: ToldReplay[] = [...(lost?.replays ?? [])];
  const known = knownFiles();
  if (lost === undefined) {
    const runs = commandRuns(maxEvents);
    const note = noteLine(process.stderr);
    const interrupted = timeLimit(Number.POSITIVE_INFINITY, commandSignal());
    for (const [n, candidate] of files.entries()) {
      if (known !== undefined && n < known) continue;
      if (await interrupted()) break;
      note.show(`replaying ${n + 1} of ${files.length}: ${printable(candidate.path)}`);
      tellUnderWay();
      const replay = await replayed(candidate, { args, world, runs });
      if (replay === null) break;
      note.clear();
      // At once: what a later file does to this process takes nothing away from what is known of the earlier ones.
      replays.push(await tellLine(replay, json));
      tellReplayed(replay);
    }
    note.clear();
  } else if (lost.gaveUp !== undefined) {
    for (const { path } of files.slice(replays.length)) {
      replays.push(await tellLine(lostReplay(path, lost.gaveUp), json));
    }
  }
  const left = files.length - (known ?? 0) - replays.length;
  const seconds = (performance.now() - beganMs) / 1000;
  const status = left > 0 ? (lost?.status ?? EXIT.interrupted) : statusOf(replays, bisect);
  // An earlier host was lost: the parent process reports the result of all hosts.
  if (known !== undefined) return leave(status, idleRuns());
  print(json ? replayJson(replays, status) : undefined, () => replayEnd(replays));
  tellCi(
    replayReport(replays, invariantEntries(world), (path) => replayFileCommand(path, givenTo(args)), seconds),
    file,
    json,
  );
  if (left > 0) process.stderr.write(`sim: interrupted: ${replays.length} of ${files.length} files were replayed\n`);
  await leave(status, idleRuns());
}

/** Says what a file came to. */
async function tellLine(replay: ToldReplay, json: boolean): Promise<ToldReplay> {
  const [{ replayLines }, { colorsOfText, peoplesStream }] = await Promise.all([
    import('../../report/writers/replay.ts'),
    import('../files/output.ts'),
  ]);
  peoplesStream(json).write(replayLines(replay, colorsOfText(json)));
  return replay;
}

interface Replaying {
  readonly args: Args;
  readonly world: World;
  readonly runs: Runs;
}

/** One file, in the thread of the runs; null if that was interrupted. */
async function replayed({ path, problem }: Candidate, { args, world, runs }: Replaying): Promise<ToldReplay | null> {
  const [{ thrownBy }, { givenUp }, { invalidReplay, replayFile }, { told }, { colorsOfText }] = await Promise.all([
    import('../runs/command-runs.ts'),
    import('../runs/given-up.ts'),
    import('../../scenario/replay.ts'),
    import('../../report/writers/replay.ts'),
    import('../files/output.ts'),
  ]);
  const { 'max-events': maxEvents, 'run-limit': limitMs = RUN_LIMITS.wallMs, json } = args;
  const given = givenTo(args);
  const colors = colorsOfText(json);
  if (problem !== undefined) return told(invalidReplay(path, [{ message: problem }]), { world, colors, given });
  const outcome = await runs.ask({ kind: 'replay', path, given, colored: colors.isColorSupported }, limitMs);
  if (outcome.kind === 'interrupted') return null;
  if (outcome.kind === 'stopped' && !outcome.begun) throw thrownBy(outcome);
  if (outcome.kind !== 'answer') {
    const replay = await replayFile(world, path, {}, ({ seed }) =>
      givenUp({ seed, world, wallMs: limitMs, maxEvents }, outcome),
    );
    return told(replay, { world, colors, given });
  }
  if (outcome.answer.kind !== 'replayed') {
    throw new Error(`asked for a replay, its thread answered ${outcome.answer.kind}`);
  }
  return outcome.answer.replay;
}

function givenTo({ world, 'max-events': maxEvents }: Args): GivenFlags {
  return { world, maxEvents };
}

function statusOf(replays: readonly Replay[], bisect: boolean): number {
  if (bisect) return statusOfBisect(replays.map((replayed) => replayed.bisect));
  return worst(replays.map(({ verdict }) => statusOfVerdict(verdict)));
}
