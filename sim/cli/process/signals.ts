/**
 * What asks a command to end: Ctrl-C, `kill` and `timeout`, a terminal that was closed. Listened for before anything else
 * is loaded, so that it is 130 however early it comes; in the host of a command (`host.ts`), the end of the process that it
 * works for is one too.
 */
import { EXIT } from '../status.ts';

const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** In a host: the process that it works for, as that gives it along. */
export const HOST_OF = 'SIM_HOST_OF';

/** What a host tells: that it was told to end, */
export const HEARD = { kind: 'heard' } as const;
/** and that it gets on. */
export const ALIVE = { kind: 'alive' } as const;
const ALIVE_EVERY_MS = 1_000;

/** How long a host goes on at most when the process that it works for has gone: long enough to say what it has. */
const ORPHAN_MS = 2_000;

let listener: (() => void) | undefined;
let heard = 0;

function interrupt(): void {
  heard += 1;
  // The first asks the work to end, if there is any that can be asked; the second ends it.
  if (heard > 1 || listener === undefined) process.exit(EXIT.interrupted);
  listener();
}

/** Whether this process was started by another to do its work. */
export function isHost(): boolean {
  return process.env[HOST_OF] !== undefined && process.send !== undefined;
}

/** In a host, tells the process that it works for; nobody else. */
export function tellCommand(told: object): void {
  if (isHost() && process.connected) process.send?.(told, undefined, undefined, () => {});
}

/** Calls back for the first interrupt; without, it ends the process. */
export function onInterrupt(act: () => void): void {
  listener = act;
}

export function listenForInterrupts(): void {
  if (!isHost()) {
    for (const signal of INTERRUPTS) process.on(signal, interrupt);
    return;
  }
  // A terminal's signal reaches both processes; it counts once, as the other one tells of it.
  for (const signal of INTERRUPTS) process.on(signal, () => {});
  process.on('message', () => {
    // Whoever does not say so at once hears of nothing.
    if (process.connected) process.send?.(HEARD, undefined, undefined, () => {});
    interrupt();
  });
  process.on('disconnect', () => {
    void endSoon();
    interrupt();
  });
  // It may have gone before this listened.
  if (!process.connected || process.ppid !== Number(process.env[HOST_OF])) process.exit(EXIT.interrupted);
  setInterval(() => {
    if (process.connected) process.send?.(ALIVE, undefined, undefined, () => {});
  }, ALIVE_EVERY_MS).unref();
  // Work that is done must not wait for a further one.
  process.channel?.unref();
}

/** Whatever it is at: nobody is left to end it. */
async function endSoon(): Promise<void> {
  const [{ endDescendants }, { Ticker }] = await Promise.all([
    import('../../sweep/workers/descendants.ts'),
    import('../../sweep/workers/ticker.ts'),
  ]);
  const ticker = new Ticker(() => {
    if (ticker.nowMs < ORPHAN_MS) return;
    endDescendants(process.pid);
    process.kill(process.pid, 'SIGKILL');
  });
  ticker.unref();
}
