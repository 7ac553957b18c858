/**
 * `node dist/tools/checks/check-extreme-files.js [--only N]`, in the project's root, after a build: gives 400 valid
 * scenario files (or N of them), whose values are at the limits of what is allowed, to the command as it is installed. Each
 * must come to a verdict within the bounds of a run. The most expensive one is reported.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCount } from '../../sim/cli/arguments/values.ts';
import { readOptions } from '../options.ts';
import { extremeFile } from './extreme-files.ts';

const SIM = 'bin/sim/cli/main.js';
const FILES = 400;
/** Processor time, so that other load on the machine makes no difference. */
const CPU_MS_MAX = 60_000;
const RSS_MB_MAX = 1536;
const TOLD = 5;
/** Exit statuses: it holds, an invariant is broken, it cannot be told. */
const STATUSES = [0, 1, 2];

interface Taken {
  readonly number: number;
  readonly cpuMs: number;
  readonly rssMb: number;
  readonly said: string;
  readonly fault: string | undefined;
}

const only = readOptions({ only: { type: 'string' } }, (values) =>
  values.only === undefined ? FILES : parseCount('--only', values.only, FILES),
);
const folder = mkdtempSync(join(tmpdir(), 'extreme-files-'));
try {
  const taken: Taken[] = [];
  for (let i = 0; i < only; i += 1) taken.push(await tried(1 + Math.floor((i * FILES) / only)));
  for (const { number, fault, said } of taken) {
    if (fault !== undefined) console.error(`file ${number}: ${fault}: ${said}`);
  }
  console.log(`most processor time: ${worst(taken, ({ cpuMs }) => cpuMs, 'ms')}`);
  console.log(`most memory: ${worst(taken, ({ rssMb }) => rssMb, 'MB')}`);
  const faults = taken.filter(({ fault }) => fault !== undefined).length;
  console.log(`${taken.length} valid files given to the command: ${faults} faults`);
  process.exitCode = faults === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

async function tried(number: number): Promise<Taken> {
  const path = join(folder, `extreme-${number}.json`);
  const usage = join(folder, 'usage');
  writeFileSync(path, await extremeFile(number));
  writeFileSync(usage, '');
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [SIM, 'replay', path], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: telling(usage) },
  });
  const processes = readFileSync(usage, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  let cpuMs = 0;
  let rssMb = 0;
  for (const told of processes) {
    const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(told);
    cpuMs += Math.round((userCPUTime + systemCPUTime) / 1000);
    rssMb = Math.max(rssMb, Math.round(maxRSS / 1024));
  }
  const [said = ''] = (stdout + stderr).replaceAll(path, '').split('\n');
  const faults = [
    ...(status !== null && STATUSES.includes(status) ? [] : [`ended with ${signal ?? status}`]),
    // The command, and the host of its work.
    ...(processes.length >= 2 ? [] : ['its processes did not tell what they took']),
    ...(cpuMs <= CPU_MS_MAX ? [] : [`took ${cpuMs} ms of the processor`]),
    ...(rssMb <= RSS_MB_MAX ? [] : [`took ${rssMb} MB`]),
  ];
  return { number, cpuMs, rssMb, said: said.slice(0, 300), fault: faults.length === 0 ? undefined : faults.join('; ') };
}

/** Makes each process of the command record what it took, as it exits. */
function telling(path: string): string {
  const write = `appendFileSync(${JSON.stringify(path)}, JSON.stringify(process.resourceUsage()) + '\\n')`;
  const code = `import { appendFileSync } from 'node:fs'; import { isMainThread } from 'node:worker_threads';
    if (isMainThread) process.on('exit', () => ${write});`;
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
}

function worst(taken: readonly Taken[], of: (one: Taken) => number, unit: string): string {
  const sorted = [...taken].sort((a, b) => of(b) - of(a)).slice(0, TOLD);
  return sorted.map((one) => `${of(one)} ${unit} (file ${one.number})`).join(', ');
}
