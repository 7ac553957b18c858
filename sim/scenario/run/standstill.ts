/**
 * What is said of a run that stands still, or that went on where nothing may.
 *
 * Whoever owes an end and can't be woken any more has lost a wake-up, which is a finding about the system. From inside, a
 * promise of the host looks the same; and where somebody waits is not known, as that would cost a stack for every promise.
 * So a run about which there is something to say is made once more, with the places kept and the host watched: what was
 * said then counts.
 */

import type { HostResource } from '../../kernel/host/awaits/await-book.ts';
import { hostAtWork } from '../../kernel/host/awaits/host-work.ts';
import type { Kernel, RunEnd } from '../../kernel/kernel.ts';
import type { World } from '../../world.ts';
import { LOST_WAKE_UP } from '../file/catalogue.ts';
import type { Outcome } from './outcome.ts';

type Crossing = Extract<RunEnd, { readonly kind: 'shared-promise' }>;

export class Standstill {
  readonly #kernel: Kernel;
  readonly #outcome: Outcome;
  readonly #report: (invariant: string, message: string) => void;
  /** Whether the code is not ours, so that its promises are followed. */
  readonly #followed: boolean;
  /** What the host kept open before. */
  readonly #open: number;
  #told = false;

  constructor(
    { ambient }: Pick<World, 'ambient'>,
    kernel: Kernel,
    outcome: Outcome,
    report: (invariant: string, message: string) => void,
  ) {
    this.#followed = ambient === 'virtual';
    this.#kernel = kernel;
    this.#outcome = outcome;
    this.#report = report;
    this.#open = this.#followed ? hostAtWork().open : 0;
  }

  /** Whether something was said. */
  get told(): boolean {
    return this.#told;
  }

  /**
   * Whether there is more to say than could be known. Nobody who owes no end is asked what they wait for; but where the host
   * has something under way, it may be that.
   */
  get wantsCloserLook(): boolean {
    if (!this.#followed) return false;
    const { requests, open } = hostAtWork();
    return this.#told || this.#kernel.usesHost || requests > 0 || open > this.#open;
  }

  /** Tasks wait for something outside of the simulation. */
  foreignAwait(tasks: readonly string[]): void {
    this.#told = true;
    this.#foreign(tasks.map((task) => this.#placed(task)).join(', '));
  }

  /** Whether a task does: what that keeps from happening is no finding. */
  awaitsForeign(): boolean {
    const suspects = this.#kernel.suspects();
    if (suspects.length > 0) this.foreignAwait(suspects);
    return suspects.length > 0;
  }

  /** The tasks that are busy for ever, for a message. */
  busy(tasks: readonly string[]): string {
    this.#told = true;
    return tasks.map((task) => this.#placed(task)).join(', ');
  }

  /** A promise that nodes share is the author's: no system could do that over a network. */
  shared({ task, state, by, awaitedAt, settledAt }: Crossing): void {
    this.#told = true;
    const settler = by === '' ? 'somebody else' : by;
    const awaited = awaitedAt === undefined ? task : `${task}, which awaits it at ${awaitedAt}`;
    const settled = settledAt === undefined ? settler : `${settler} at ${settledAt}`;
    const problem =
      state === 'of an earlier run'
        ? `a promise settled by ${settled} was awaited in an earlier run, by ${awaited}: state that outlives its run is to be loaded afresh`
        : `a promise settled by ${settled} goes on in a node that is ${state}, in ${awaited}: nodes share no promise`;
    this.#outcome.stop({ verdict: 'world-error', problem });
  }

  /** Reports whoever owes an end and has not come to it, though the system should have come to rest. */
  reportLost(): void {
    const [first] = this.#kernel.owed();
    if (first === undefined) return;
    this.#told = true;
    const told = this.#placed(first);
    if (this.usesHost(told)) return;
    this.#report(this.#followed ? LOST_WAKE_UP : 'no-livelock', `${told} waits, and nothing wakes it`);
  }

  /** Whether segments used the host behind the guards' backs: what happens then depends on it. Known in a closer look. */
  usesHost(waiting?: string): boolean {
    if (this.#kernel.hostResources().length === 0) return false;
    this.#told = true;
    this.#foreign(waiting);
    return true;
  }

  #foreign(waiting?: string): void {
    const [first] = this.#kernel.hostResources();
    const told = [waiting, first === undefined ? undefined : resourceText(first)].filter((text) => text !== undefined);
    const problem = `waiting for something outside the simulation: ${told.join('; ')}`;
    this.#outcome.stop({ verdict: 'foreign-await', problem });
  }

  #placed(task: string): string {
    const place = this.#kernel.placeOf(task);
    return place === undefined ? task : `${task} at ${place}`;
  }
}

function resourceText({ type, task, place }: HostResource): string {
  return `${task} made a ${type} of the host's${place === undefined ? '' : ` at ${place}`}`;
}
