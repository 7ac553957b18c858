// biome-ignore-all lint/style/noRestrictedImports: V8 says through the host where code spends its time
/**
 * Where a loop is that was stopped. What V8 stops tells no stack, so a run with a loop is made again with a profile: V8 looks
 * some thousand times a second where the thread is. In all threads, and with coverage on, this is the only look from within.
 *
 * A loop calls the harness all the time: what counts is the innermost frame of somebody else.
 */
import type { Profiler, Session } from 'node:inspector';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isOfHarness, pathOf } from './frames.ts';
import { ScriptMaps } from './script-maps.ts';

const SAMPLE_EVERY_US = 200;
/** Of the run's samples, the last are the loop's. */
const SAMPLES_MAX = 5_000;
/** The loop is as deep in the calls as at least so many of its samples agree. */
const AGREED_SHARE = 1 / 2;

type Node = Profiler.ProfileNode;

export class LoopProfile {
  readonly #session: Session;

  private constructor(session: Session) {
    this.#session = session;
  }

  /** Undefined where Node was built without its inspector. */
  static async start(): Promise<LoopProfile | undefined> {
    if (process.features.inspector !== true) return undefined;
    const { Session } = await import('node:inspector');
    slowLoops();
    const session = new Session();
    session.connect();
    session.post('Profiler.enable');
    session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
    session.post('Profiler.start');
    return new LoopProfile(session);
  }

  /** The frames of the loop at whose stop this is called, as a line `at …` each, the innermost first; undefined if none was seen. */
  stop(): string | undefined {
    const session = this.#session;
    let profile: Profiler.Profile | undefined;
    // The inspector of one's own thread answers at once.
    session.post('Profiler.stop', (error, given) => {
      if (error === null) profile = given.profile;
    });
    session.post('Profiler.disable');
    setFlagsFromString('--use-osr');
    try {
      return profile === undefined ? undefined : stackOf(profile, new ScriptMaps(session));
    } finally {
      session.disconnect();
    }
  }
}

/**
 * V8 replaces the code of a loop that runs for long, and its profiler does not know such code. So none is made any more, and
 * what there is goes with the garbage.
 */
function slowLoops(): void {
  setFlagsFromString('--no-use-osr');
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect();
}

function stackOf({ nodes, samples = [] }: Profiler.Profile, maps: ScriptMaps): string | undefined {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)));
  const lineage = (id: number): readonly Node[] => {
    const line: Node[] = [];
    for (let node = byId.get(id); node !== undefined; node = parents.get(node.id)) line.push(node);
    return line;
  };
  const within = new Map<Node, number>();
  const at = new Map<Node, number>();
  for (const id of samples.slice(-SAMPLES_MAX)) {
    const inFiles = lineage(id).filter((node) => isInFile(node) && !isHarness(node));
    const [innermost] = inFiles;
    if (innermost === undefined) continue;
    at.set(innermost, (at.get(innermost) ?? 0) + 1);
    for (const node of inFiles) within.set(node, (within.get(node) ?? 0) + 1);
  }
  const total = [...at.values()].reduce((sum, count) => sum + count, 0);
  const agreed = [...within].filter(([, count]) => count >= total * AGREED_SHARE).map(([node]) => node);
  // Of a chain of calls the last; where the samples agree on none, as in a loop of microtasks, the place seen most.
  const deepest = agreed.reduce<Node | undefined>(
    (last, node) => (last === undefined || lineage(node.id).length > lineage(last.id).length ? node : last),
    undefined,
  );
  const found = deepest ?? mostSeen(at);
  if (found === undefined) return undefined;
  const frames = lineage(found.id).filter(isInFile);
  return frames.map((node, depth) => frameText(node, depth === 0, maps)).join('\n');
}

function mostSeen(at: ReadonlyMap<Node, number>): Node | undefined {
  const [most] = [...at].sort(([, a], [, b]) => b - a);
  return most?.[0];
}

function isInFile({ callFrame: { url } }: Node): boolean {
  return url.startsWith('/') || url.startsWith('file:');
}

function isHarness({ callFrame: { url } }: Node): boolean {
  return isOfHarness(pathOf(url));
}

/** Of a function that calls the next one, V8 tells where it begins. */
function frameText({ callFrame, positionTicks = [] }: Node, isInnermost: boolean, maps: ScriptMaps): string {
  const { functionName, scriptId, url, lineNumber, columnNumber } = callFrame;
  const [most] = isInnermost ? [...positionTicks].sort((a, b) => b.ticks - a.ticks) : [];
  const place =
    most === undefined
      ? maps.placeOf(scriptId, url, lineNumber, columnNumber)
      : maps.placeOf(scriptId, url, most.line - 1, undefined);
  return functionName === '' ? `at ${place}` : `at ${functionName} (${place})`;
}
