/**
 * The process that a command's worker threads run in. V8 compiles and collects garbage on threads of its own besides, which
 * are of use where a core is idle; with a worker on every core they only stand in the workers' way. How many V8 takes is
 * settled when a process starts and cannot be changed then, so such a command starts itself once more, with that turned
 * off, and only waits: interrupts go to the host, its exit status comes back, and all that is read and written is shared.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beside } from '../sweep/beside.ts';
import { HOST_OF, isHost, onInterrupt } from './signals.ts';
import { EXIT } from './status.ts';

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

/**
 * Has a host do what this process was started for, to its end, and takes over its status. False where there is nobody to
 * leave it to: in the host, and wherever Node was started with options, which whoever chose them wants for the work itself.
 */
export async function leftToHost(options: readonly string[] = HOST_OPTIONS): Promise<boolean> {
  if (process.execArgv.length > 0 || isHost()) return false;
  const main = fileURLToPath(beside(import.meta.url, './main'));
  const host = fork(main, process.argv.slice(2), {
    execArgv: [...options],
    env: { ...process.env, [HOST_OF]: String(process.pid) },
  });
  const kill = (): void => {
    host.kill('SIGKILL');
  };
  // Ctrl-C reaches both processes, and `kill` only this one. For the host to count either as one, it hears of them from here.
  // A second one ends it also where it hears of nothing.
  let interrupted = false;
  process.on('exit', kill);
  onInterrupt(() => {
    interrupted = true;
    if (host.connected) host.send(INTERRUPT, () => {});
    setTimeout(kill, END_MS).unref();
  });
  const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    host.on('error', reject).on('exit', (...end) => resolve(end));
  });
  process.off('exit', kill);
  if (status === UNKNOWN_OPTION) return false;
  if (signal !== null && !interrupted) process.kill(process.pid, signal);
  process.exitCode = interrupted ? EXIT.interrupted : (status ?? EXIT.defect);
  return true;
}
