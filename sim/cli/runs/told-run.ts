/** A run as `sim run` tells of it: found by what was asked for, and put into words. */

import type { DescribedRun } from '../../report/model/told.ts';
import type { Colors } from '../../report/text/colors.ts';
import { colorsFor } from '../../report/text/colors.ts';
import { runJson } from '../../report/writers/json.ts';
import { runText } from '../../report/writers/terminal.ts';
import type { AnyScenario } from '../../scenario/file/read.ts';
import type { RunResult } from '../../scenario/run/result.ts';
import type { JudgedRun } from '../../scenario/verdict.ts';
import type { Source } from '../../sweep/source.ts';
import type { Profile, World } from '../../world.ts';
import { type ExitStatus, statusOfVerdict } from '../status.ts';
import { choose } from '../world.ts';

export interface RunRequest {
  /** Of a run without a scenario. */
  readonly seed: bigint;
  /** A file. */
  readonly scenario?: string | undefined;
  /** The text of `--world`. */
  readonly world?: string | undefined;
  readonly profile?: Profile | undefined;
  readonly semantics?: string | undefined;
  readonly untilMs?: number | undefined;
  readonly maxEvents?: number | undefined;
  /** The file that the trace goes into, when that is asked for. */
  readonly trace?: string | undefined;
  /** Whether it is checked that the run is the same again. */
  readonly checked: boolean;
  readonly json: boolean;
  readonly colored: boolean;
}

export interface PreparedRun {
  readonly world: World;
  readonly source: Source;
  readonly what: bigint | AnyScenario;
  readonly described: DescribedRun;
  readonly judge: (run: RunResult) => JudgedRun;
}

export interface ToldRun {
  /** Where it was asked for. */
  readonly json?: string | undefined;
  readonly text: string;
  readonly status: ExitStatus;
}

export async function prepared({
  seed,
  scenario: path,
  profile,
  semantics,
  untilMs,
  maxEvents,
  world: worldFlag,
}: RunRequest): Promise<PreparedRun> {
  const flags = { world: worldFlag, profile, semantics, until: untilMs, 'max-events': maxEvents };
  const { world, source, described } = await choose(flags);
  if (path === undefined) return { world, source, what: seed, described, judge: (run) => run };
  const [{ scenarioFrom }, { runFileCommand, shrinkFileCommand, traceFileCommand }, { judge, judged }] =
    await Promise.all([
      import('../files/scenario-file.ts'),
      import('../../report/model/replay-command.ts'),
      import('../../scenario/verdict.ts'),
    ]);
  const scenario = await scenarioFrom(world, path);
  const { given } = described;
  const until = untilMs === undefined ? '' : ` --until ${untilMs}`;
  return {
    world,
    source,
    what: scenario,
    judge: (run) => judged(run, judge(scenario, run)),
    described: {
      origin: `${path} · ${scenario.semantics}`,
      world,
      replay: () => `${runFileCommand(path, given)}${until}`,
      // What leaves nothing to the seed is small already.
      next: () => (scenario.seeded === undefined ? shrinkFileCommand : traceFileCommand)(path, given),
    },
  };
}

export function tellRun({ json, colored }: RunRequest, { judge, described }: PreparedRun, run: RunResult): ToldRun {
  const result = judge(run);
  return {
    json: json ? runJson(result) : undefined,
    text: runText(result, described, colorsIf(colored)),
    status: statusOfVerdict(result.verdict),
  };
}

export function colorsIf(colored: boolean): Colors {
  return colorsFor({ isTTY: colored }, {});
}
