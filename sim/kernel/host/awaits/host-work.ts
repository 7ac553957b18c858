// biome-ignore-all lint/style/noRestrictedGlobals: what the host has under way is asked of the host
// biome-ignore-all lint/style/noRestrictedImports: the same
/** What the host does for this thread while a run goes on, of which the run knows nothing. */
import { AsyncResource, createHook, executionAsyncId } from 'node:async_hooks';

/**
 * Requests, handles and timers of the host, by what Node calls them. What encrypts or compresses is made by the forms that
 * answer at once as well, and a port by `structuredClone`: of these the kernel hears when they go on between two turns.
 */
const OF_THE_HOST =
  /^(?:FS|FILEHANDLE|DIRHANDLE|STATWATCHER|TCP|UDP|PIPE|TTY|TLS|WRITE|SHUTDOWN|GETADDR|GETNAME|QUERY|DNS|HTTP2|PROCESS|WORKER|SIGNAL|Timeout$|Immediate$)/;

/** Whether a resource that `async_hooks` tell of is one of the host's, and not made by code. */
export function isOfTheHost(type: string, resource: object): boolean {
  return OF_THE_HOST.test(type) && !(resource instanceof AsyncResource);
}

/** Requests, which nothing else makes while a run goes on, and what is open. */
export function hostAtWork(): { readonly requests: number; readonly open: number } {
  const types = process.getActiveResourcesInfo();
  const requests = types.filter((type) => type.includes('Req')).length;
  return { requests, open: types.filter((type) => type !== 'Immediate').length - requests };
}

/** A hook on resources that leaves out promises, whose following costs every `await` too much. */
const withoutPromises = { trackPromises: false };
let leavesOut: boolean | undefined;

/** Whether this version of Node can leave them out. */
function canLeaveOutPromises(): boolean {
  if (leavesOut !== undefined) return leavesOut;
  leavesOut = true;
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'PROMISE') leavesOut = false;
    },
    ...withoutPromises,
  }).enable();
  void Promise.resolve(executionAsyncId());
  hook.disable();
  return leavesOut;
}

/**
 * Has it told when something of the host's is made, where Node can tell that cheaply: versions that can also have requests
 * that `hostAtWork` does not see. Gives what ends that.
 */
export function watchHost(made: () => void): () => void {
  if (!canLeaveOutPromises()) return () => {};
  const hook = createHook({
    init: (_id, type, _trigger, resource) => {
      if (isOfTheHost(type, resource)) made();
    },
    ...withoutPromises,
  }).enable();
  return () => hook.disable();
}
