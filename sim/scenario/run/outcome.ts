/**
 * What a run comes to: the problem that ended it, if one did, and what was reported of the system as a whole. Whatever is
 * thrown in a run comes here, to be the system's (`no-crash`), the author's (`world-error`) or the harness's own.
 */
import { WorldError } from '../../invariant/world-error.ts';
import { NondeterminismError } from '../../kernel/schedule/ambient.ts';
import type { TaskFault } from '../../kernel/schedule/scheduler.ts';
import type { Blame, Code } from '../blame/blame.ts';
import { describeError, isOf, stackOf } from '../blame/thrown.ts';
import type { RunVerdict } from './result.ts';

/** Why a run ended before its time. */
interface Problem {
  readonly verdict: RunVerdict;
  readonly problem: string;
  readonly detail?: string;
}

/** Takes a violation that no checker sees. */
type Report = (invariant: string, message: string, stack?: string) => void;

/** Is given what the system threw. */
type OnThrown = (error: unknown) => void;

export class Outcome {
  /** The first one counts. */
  problem: Problem | undefined;
  /** What the run was to look for has been found. */
  found = false;
  /** The system threw within a call of the world's. */
  broken = false;
  readonly #code: Code;
  readonly #report: Report;
  readonly #onThrown: OnThrown;

  constructor(code: Code, report: Report, onThrown: OnThrown = () => {}) {
    this.#code = code;
    this.#report = report;
    this.#onThrown = onThrown;
  }

  /** Whether there is nothing more to be learnt. */
  get over(): boolean {
    return this.problem !== undefined || this.found || this.broken;
  }

  /** What was violated before the run was cut short stays violated. */
  verdict(isViolated: boolean): RunVerdict {
    const { verdict = 'held' } = this.problem ?? {};
    return isViolated && (verdict === 'held' || verdict === 'inconclusive') ? 'violated' : verdict;
  }

  stop(problem: Problem): void {
    this.problem ??= problem;
  }

  /**
   * An exception left a task. One of the system's is a finding, and the run goes on. Waits that a task leaves open have no
   * stack that says whose they are: what tasks wait for is the system's.
   */
  taskThrew(task: string, error: unknown, fault: TaskFault | 'callback'): 'continue' | 'end' {
    const blame: Blame = fault === 'misuse' ? { whose: 'system' } : this.#code.blame(error, 'task');
    const did = fault === 'misuse' ? 'ended with' : 'threw';
    if (this.#ended(`${task} ${did} `, error, blame)) return 'end';
    this.#onThrown(error);
    this.#report('no-crash', `${task} ${did} ${describeError(error)}`, stackOf(error));
    return 'continue';
  }

  /**
   * An exception left a member of the world, within what is told as `where`. The system can throw within such a call, too:
   * a node that cannot start, say. What the world was about to do with it is then half done, so that nothing that comes
   * later says anything.
   */
  memberThrew(member: string, where: string, error: unknown): void {
    const blame = this.#code.blame(error, 'call');
    const named = where === '' || where === member ? member : `${member} (${where})`;
    if (this.#ended(`${named} threw `, error, blame)) return;
    this.#report('no-crash', `${where === '' ? member : where} threw ${describeError(error)}`, stackOf(error));
    this.broken = true;
  }

  /** An exception left a checker. What it asks of the system (to encode a record, say) may throw. */
  checkerThrew(invariant: string, error: unknown): void {
    if (this.#ended(`invariant ${invariant}: `, error, this.#code.blame(error, 'call'))) return;
    this.#report('no-crash', `what ${invariant} asked for threw ${describeError(error)}`, stackOf(error));
  }

  /** The author broke a rule of the interface; this is called where that happened. */
  misused(rule: string): void {
    this.failed(new WorldError(rule));
  }

  /** An exception ended the run as a whole. */
  failed(error: unknown): void {
    if (this.#ended('', error, this.#code.blame(error, 'call'))) return;
    this.#report('no-crash', describeError(error), stackOf(error));
    this.broken = true;
  }

  /** Something that differs from run to run was reached. Whoever did may have caught what was thrown for it. */
  reached(what: string, callSite: string, advice: string): void {
    const error = new NondeterminismError(what, callSite, advice);
    this.#ended('', error, this.#code.blame(error, 'task'));
  }

  /** Ends the run, unless it was a finding about the system. */
  #ended(what: string, error: unknown, { whose, place }: Blame): boolean {
    if (isOf(error, NondeterminismError)) {
      const isWorlds = whose === 'world';
      const problem = isWorlds ? `${what.replace(/ threw $/, ': ')}${error.message}` : error.message;
      this.stop({ verdict: isWorlds ? 'world-error' : 'nondeterminism', problem });
      return true;
    }
    if (whose === 'system') return false;
    this.stop({ verdict: whose === 'world' ? 'world-error' : 'harness-error', ...problemOf(what, error, place) });
    return true;
  }
}

/** One line of what went wrong, and its stack. */
function problemOf(what: string, error: unknown, place?: string): Omit<Problem, 'verdict'> {
  const told = isOf(error, WorldError) ? error.message : `${what}${describeError(error)}`;
  const detail = stackOf(error);
  const problem = place === undefined ? told : `${told}, at ${place}`;
  return { problem, ...(detail === undefined ? {} : { detail }) };
}
