// biome-ignore-all lint/style/noRestrictedImports: what V8 and Node tell of promises and resources comes through the host
/**
 * Where code awaits, and what it made of the host: for a second look at a run that stands still.
 *
 * To keep this costs a stack for every promise, so that it is kept only when a run is made again because somebody waits for
 * what does not come. From inside, a promise of the host looks like one that nobody settles; but whoever makes one makes a
 * resource of the host in a segment as well, and `async_hooks` tell of that.
 */
import { createHook } from 'node:async_hooks';
import { segment } from '../../schedule/ambient.ts';
import type { Runner } from '../../schedule/scheduler.ts';
import { placesOf } from '../call-site.ts';
import { isOfTheHost } from './host-work.ts';

const FRAMES_MAX = 50;
/** Files of packages, and packages that were bundled (`fresh/kept-script.ts`). */
const PACKAGES = /\/node_modules\/(?!\.cache\/meshos-sim\/own\/)|\/meshos-sim\/packages\//;

interface Await {
  readonly runner: Runner | undefined;
  readonly promise: object;
  readonly stack: Error;
}

/** Something of the host's that the run made. */
export interface HostResource {
  /** As Node calls it: `FSREQCALLBACK`, say. */
  readonly type: string;
  readonly task: string;
  /** Where; undefined if Node itself did, for an `import()`, say. */
  readonly place: string | undefined;
}

export class AwaitBook {
  /** By the promise that each made, in order. */
  readonly #awaits = new Map<object, Await>();
  /** Where each set a timer or an immediate last. */
  readonly #putOff = new Map<string, Error>();
  readonly #settled = new WeakMap<object, Error>();
  readonly #resources: { readonly type: string; readonly task: string; readonly stack: Error }[] = [];
  #runner: () => Runner | undefined = () => undefined;
  readonly #hook = createHook({
    init: (_id, type, _trigger, resource) => {
      const runner = this.#runner();
      if (runner === undefined || !isOfTheHost(type, resource)) return;
      this.#resources.push({ type, task: runner.name, stack: stackHere() });
    },
  });

  /** `runner` tells who runs, while a segment does. */
  follow(runner: () => Runner | undefined): void {
    this.#runner = runner;
    this.#hook.enable();
  }

  unfollow(): void {
    this.#hook.disable();
  }

  awaited(reaction: object, promise: object, runner: Runner | undefined): void {
    this.#awaits.set(reaction, { runner, promise, stack: stackHere() });
  }

  /** Whoever runs sets a timer or an immediate. */
  putOff(runner: Runner | undefined): void {
    if (runner !== undefined) this.#putOff.set(runner.name, stackHere());
  }

  settled(promise: object): void {
    this.#settled.set(promise, stackHere());
  }

  resumed(reaction: object): void {
    this.#awaits.delete(reaction);
  }

  /** What the run made of the host's, in order. */
  resources(): readonly HostResource[] {
    return this.#resources.map(({ type, task, stack }) => ({ type, task, place: ownPlaces(stack)[0] }));
  }

  /** Where the promise of a reaction was awaited and where it was settled. */
  placesOf(reaction: object): { readonly awaitedAt?: string; readonly settledAt?: string } {
    const found = this.#awaits.get(reaction);
    if (found === undefined) return {};
    const [awaitedAt] = ownPlaces(found.stack);
    const settled = this.#settled.get(found.promise);
    const [settledAt] = settled === undefined ? [] : ownPlaces(settled);
    return {
      ...(awaitedAt === undefined ? {} : { awaitedAt }),
      ...(settledAt === undefined ? {} : { settledAt }),
    };
  }

  /**
   * The line of the `await` at which a task waits. Of the functions that wait for each other it is the outermost: the
   * line that the task's author wrote, and the same one however far the others have come. Of one that awaits nothing, where
   * it set its latest timer.
   */
  placeOf(task: string): string | undefined {
    let found: readonly string[] | undefined;
    for (const { runner, stack } of this.#awaits.values()) {
      if (runner?.name !== task) continue;
      const places = ownPlaces(stack);
      if (places.length > 0 && (found === undefined || isOuter(places, found))) found = places;
    }
    const putOff = this.#putOff.get(task);
    return found?.[0] ?? (putOff === undefined ? undefined : ownPlaces(putOff)[0]);
  }
}

/** Whether a stack is that of a function further out: one that is not in a package, or else one with fewer callers. */
function isOuter(places: readonly string[], found: readonly string[]): boolean {
  const inPackage = PACKAGES.test(places[0] ?? '');
  if (inPackage !== PACKAGES.test(found[0] ?? '')) return !inPackage;
  return places.length <= found.length;
}

function stackHere(): Error {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES_MAX;
  const here = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return here;
}

/** The places of a stack, those in packages last: who uses a library wants to see their own line. */
function ownPlaces(error: Error): readonly string[] {
  const places = readOutside(() => placesOf(error.stack ?? ''));
  const own = places.filter((place) => !PACKAGES.test(place));
  return own.length > 0 ? own : places;
}

/** Whoever formats the stack may read the clock, or files, without that being the run's. */
function readOutside<T>(read: () => T): T {
  const { active } = segment;
  segment.active = false;
  try {
    return read();
  } finally {
    segment.active = active;
  }
}
