/**
 * Runs libraries in a process of their own, under whatever engine starts it, for `compare.ts`. Its argument says in JSON
 * what to do. It prints a line of JSON for each library and style.
 */
import { installGuards } from '../../sim/kernel/host/guards.ts';
import { LIBRARIES } from './libraries.ts';
import type { Line, Share } from './seeds.ts';
import { runSeeds } from './seeds.ts';
import { STYLES, worldOf } from './world.ts';

installGuards();
const { names, seeds }: Share = JSON.parse(process.argv[2] ?? '');
for (const library of LIBRARIES.filter(({ name }) => names.includes(name))) {
  const world = await worldOf(library);
  for (const style of STYLES) {
    const line: Line = { library: library.name, style, seen: await runSeeds(world, style, seeds) };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}
