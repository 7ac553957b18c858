/** Runs a program on a virtual host under many seeds. */
import { SeededChooser } from '../../sim/kernel/choices/chooser.ts';
import { noteSettings, undoSettings } from '../../sim/kernel/host/outliving/settings.ts';
import { Kernel } from '../../sim/kernel/kernel.ts';
import type { Program } from './program.ts';

/** The logs that it has shown, each once. A run that does not end by itself counts as one of them. */
export async function shownVirtually({ run }: Program, seeds: number): Promise<ReadonlySet<string>> {
  const shown = new Set<string>();
  for (let seed = 1; seed <= seeds; seed++) {
    const kernel = new Kernel({ chooser: new SeededChooser(BigInt(seed)), ambient: 'virtual', stepLimit: 10_000 });
    const entries: string[] = [];
    kernel.root.child('n1').spawn('program', async () => {
      await run((what) => entries.push(String(what)));
    });
    // Otherwise each async storage that a program leaves would slow down all promises after it.
    noteSettings();
    const end = await kernel.run();
    undoSettings();
    kernel.dispose();
    if (end.kind !== 'idle')
      entries.push(JSON.stringify(end, (_key, value: unknown) => (value instanceof Error ? String(value) : value)));
    shown.add(entries.join(' '));
  }
  return shown;
}
