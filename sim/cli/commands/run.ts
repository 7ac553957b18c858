/** `sim run`: one seed or one scenario file, one verdict. */

import { randomBytes } from 'node:crypto';
import type { Argv } from 'yargs';
import { RUN_LIMITS } from '../../sweep/workers/limits.ts';
import { checkArguments } from '../arguments/arguments.ts';
import {
  jsonFlag,
  maxEventsFlag,
  profileFlag,
  runLimitFlag,
  seedFlag,
  semanticsFlag,
  switchFlag,
  textFlag,
  valueFlag,
  worldFlag,
} from '../arguments/options.ts';
import { parseDuration } from '../arguments/values.ts';
import { colorsOfText, print } from '../files/output.ts';
import { commandRuns, leave, type NoAnswer, thrownBy } from '../runs/command-runs.ts';
import { type HostedLoss, runOrHost } from '../runs/large-run.ts';
import type { RunAnswer } from '../runs/run-jobs.ts';
import type { RunRequest } from '../runs/told-run.ts';
import { EXIT } from '../status.ts';

const options = {
  seed: seedFlag('seed', 'u64, decimal or 0x hex; without, one is drawn and printed'),
  scenario: textFlag('scenario', 'run this scenario file instead of a seed'),
  profile: profileFlag,
  semantics: semanticsFlag,
  world: worldFlag,
  trace: textFlag('trace', 'write every event to this file, as JSON lines'),
  'check-determinism': switchFlag(
    'run it twice here and once in a fresh process, and name the first event that differs',
  ),
  until: valueFlag('until', 'stop at this virtual time (ms, or with a unit)', (flag, text) =>
    parseDuration(flag, text, 'ms'),
  ),
  'max-events': maxEventsFlag,
  'run-limit': runLimitFlag,
  json: jsonFlag,
} as const;

export function addRunCommand(cli: Argv): Argv {
  return cli.command(
    'run',
    'simulate one seed or one scenario file and say what happened',
    (command) => {
      checkArguments({ flags: options });
      return command.options(options);
    },
    async (args) => {
      const {
        scenario,
        seed = randomBytes(8).readBigUInt64BE(),
        json,
        'run-limit': limitMs = RUN_LIMITS.wallMs,
      } = args;
      if (scenario !== undefined) (await import('../files/scenario-file.ts')).refuseGenerating(args);
      const request: RunRequest = {
        seed,
        scenario,
        world: args.world,
        profile: args.profile,
        semantics: args.semantics,
        untilMs: args.until,
        maxEvents: args['max-events'],
        trace: args.trace,
        checked: args['check-determinism'],
        json,
        colored: colorsOfText(json).isColorSupported,
      };
      const runs = commandRuns(args['max-events']);
      const given = process.argv.slice(2);
      const outcome = await runOrHost(runs, {
        job: { kind: 'run', request },
        limitMs,
        args: scenario === undefined && args.seed === undefined ? [...given, '--seed', `${seed}`] : given,
      });
      if (outcome.kind === 'interrupted') return leave(EXIT.interrupted, runs);
      if (outcome.kind === 'told by a host') return leave(Number(process.exitCode), runs);
      const told = outcome.kind === 'answer' ? outcome.answer : await toldGivenUp(request, outcome, limitMs);
      if (told.kind !== 'told') throw new Error(`asked for a run, its thread answered ${told.kind}`);
      const { text, status } = told.told;
      print(told.told.json, () => text);
      process.exitCode = status;
      if (args.trace !== undefined && outcome.kind === 'answer') {
        const written = await runs.ask({ kind: 'write trace' });
        if (written.kind === 'interrupted') return leave(EXIT.interrupted, runs);
        if (written.kind !== 'answer') throw thrownBy(written);
      }
      await leave(process.exitCode, runs);
    },
  );
}

/** A run that came to no end of its own. */
async function toldGivenUp(request: RunRequest, outcome: NoAnswer | HostedLoss, limitMs: number): Promise<RunAnswer> {
  // What was not got through there is not tried here.
  if (outcome.kind === 'thrown' || (outcome.kind === 'stopped' && !outcome.begun)) throw thrownBy(outcome);
  const [{ prepared, tellRun }, { givenUp }] = await Promise.all([
    import('../runs/told-run.ts'),
    import('../runs/given-up.ts'),
  ]);
  const made = await prepared(request);
  const { world } = made;
  const { seed } = typeof made.what === 'bigint' ? request : made.what;
  const run = givenUp({ seed, world, wallMs: limitMs, maxEvents: request.maxEvents }, outcome);
  return { kind: 'told', told: tellRun(request, made, run) };
}
