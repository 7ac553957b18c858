/** Who runs where promises cannot be followed, as on Bun; here Node is made to say so. */
import { AsyncResource } from 'node:async_hooks';
import { promiseHooks } from 'node:v8';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SeededChooser } from '../../choices/chooser.ts';
import { Kernel } from '../../kernel.ts';
import { restoreGuards } from '../guards.ts';

const { createHook } = promiseHooks;

beforeEach(() => {
  // Node's own async contexts need the hooks.
  vi.spyOn(promiseHooks, 'createHook').mockImplementation((callbacks) => {
    if (Object.keys(callbacks).length === 0) throw new Error('promises have no hooks here');
    return createHook(callbacks);
  });
});
afterEach(() => vi.restoreAllMocks());
afterAll(restoreGuards);

/** Runs two tasks of one node, of which the second opens the gate at 10 ms, and gives what they noted with who ran. */
async function noted(
  first: (gate: Promise<void>, note: (what: string) => void, kernel: Kernel) => Promise<void>,
): Promise<readonly string[]> {
  const kernel = new Kernel({ chooser: new SeededChooser(1n), ambient: 'virtual' });
  const notes: string[] = [];
  const note = (what: string): void => void notes.push(`${what} ${kernel.currentTask} ${kernel.now}`);
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const node = kernel.root.child('n1');
  node.spawn('first', () => first(gate, note, kernel));
  node.spawn('second', async () => {
    await node.sleep(10);
    open();
    await Promise.resolve();
    note('opened');
  });
  const end = await kernel.run();
  kernel.dispose();
  return [...notes, end.kind];
}

test('a continuation is of the task that awaits, whoever settles the promise', async () => {
  const notes = await noted(async (gate, note, kernel) => {
    await gate;
    note('on');
    await kernel.root.sleep(5);
    note('slept');
  });
  expect(notes).toEqual(['on n1/first 10', 'opened n1/second 10', 'slept n1/first 15', 'idle']);
});

test('so is the timer that it sets, and what is put off', async () => {
  const notes = await noted(async (gate, note) => {
    await gate;
    setTimeout(() => note('timer'), 5);
    queueMicrotask(() => note('microtask'));
    setImmediate(() => note('immediate'));
  });
  expect(notes).toEqual([
    'opened n1/second 10',
    'microtask n1/first 10',
    'immediate n1/first 10',
    'timer n1/first 15',
    'idle',
  ]);
});

test('what is bound to an async context is of whoever calls it', async () => {
  let bound = (): void => {};
  const notes = await noted(async (gate, note, kernel) => {
    bound = AsyncResource.bind(() => note('bound'));
    kernel.root.spawn('caller', async () => bound());
    await gate;
  });
  expect(notes).toEqual(['bound caller 0', 'opened n1/second 10', 'idle']);
});

test('a task may race a wait of the kernel, and go on after it has ended', async () => {
  const notes = await noted(async (gate, note, kernel) => {
    await Promise.race([kernel.root.sleep(50), gate]);
    note('raced');
  });
  expect(notes).toEqual(['opened n1/second 10', 'raced n1/first 10', 'idle']);
});
