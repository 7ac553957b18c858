/**
 * A property as a test. It is tried on as many cases as the settings say. A failure shows the smallest case found, and the one
 * command that tries that case again.
 *
 *     testProperty('a ring holds the newest items', fc.property(fc.array(fc.nat()), (items) => …));
 */
import fc from 'fast-check';
import { test } from 'vitest';
import { currentCommit, readSettings } from './settings.testing.ts';

const settings = readSettings(process.env, currentCommit);

console.info(`properties: seed ${settings.seed} (${settings.seedOrigin}), ${settings.runs} runs each`);

/** Several times what a whole run takes on average on a busy machine. What takes longer does not end. */
const CASE_MS_MAX = 200;
const START_MS_MAX = 60_000;

/** `name` reads as a sentence and says what holds. */
export function testProperty<Case>(name: string, property: fc.IRawProperty<Case>): void {
  test(name, { timeout: START_MS_MAX + settings.runs * CASE_MS_MAX }, async ({ task }) => {
    const { path } = settings;
    const details = await fc.check(property, {
      numRuns: settings.runs,
      seed: settings.seed,
      ...(path === undefined ? {} : { path }),
    });
    if (details.failed) throw propertyFailure(details, { file: task.file.name, name });
  });
}

/** One command: what it does and compares. It can always be run. */
export class Step<Model extends object, Real> implements fc.AsyncCommand<Model, Real> {
  readonly #text: string;
  readonly #act: (model: Model, real: Real) => void | Promise<void>;

  constructor(text: string, act: (model: Model, real: Real) => void | Promise<void>) {
    this.#text = text;
    this.#act = act;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    await this.#act(model, real);
  }

  toString(): string {
    return this.#text;
  }
}

/**
 * Sequences of commands for a model and the thing it models, long enough that every bound is reached. A replay needs to
 * know which of the commands were run, so sequences are made here and nowhere else.
 */
export function commandSequences<Model extends object, Real>(
  commands: fc.Arbitrary<Step<Model, Real>>[],
  maxCommands: number,
) {
  return fc.commands<Model, Real, boolean>(commands, { maxCommands, size: 'max', ...replayOf(settings.commands) });
}

function replayOf(commands: string | undefined): { readonly replayPath?: string } {
  return commands === undefined ? {} : { replayPath: commands };
}

interface FailedTest {
  /** From the project's root. */
  readonly file: string;
  readonly name: string;
}

function propertyFailure<Case>(details: fc.RunDetails<Case>, failed: FailedTest): Error {
  const { counterexample, errorInstance, numRuns, numSkips, numShrinks } = details;
  if (counterexample === null) {
    return new Error(`no verdict: ${numRuns} cases were tried and ${numSkips} skipped, of ${settings.runs} to try`);
  }
  const shown = fc.stringify(counterexample);
  const found = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const command = replayCommand(details.counterexamplePath ?? '', shown, failed);
  const lines = [found, `Case ${numRuns}, shrunk ${numShrinks} times: ${shown}`, `Replay: ${command}`];
  return new Error(lines.join('\n\n'), { cause: errorInstance });
}

/** One line for a shell, from the project's root. */
function replayCommand(path: string, counterexample: string, { file, name }: FailedTest): string {
  const commands = /replayPath="([^"]*)"/.exec(counterexample)?.[1];
  const environment = [
    `SIM_SEED=${settings.seed}`,
    `SIM_PATH=${path}`,
    ...(commands === undefined ? [] : [`SIM_COMMANDS=${commands}`]),
  ];
  const exactly = `^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`;
  return `${environment.join(' ')} npx vitest run ${file} -t '${exactly.replaceAll("'", String.raw`'\''`)}'`;
}
