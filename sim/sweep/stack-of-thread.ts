/**
 * Where a thread is that does not come back. The inspector reaches into a thread that runs JavaScript whatever it does: a
 * loop in one turn, or of microtasks. It does not reach into a native call, nor from one worker into another.
 */
import { Session } from 'node:inspector';
import { isMainThread, type Worker } from 'node:worker_threads';

/** What of the inspector's messages is read here. */
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

/**
 * The frames of what a worker of this main thread runs, innermost first, a line `at FUNCTION (FILE:LINE:COLUMN)` each, those
 * of Node left out. The worker then goes on. Undefined if it does not answer within so long, or runs nothing but Node.
 */
export function stackOfThread(worker: Worker, withinMs: number): Promise<string | undefined> {
  // The inspector shows the workers of the main thread only.
  if (!isMainThread || worker.threadId === -1) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const session = new Session();
    const urls = new Map<string, string>();
    let sessionId: string | undefined;
    let stack: string | undefined;
    const end = (): void => {
      clearTimeout(tooLong);
      session.disconnect();
      resolve(stack);
    };
    const tooLong = setTimeout(() => {
      // It may answer yet, when nobody listens any more.
      if (sessionId !== undefined) ask(DISABLE, 'Debugger.disable');
      end();
    }, withinMs);
    const ask = (id: number, method: string): void => {
      const message = JSON.stringify({ id, method });
      // A refusal means that the worker has gone, of which there is an event.
      session.post('NodeWorker.sendMessageToWorker', { sessionId: sessionId ?? '', message }, () => {});
    };
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
      stack = stackText(told.callFrames ?? [], urls);
      // A thread that is left while it pauses could not so much as be ended any more: this lets it go on.
      ask(DISABLE, 'Debugger.disable');
    });
    session.post('NodeWorker.enable', { waitForDebuggerOnStart: false }, (error) => {
      if (error !== null) end();
    });
  });
}

/** Numbers of the questions. */
const [ENABLE, PAUSE, DISABLE] = [1, 2, 3] as const;

/** Node names a worker's thread in the title that debuggers show. */
function threadOf(title: string): number {
  return Number(/^\[worker (\d+)\]/.exec(title)?.[1]);
}

function stackText(frames: readonly CallFrame[], urls: ReadonlyMap<string, string>): string | undefined {
  const lines = frames.flatMap(({ functionName, url, location: { scriptId, lineNumber, columnNumber } }) => {
    const file = url === '' ? (urls.get(scriptId) ?? '') : url;
    if (file === '' || file.startsWith('node:')) return [];
    const place = `${file}:${lineNumber + 1}:${columnNumber + 1}`;
    return [functionName === '' ? `at ${place}` : `at ${functionName} (${place})`];
  });
  return lines.length === 0 ? undefined : lines.join('\n');
}
