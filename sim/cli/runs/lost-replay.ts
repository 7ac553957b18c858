/**
 * A replay whose host was killed, or ended by V8: the file that was under way is inconclusive, and the files after it are
 * left to another host. A host tells each verdict as it is known, besides printing it; where one was lost, the process
 * that they worked for tells what all of them came to.
 */
import type { ToldReplay } from '../../report/writers/replay.ts';
import { type HostLost, leftToHost, lossText } from '../process/host.ts';
import { isHost, tellCommand } from '../process/signals.ts';

/** What a host tells on the way. */
type ReplayTold = { readonly kind: 'under way' } | { readonly kind: 'replayed'; readonly replay: ToldReplay };

const KNOWN_FILES = 'SIM_KNOWN_FILES';
/** A replay gives up after this many hosts in a row were lost before they began a file. */
const IDLE_MAX = 3;

/** That a file is under way, */
export function tellUnderWay(): void {
  tellCommand({ kind: 'under way' } satisfies ReplayTold);
}

/** and what it came to. */
export function tellReplayed(replay: ToldReplay): void {
  tellCommand({ kind: 'replayed', replay } satisfies ReplayTold);
}

/** In a host that was started after another was lost: how many files are known by now. */
export function knownFiles(): number | undefined {
  const told = isHost() ? process.env[KNOWN_FILES] : undefined;
  return told === undefined ? undefined : Number(told);
}

/** A file whose verdict nobody lived to tell. */
export function lostReplay(path: string, problem: string): ToldReplay {
  return { path, verdict: 'inconclusive', reasons: [problem], bisect: 'skip', mistakes: [], failure: [] };
}

interface LostReplays {
  /** What is known of the first files, in order. */
  readonly replays: readonly ToldReplay[];
  /** The status of the last host, which was told to end or failed: that is why the other files were not tried. */
  readonly status?: number | undefined;
  /** Why the other files were not tried, where no host began one. */
  readonly gaveUp?: string | undefined;
}

/**
 * Leaves a replay to hosts, one after the other. Gives `done` if the first host told everything, and undefined if this
 * process has to replay by itself. Where a host is lost at the nth file, `lostAt` makes and prints the verdict of that file;
 * it gives undefined if there is no nth file.
 */
export async function leftToHosts(
  lostAt: (n: number, problem: string) => Promise<ToldReplay | undefined>,
): Promise<LostReplays | 'done' | undefined> {
  const replays: ToldReplay[] = [];
  let idleHosts = 0;
  for (let hosts = 1; ; hosts += 1) {
    let isUnderWay = false;
    let lost: HostLost | undefined;
    const left = await leftToHost<ReplayTold>({
      options: [],
      watched: true,
      env: hosts === 1 ? {} : { [KNOWN_FILES]: String(replays.length) },
      onTold: (told) => {
        idleHosts = 0;
        isUnderWay = told.kind === 'under way';
        if (told.kind === 'replayed') replays.push(told.replay);
      },
      onLost: (how) => {
        lost = how;
      },
    });
    if (!left) return undefined;
    if (lost === undefined) return hosts === 1 ? 'done' : { replays, status: Number(process.exitCode) };
    if (isUnderWay) {
      const replay = await lostAt(replays.length, lossText(lost));
      if (replay === undefined) return { replays };
      replays.push(replay);
      continue;
    }
    idleHosts += 1;
    if (idleHosts === IDLE_MAX) return { replays, gaveUp: `was not replayed: ${lossText(lost)} before it began` };
  }
}
