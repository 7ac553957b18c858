/**
 * Finds out where a thread is that does not come back. The inspector reaches into a thread that runs JavaScript, whatever
 * it does: a loop in one turn, or of microtasks. It does not reach into a native call, nor from one worker into another.
 *
 * One look says where the thread is, and not what loops: a loop calls others, and may be seen in any of them. The frames
 * that stay the same over several looks are those that have not come back.
 */
import { Session } from 'node:inspector';
import { setTimeout as wait } from 'node:timers/promises';
import { isMainThread, type Worker } from 'node:worker_threads';

/** What is read of the inspector's messages. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: {
    readonly scriptId?: string;
    readonly url?: string;
    readonly callFrames?: readonly CallFrame[];
  };
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** Both count from 0. */
  readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber: number };
}

/** How many looks are taken, and how much time lies between them. */
const LOOKS = 4;
const BETWEEN_MS = 25;
/**
 * Waited before the first look. A thread that is just ending takes the whole process down if the inspector attaches to it
 * then (Node 20.20.2: a segmentation fault in 1 of 120 looks, in Node's own code).
 */
const ENDING_MS = 100;

/**
 * The frames that a worker of this main thread runs and does not come back from, innermost first, as lines `at FUNCTION
 * (FILE:LINE:COLUMN)`, without those of Node. After them come the frames that each look saw, for a loop of microtasks,
 * which comes back from all of them. The worker then goes on. Empty if it does not answer in time, or runs nothing but
 * Node.
 */
export async function stacksOfThread(worker: Worker, withinMs: number): Promise<readonly string[]> {
  // The inspector shows the workers of the main thread only.
  if (!isMainThread || worker.threadId === -1) return [];
  await wait(ENDING_MS);
  return worker.threadId === -1 ? [] : looked(worker, withinMs);
}

function looked(worker: Worker, withinMs: number): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const session = new Session();
    const urls = new Map<string, string>();
    let sessionId: string | undefined;
    const looks: (readonly SeenFrame[])[] = [];
    let nextLook: NodeJS.Timeout | undefined;
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      clearTimeout(tooLong);
      clearTimeout(nextLook);
      worker.off('exit', end);
      session.disconnect();
      resolve([...new Set([inAll(looks), ...looks].flatMap((frames) => stackText(frames) ?? []))]);
    };
    const tooLong = setTimeout(() => {
      // It may still answer when nobody listens any more.
      if (sessionId !== undefined) ask(DISABLE, 'Debugger.disable');
      end();
    }, withinMs);
    const ask = (id: number, method: string): void => {
      // Messages that were on their way when it ended are still delivered.
      if (ended) return;
      const message = JSON.stringify({ id, method });
      // A refusal means that the worker has gone; an event tells of that.
      session.post('NodeWorker.sendMessageToWorker', { sessionId: sessionId ?? '', message }, () => {});
    };
    // A thread that is on its way out is neither attached to nor detached from.
    worker.once('exit', end);
    session.connect();
    session.on('NodeWorker.attachedToWorker', ({ params }) => {
      if (threadOf(params.workerInfo.title) !== worker.threadId) return;
      sessionId = params.sessionId;
      ask(ENABLE, 'Debugger.enable');
      ask(PAUSE, 'Debugger.pause');
    });
    session.on('NodeWorker.detachedFromWorker', ({ params }) => {
      if (params.sessionId === sessionId) end();
    });
    session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
      if (params.sessionId !== sessionId) return;
      const { id, method, params: told = {} }: Message = JSON.parse(params.message);
      if (id === DISABLE) end();
      if (method === 'Debugger.scriptParsed') urls.set(told.scriptId ?? '', told.url ?? '');
      if (method !== 'Debugger.paused') return;
      looks.push((told.callFrames ?? []).flatMap((frame) => seenFrame(frame, urls) ?? []));
      if (looks.length < LOOKS) {
        ask(RESUME, 'Debugger.resume');
        if (!ended) nextLook = setTimeout(() => ask(PAUSE, 'Debugger.pause'), BETWEEN_MS);
        return;
      }
      // A thread that is left paused could not even be ended any more. This lets it go on.
      ask(DISABLE, 'Debugger.disable');
    });
    session.post('NodeWorker.enable', { waitForDebuggerOnStart: false }, (error) => {
      if (error !== null) end();
    });
  });
}

/** Numbers the questions. */
const [ENABLE, PAUSE, RESUME, DISABLE] = [1, 2, 3, 4] as const;

/** Node puts a worker's thread id into the title that debuggers show. */
function threadOf(title: string): number {
  return Number(/^\[worker (\d+)\]/.exec(title)?.[1]);
}

/** A frame that lies in a file. */
interface SeenFrame {
  readonly name: string;
  readonly file: string;
  /** Place within the file. */
  readonly place: string;
}

function seenFrame(
  { functionName, url, location: { scriptId, lineNumber, columnNumber } }: CallFrame,
  urls: ReadonlyMap<string, string>,
): SeenFrame | undefined {
  const file = url === '' ? (urls.get(scriptId) ?? '') : url;
  if (file === '' || file.startsWith('node:')) return undefined;
  return { name: functionName, file, place: `${lineNumber + 1}:${columnNumber + 1}` };
}

/**
 * The frames that all looks have in common, as the last look saw them: from outside in, up to the first function in which
 * execution moved on. If the looks have nothing in common, as in a loop of microtasks, the frames of the first look that
 * saw any.
 */
function inAll(looks: readonly (readonly SeenFrame[])[]): readonly SeenFrame[] {
  const seen = looks.filter((look) => look.length > 0);
  const last = seen.at(-1) ?? [];
  let depth = 0;
  for (let moved = false; !moved && depth < last.length; ) {
    const frame = last.at(-1 - depth);
    const others = seen.map((look) => look.at(-1 - depth));
    if (!others.every((other) => other?.file === frame?.file && other?.name === frame?.name)) break;
    moved = !others.every((other) => other?.place === frame?.place);
    depth += 1;
  }
  return depth === 0 ? (seen[0] ?? []) : last.slice(last.length - depth);
}

function stackText(frames: readonly SeenFrame[]): string | undefined {
  const lines = frames.map(({ name, file, place }) =>
    name === '' ? `at ${file}:${place}` : `at ${name} (${file}:${place})`,
  );
  return lines.length === 0 ? undefined : lines.join('\n');
}
