/**
 * Whose an exception is: the system's under test, that of the world (and of its invariants) that the system runs in, or the
 * harness's own. Only the first says something about the system.
 *
 * The innermost frame that lies in a file decides. A world says by `wiring` which files are its own; what is neither in
 * them nor in the harness is the system's, wherever it was called. Many small worlds stand in one file with their system
 * and say nothing: then it counts where the exception came out. What a member of the world or an invariant throws when the
 * harness calls it is the author's, and what a task or a callback throws is the system's.
 *
 * What the harness was given and could not take (`MisuseError`) is its caller's, and the system's as soon as the system
 * stands anywhere in the stack.
 */

import { InjectedError } from '../../faults/injected-error.ts';
import { WorldError } from '../../invariant/world-error.ts';
import { DrawnTwiceError } from '../../kernel/choices/chooser.ts';
import { MisuseError } from '../../kernel/misuse.ts';
import { NondeterminismError } from '../../kernel/schedule/ambient.ts';
import type { World } from '../../world.ts';
import { type Frame, frameOf, framesOf, HARNESS, isOfHarness, pathOf, placeOf } from './frames.ts';
import { isOf, stackOf } from './thrown.ts';

type Whose = 'system' | 'world' | 'harness';

export interface Blame {
  readonly whose: Whose;
  /** Of the author's mistakes: where in the author's code, as `file:line:column`. */
  readonly place?: string;
}

const PACKAGES = '/node_modules/';

/** Where an exception came out: of a member of the world or an invariant that the harness called, or of a task. */
type Out = 'call' | 'task';

/** Whose code is whose in the runs of one world. */
export class Code {
  readonly #wiring: readonly string[] | undefined;

  constructor({ wiring }: Pick<World, 'wiring'>) {
    this.#wiring = Array.isArray(wiring) ? wiring.map(String).map(pathOf) : undefined;
  }

  blame(error: unknown, out: Out): Blame {
    if (isOf(error, WorldError)) return this.#worlds(framesOfError(error));
    if (isOf(error, InjectedError)) return { whose: 'system' };
    const frames = isOf(error, NondeterminismError) ? siteOf(error) : framesOfError(error);
    const known = frames.map((frame) => this.#whose(frame, out));
    if (isOf(error, DrawnTwiceError)) return known.includes('world') ? this.#worlds(frames) : { whose: 'harness' };
    if (isOf(error, MisuseError)) {
      if (known.includes('system')) return { whose: 'system' };
      return known.includes('world') ? this.#worlds(frames) : { whose: 'harness' };
    }
    // What has no frame is the system's, unless nothing but the world was called.
    const [whose = this.#wiring === undefined && out === 'call' ? 'world' : 'system'] = known;
    return whose === 'world' ? this.#worlds(frames) : { whose };
  }

  /**
   * Whose loop it is that was stopped there. A loop of anybody's calls the harness all the time, which by itself only works
   * for as long as there is something to do: the innermost frame of somebody else counts.
   */
  blameLoop(stack: string): Blame {
    const frames = framesOf(stack);
    const isCalled = frames.some(({ name, file }) => name === 'called' && file.startsWith(HARNESS));
    const known = frames.map((frame) => this.#whose(frame, isCalled ? 'call' : 'task'));
    const whose = known.find((one) => one !== 'harness') ?? 'harness';
    return whose === 'world' ? this.#worlds(frames) : { whose };
  }

  /** Whether the world says where its own code lies. */
  get isTold(): boolean {
    return this.#wiring !== undefined;
  }

  #whose(frame: Frame, out: Out): Whose {
    if (this.#isWired(frame)) return 'world';
    if (isHarness(frame)) return 'harness';
    return this.#wiring === undefined && out === 'call' ? 'world' : 'system';
  }

  #worlds(frames: readonly Frame[]): Blame {
    const others = frames.filter((frame) => !isHarness(frame) || this.#isWired(frame));
    const own =
      others.find((frame) => this.#isWired(frame)) ??
      others.find(({ file }) => !file.includes(PACKAGES)) ??
      others.find(() => true);
    return { whose: 'world', ...(own === undefined ? {} : { place: placeOf(own) }) };
  }

  #isWired({ file }: Frame): boolean {
    return this.#wiring?.some((own) => (own.endsWith('/') ? file.startsWith(own) : file === own)) === true;
  }
}

function isHarness({ file }: Frame): boolean {
  return isOfHarness(file);
}

/** The frames within the run: whoever asked for it has no part in what it did. */
function framesOfError(error: unknown): readonly Frame[] {
  const stack = stackOf(error);
  if (stack === undefined) return [];
  const frames = framesOf(stack, isOf(error, Error) ? messageOf(error) : '');
  const outside = frames.findIndex((frame) => frame.name === 'runScenario' && isHarness(frame));
  return outside === -1 ? frames : frames.slice(0, outside);
}

function messageOf(error: Error): string {
  try {
    return String(error.message);
  } catch {
    return '';
  }
}

function siteOf({ callSite }: NondeterminismError): readonly Frame[] {
  const frame = frameOf(`at ${callSite}`);
  return frame === undefined ? [] : [frame];
}
