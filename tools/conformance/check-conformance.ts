/**
 * Runs small programs on plain Node, many times beside a busy core, and on a virtual host under many seeds. Node must show
 * no log that is not allowed. The virtual host must show all allowed logs, and no others.
 *
 * `node dist/tools/conformance/check-conformance.js [--times N] [--seeds N]`, after a build; 200 times and 1,000 seeds by
 * default.
 */
import { spawn } from 'node:child_process';
import { parseCount } from '../../sim/cli/arguments/values.ts';
import { readOptions } from '../options.ts';
import { compare } from './compare.ts';
import { PROGRAMS } from './programs.ts';

const { times, seeds } = readOptions(
  { times: { type: 'string', default: '200' }, seeds: { type: 'string', default: '1000' } },
  (values) => ({ times: parseCount('--times', values.times), seeds: parseCount('--seeds', values.seeds) }),
);

/** Keeps a core busy as long as this process lives, however it ends. */
spawn(process.execPath, ['-e', 'const { ppid } = process; while (process.ppid === ppid);'], {
  stdio: 'ignore',
}).unref();

const { faults, onNode, allowed } = await compare(times, seeds);
for (const fault of faults) console.error(fault);
console.log(
  `${PROGRAMS.length} programs, ${times} times on Node ${process.versions.node}, ${seeds} seeds on the virtual host: ` +
    `${faults.length} faults; Node showed ${onNode} of ${allowed} allowed logs`,
);
process.exit(faults.length === 0 ? 0 : 1);
