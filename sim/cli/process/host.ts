/**
 * The process that a command's worker threads run in. V8 compiles and collects garbage on threads of its own besides, which
 * are of use where a core is idle; with a worker on every core they only stand in the workers' way. How many V8 takes is
 * settled when a process starts and cannot be changed then, so such a command starts itself once more, with that turned
 * off, and only waits: interrupts go to the host, its exit status comes back, and all that is read and written is shared.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beside } from '../../sweep/workers/beside.ts';
import { endDescendants } from '../../sweep/workers/descendants.ts';
import { afterTicks } from '../../sweep/workers/limits.ts';
import { Ticker } from '../../sweep/workers/ticker.ts';
import { EXIT, statusOfFailure } from '../status.ts';
import { ALIVE, HEARD, HOST_OF, isHost, onInterrupt } from './signals.ts';

/**
 * V8 does all on the thread that needs it: a worker keeps to one core. It puts fewer functions into others when it compiles
 * them, as a run takes its time in a thousand functions and none of them takes much.
 */
export const HOST_OPTIONS: readonly string[] = [
  '--single-threaded-gc',
  '--no-concurrent-recompilation',
  '--max-inlined-bytecode-size-cumulative=300',
];

/** What Node ends with when it does not know an option: those of V8 come and go with its versions. */
const UNKNOWN_OPTION = 9;
/** What a host is told once its command is to end. */
const INTERRUPT = 'interrupt';
/** A host that was asked to end and has not after so long is in no state to. */
const END_MS = 5_000;
/** One that has not so much as heard of it is in a loop of its own. */
const HEAR_MS = 700;
const TICK_MS = 100;
/** What a command does besides its runs (it loads a world, has it generate, vary and simplify) takes no longer than this. */
const SILENT_MS = 60_000;

/** A host that was killed, by nobody here, before it said what its work came to. */
export interface HostLost {
  readonly signal: NodeJS.Signals;
}

/** What every host tells. */
type SignOfLife = typeof HEARD | typeof ALIVE;

/** Why a host is gone, for a sentence about what it was at. */
export function lossText({ signal }: HostLost): string {
  const why = signal === 'SIGABRT' ? ', as V8 does where a heap is full' : '';
  return `its process ended by ${signal}${why}`;
}

export interface Hosting<Told> {
  readonly options?: readonly string[] | undefined;
  /** What the command is given; by default, what this process was. */
  readonly args?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Hears what the host tells. */
  readonly onTold?: ((told: Told) => void) | undefined;
  /** Without, this process dies of what its host died of. */
  readonly onLost?: ((lost: HostLost) => void) | undefined;
  /** Whether its main thread always comes back, so that it is lost if it does not for a minute. */
  readonly watched?: boolean | undefined;
}

/**
 * Has a host do what this process was started for, to its end, and takes over its status. False where there is nobody to
 * leave it to: in the host, and wherever Node was started with options, which whoever chose them wants for the work itself.
 */
export async function leftToHost<Told extends { readonly kind: string } = never>({
  options = HOST_OPTIONS,
  args = process.argv.slice(2),
  env = {},
  onTold,
  onLost,
  watched = false,
}: Hosting<Told> = {}): Promise<boolean> {
  if (process.execArgv.length > 0 || isHost()) return false;
  const main = fileURLToPath(beside(import.meta.url, '../main'));
  const host = fork(main, [...args], {
    execArgv: [...options],
    serialization: 'advanced',
    env: { ...process.env, ...env, [HOST_OF]: String(process.pid) },
  });
  const kill = (): void => {
    if (host.pid !== undefined) endDescendants(host.pid);
    host.kill('SIGKILL');
  };
  // Ctrl-C reaches both processes, and `kill` only this one. For the host to count either as one, it hears of them from here.
  // A second one ends it also where it hears of nothing.
  let interrupted = false;
  let stuck = false;
  let forgetDeaf = (): void => {};
  let silentMs = 0;
  const watch = new Ticker(() => {
    silentMs += TICK_MS;
    if (!watched || stuck || silentMs < SILENT_MS) return;
    stuck = true;
    process.stderr.write(
      `sim: code besides that of the runs did not come back within ${SILENT_MS / 1000} s of host time\n`,
    );
    kill();
  }, TICK_MS);
  host.on('message', (message: Told | SignOfLife) => {
    silentMs = 0;
    if (isHeard(message)) forgetDeaf();
    else if (!isAlive(message)) onTold?.(message);
  });
  process.on('exit', kill);
  onInterrupt(() => {
    interrupted = true;
    if (host.connected) host.send(INTERRUPT, () => {});
    forgetDeaf = afterTicks(HEAR_MS, kill);
    setTimeout(kill, END_MS).unref();
  });
  const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    host.on('error', reject).on('exit', (...end) => resolve(end));
  });
  process.off('exit', kill);
  watch.stop();
  forgetDeaf();
  if (status === UNKNOWN_OPTION) return false;
  process.exitCode = interrupted ? EXIT.interrupted : (status ?? EXIT.defect);
  if (signal === null || interrupted) return true;
  if (stuck && onLost === undefined) {
    process.exitCode = statusOfFailure(EXIT.inconclusive, process.argv.slice(2));
    return true;
  }
  if (onLost === undefined) process.kill(process.pid, signal);
  else onLost({ signal });
  return true;
}

function isHeard(message: { readonly kind: string }): message is typeof HEARD {
  return message.kind === HEARD.kind;
}

function isAlive(message: { readonly kind: string }): message is typeof ALIVE {
  return message.kind === ALIVE.kind;
}
