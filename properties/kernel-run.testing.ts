/** Something on the simulation kernel that properties drive step by step. What happens at its ports is recorded. */
import assert from 'node:assert/strict';
import { SeededChooser } from '../sim/kernel/choices/chooser.ts';
import { rootName } from '../sim/kernel/choices/name.ts';
import { type Group, Kernel, type RunEnd } from '../sim/kernel/kernel.ts';

/** What takes more segments does not come to rest. */
const STEPS_MAX = 20_000;

type Timed<Happening> = Happening & { readonly atMs: number };

export class KernelRun<Happening extends object> {
  protected readonly kernel: Kernel;
  /** What the driven thing runs on. */
  protected readonly node: Group;
  #effects: Timed<Happening>[] = [];
  #steps = 0;

  /** `seed` decides which of several ready tasks goes first. */
  constructor(seed: bigint, epochMs = 0) {
    this.kernel = new Kernel({ chooser: new SeededChooser(seed), epochMs, stepLimit: STEPS_MAX });
    this.node = this.kernel.root.child('n1');
  }

  get nowMs(): number {
    return this.kernel.now;
  }

  /** What happened since the last call. */
  takeEffects(): readonly Timed<Happening>[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** Does something `ms` milliseconds from now, and lets everything happen up to the end of that instant. */
  async after(ms: number, act: () => void): Promise<void> {
    const atMs = this.nowMs + ms;
    this.kernel.schedule(atMs, rootName.child('step', this.#steps++), act);
    check(await this.kernel.run({ untilMs: atMs }));
  }

  /** Lets everything happen that is left. Every task must end by itself. */
  async finish(): Promise<void> {
    check(await this.kernel.run());
    assert.deepEqual(this.kernel.unfinished(), [], 'tasks that have not ended');
    this.kernel.dispose();
  }

  protected note(happening: Happening): void {
    this.#effects.push({ ...happening, atMs: this.nowMs });
  }
}

function check(end: RunEnd): void {
  if (end.kind === 'exception') throw end.error;
  assert.ok(end.kind === 'idle' || end.kind === 'until', `the run ended as ${end.kind}`);
}
