/**
 * One machine over all its incarnations: starts what runs on it, kills it, pauses it, and keeps what survives a crash (disks,
 * the shift of the wall clock). What dies with a crash lives in an incarnation, which is its world's.
 */
import type { ActiveFaults } from '../faults/active.ts';
import type { Active } from '../faults/kind.ts';
import type { CutDisk, StruckMachine } from '../faults/machine/machine.ts';
import { type MachineFault, machineKind } from '../faults/machine/machines.ts';
import type { Name } from '../kernel/choices/name.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Group } from '../kernel/tasks/group.ts';

/** What runs on a machine between two crashes. */
export interface Incarnation {
  readonly group: Pick<Group, 'pause' | 'resume' | 'shiftWallClock'>;
  /** Whether it runs, or is paused. */
  readonly up: boolean;
  start(wallShiftMs: number): void;
  /** Kills it where it stands. */
  stop(): void;
}

/** A disk of a machine, which loses what is not synced. */
export interface CrashingDisk extends CutDisk {
  /** Loses everything past `length`. */
  crash(length: number): void;
}

/** How much of a disk was there before a crash, in bytes. */
export interface BeforeCrash {
  readonly written: number;
  readonly synced: number;
}

export interface MachineHost<I extends Incarnation, Disk extends CrashingDisk> {
  readonly disks: readonly Disk[];
  /** Which of them keeps its own log, counted from 1; the first by default. */
  readonly ownDisk?: number;
  /** Makes the `inc`-th incarnation, from 0. */
  incarnate(inc: number): I;
  crashed?(incarnation: I, before: readonly BeforeCrash[]): void;
  paused?(incarnation: I): void;
  resumed?(incarnation: I): void;
  clockJumped?(incarnation: I, byMs: number): void;
}

export class Machine<I extends Incarnation, Disk extends CrashingDisk> implements StruckMachine {
  readonly #host: MachineHost<I, Disk>;
  #incarnations = 0;
  #wallShiftMs = 0;
  #pauses = 0;
  #current: I;

  constructor(host: MachineHost<I, Disk>) {
    this.#host = host;
    this.#current = this.#incarnate();
  }

  get ownDisk(): number {
    return this.#host.ownDisk ?? 1;
  }

  get current(): I {
    return this.#current;
  }

  /** The first start. */
  boot(): void {
    this.#current.start(this.#wallShiftMs);
  }

  /** A new incarnation after a crash. */
  restart(): void {
    this.#pauses = 0;
    this.#current = this.#incarnate();
    this.#current.start(this.#wallShiftMs);
  }

  /** Kills what runs; `cut` says how many bytes of each disk, counted from 1, are left. False if it is down already. */
  crash(cut: (disk: Disk, index: number) => number): boolean {
    const current = this.#current;
    if (!current.up) return false;
    current.stop();
    const { disks } = this.#host;
    const before = disks.map(({ synced, written }) => ({ synced, written }));
    disks.forEach((disk, index) => {
      disk.crash(cut(disk, index + 1));
    });
    this.#host.crashed?.(current, before);
    return true;
  }

  /** False if it is down. Pauses add up. */
  pause(): boolean {
    if (!this.#current.up) return false;
    this.#pauses += 1;
    if (this.#pauses > 1) return true;
    this.#current.group.pause();
    this.#host.paused?.(this.#current);
    return true;
  }

  resume(): void {
    if (this.#pauses === 0) return;
    this.#pauses -= 1;
    if (this.#pauses > 0 || !this.#current.up) return;
    this.#current.group.resume();
    this.#host.resumed?.(this.#current);
  }

  jumpClock(byMs: number): void {
    this.#wallShiftMs += byMs;
    this.#current.group.shiftWallClock(byMs);
    this.#host.clockJumped?.(this.#current, byMs);
  }

  #incarnate(): I {
    const inc = this.#incarnations;
    this.#incarnations += 1;
    return this.#host.incarnate(inc);
  }
}

/** Lets a fault strike a machine: what it holds down it holds until it ends. */
export function strikeMachine(
  machine: StruckMachine,
  faults: Pick<ActiveFaults<Active & MachineFault>, 'hold' | 'struck'>,
  fault: Active & MachineFault,
  kernel: Pick<Kernel, 'draw'>,
  where: Name,
): void {
  const effect = machineKind(fault.kind)?.strike(machine, fault, (name, bound) => kernel.draw(name, bound), where);
  if (effect?.held === true) faults.hold(fault);
  if (effect?.struck === true) faults.struck(fault);
}
