/** The package as others have it: built, perhaps loaded twice, and loaded after the code that it runs. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyOfBuild, program } from '../../cli/testing/command.testing.ts';

const index = join(import.meta.dirname, '../../../dist/sim/index.js');

/** Runs a module in a process of its own, and gives the document it prints. */
async function printedBy(code: string): Promise<unknown> {
  const { out, err, status } = await program(process.execPath, ['--input-type=module', '-e', code]);
  expect({ err, status }).toEqual({ err: '', status: 0 });
  return JSON.parse(out);
}

test('two copies in a process share guards and runs', async () => {
  const copy = join(copyOfBuild(), 'dist/sim/index.js');
  const printed = await printedBy(`
    const one = await import(${JSON.stringify(index)});
    const two = await import(${JSON.stringify(copy)});
    const before = setTimeout;
    const runs = [];
    const run = async ({ Kernel, PlainChooser }, name, reach) => {
      const kernel = new Kernel({ chooser: new PlainChooser() });
      kernel.root.spawn('task', async () => {
        runs.push(name);
        for (let i = 0; i < 10_000; i++) await kernel.root.sleep(1);
        reach?.();
        runs.push(name);
      });
      return kernel.run();
    };
    const ends = await Promise.all([run(one, 'one'), run(two, 'two'), run(two, 'again', () => Date.now())]);
    one.installGuards();
    const guarded = setTimeout;
    two.installGuards();
    console.log(JSON.stringify({
      runs, kinds: ends.map(({ kind }) => kind), what: ends[2].what, site: /kernel/.test(ends[2].callSite),
      changed: guarded !== before, once: guarded === setTimeout,
    }));
  `);
  expect(printed).toEqual({
    runs: ['one', 'one', 'two', 'two', 'again'],
    kinds: ['idle', 'idle', 'nondeterminism'],
    what: 'Date.now',
    site: false,
    changed: true,
    once: true,
  });
});

test('a world that is loaded by its address may take timers off the host as it loads', async () => {
  const world = `const members = { name: 'w', semantics: ['plain'], ambient: 'virtual', events: {}, marks: [], faultKinds: [],
      invariants: [], schemas() {}, generate() {}, build() {} };
    export const world =
      { ...members, later: setTimeout, now: Date.now, one: (await import("node:timers")).setTimeout };`;
  const printed = await printedBy(`
    const { Kernel, PlainChooser, loadWorld } = await import(${JSON.stringify(index)});
    const address = 'data:text/javascript,' + encodeURIComponent(${JSON.stringify(world)});
    const { later, now, one } = await loadWorld({ module: address, name: 'world' });
    const kernel = new Kernel({ chooser: new PlainChooser(), ambient: 'virtual', epochMs: 5 });
    const times = [];
    kernel.root.spawn('task', async () => {
      await new Promise((resolve) => later(resolve, 60_000));
      await new Promise((resolve) => one(resolve, 60_000));
      times.push(kernel.now, now());
    });
    console.log(JSON.stringify({ end: await kernel.run(), times }));
  `);
  expect(printed).toEqual({ end: { kind: 'idle' }, times: [120_000, 120_005] });
});

test.each([
  ['before the guards', "await import('node:http');", ''],
  ['after the guards', '', "await import('node:http');"],
  ['by a segment', '', ''],
])('a run is the same where node:http is loaded %s', async (_when, before, after) => {
  const printed = await printedBy(`
    import { createRequire } from 'node:module';
    const require = createRequire(${JSON.stringify(index)});
    ${before}
    const { Kernel, SeededChooser, installGuards } = await import(${JSON.stringify(index)});
    installGuards();
    ${after}
    const kernel = new Kernel({ chooser: new SeededChooser(7n), ambient: 'virtual' });
    const seen = [];
    kernel.root.spawn('task', async () => {
      const { Agent, Server, createServer, request } = require('node:http');
      seen.push(createServer() instanceof Server, new Agent({ keepAlive: true, timeout: 500 }).maxSockets === Infinity);
      seen.push(Math.random(), kernel.now);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      seen.push(Math.random(), kernel.now, kernel.steps);
      try {
        request('http://127.0.0.1:1');
      } catch (error) {
        seen.push(error.name);
      }
    });
    const { kind, what } = await kernel.run();
    console.log(JSON.stringify({ kind, what, seen }));
  `);
  expect(printed).toEqual({
    kind: 'nondeterminism',
    what: 'http.request',
    seen: [true, true, 0.7492105271667242, 0, 0.1716031243558973, 1000, 2, 'NondeterminismError'],
  });
});

test('what the system prints stays out of the document on standard output', async () => {
  const { out, err } = await program(process.execPath, [
    '--input-type=module',
    '-e',
    `const { Kernel, PlainChooser } = await import(${JSON.stringify(index)});
     const { log } = console;
     const kernel = new Kernel({ chooser: new PlainChooser() });
     kernel.root.spawn('task', async () => {
       console.log('of the system');
       log('taken early');
       await kernel.root.sleep(1);
       console.error('an error of the system');
     });
     console.log(JSON.stringify(await kernel.run()));`,
  ]);
  expect(out).toBe('{"kind":"idle"}\n');
  expect(err).toBe('[system] of the system\n[system] taken early\n[system] an error of the system\n');
});
