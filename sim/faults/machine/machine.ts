/** Machines, and what strikes them. */
import type { Name } from '../../kernel/choices/name.ts';
import type { FaultKind } from '../kind.ts';
import type { Draw } from '../link/link.ts';

/** What a crash may leave of a disk, in bytes of its file. */
export interface CutDisk {
  readonly written: number;
  readonly synced: number;
  /** Lengths at which the file ends with a whole write. */
  wholeCuts(): readonly number[];
  /** Lengths strictly inside a write that is not synced. */
  tornCuts(): readonly { readonly from: number; readonly to: number }[];
}

/** A machine as faults see it: a node over all its incarnations. */
export interface StruckMachine {
  /** The disk with its own log, counted from 1; the others keep copies of what other nodes write. */
  readonly ownDisk: number;
  /** Kills what runs; `cut` says how many bytes of each of its disks are left. False if it is down already. */
  crash(cut: (disk: CutDisk, index: number) => number): boolean;
  restart(): void;
  /** False if it is down. */
  pause(): boolean;
  resume(): void;
  jumpClock(byMs: number): void;
}

/** `struck`: it took effect; `held`: something is down or stands still until it ends. */
export interface Effect {
  readonly struck: boolean;
  readonly held: boolean;
}

export const MISSED: Effect = { struck: false, held: false };

/** A kind of fault of machines and their disks that strikes at an instant. */
export interface MachineFaultKind<F extends { readonly kind: string; readonly node: number }, Plainer = F>
  extends FaultKind<F, Plainer> {
  strike(machine: StruckMachine, fault: F, draw: Draw, where: Name): Effect;
  /** Lets go of what it holds. */
  release?(machine: StruckMachine): void;
}

/** Share of crashes that cut a file exactly between two writes, where few bytes of all those in question lie. */
const BETWEEN_PERCENT = 35;

/** Anywhere after the last finished sync, at any byte, but for a share of the cuts that fall between two writes. */
export function drawCut(disk: CutDisk, cut: Name, draw: Draw): number {
  const unsynced = disk.written - disk.synced;
  if (unsynced === 0) return disk.written;
  if (draw(cut.child('between'), 100) < BETWEEN_PERCENT) {
    const whole = disk.wholeCuts();
    const length = whole[draw(cut.child('whole').child('of', whole.length), whole.length)];
    if (length === undefined) throw new RangeError('a draw beyond its bound');
    return length;
  }
  return disk.synced + draw(cut.child('of', unsynced), unsynced + 1);
}
