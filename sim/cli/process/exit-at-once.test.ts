import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { program } from '../testing/command.testing.ts';

it('ends a process with its status though a thread of it is in a native call', async () => {
  const script = join(scratchFolder(), 'stuck.mjs');
  const module = new URL('../../../dist/sim/cli/process/exit-at-once.js', import.meta.url).href;
  writeFileSync(
    script,
    `import { Worker } from 'node:worker_threads';
    import { exitAtOnce } from '${module}';
    const stuck = "const { parentPort } = require('node:worker_threads'); parentPort.postMessage('');" +
      "require('node:child_process').execFileSync('sleep', ['30'], { stdio: 'ignore' });";
    new Worker(stuck, { eval: true }).once('message', () => setTimeout(() => exitAtOnce(2), 100));`,
  );
  expect(await program(process.execPath, [script])).toEqual({ status: 2, out: '', err: '' });
});
