/**
 * Ways for a run to depend on more than its seed, planted one by one in a copy of the build, and what must be reported of
 * each.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

interface Plant {
  readonly what: string;
  /** A file of the build, a text in it, and its replacement. */
  readonly file: string;
  readonly text: string;
  readonly replacement: string;
  /** Appended to the file: what lives as long as the module. */
  readonly atLoad?: string;
  /** What `sim run --check-determinism` must say. */
  readonly said: RegExp;
}

const PLANTS: readonly Plant[] = [
  {
    what: 'a Math.random in the control plane',
    file: 'src/action/action-id.js',
    text: 'const id = this.#next;',
    replacement: 'const id = this.#next; Math.random();',
    said: /Math\.random.*src\/action\/action-id\.js:\d+/s,
  },
  {
    what: 'the name of a draw made from a counter of the module',
    file: 'mesh/system/operations.js',
    text: "rootName.child('op', key)",
    replacement: "rootName.child('op', key).child('n', planted++)",
    atLoad: 'let planted = 0;',
    said: /a second time in this process, event \d+ differs/,
  },
  {
    what: 'an order that depends on when the process started',
    file: 'sim/kernel/choices/chooser.js',
    text: '(low, high) => this.#mix(low, high)',
    replacement: '(low, high) => this.#mix(low, high) ^ planted',
    atLoad: 'const planted = Number(process.hrtime.bigint() & 0xffffffffn);',
    said: /in a fresh process, event \d+ differs/,
  },
];

/** One line for each plant that was not noticed. */
export function missedPlants(): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'));
  try {
    cpSync('dist', join(folder, 'dist'), { recursive: true });
    cpSync('package.json', join(folder, 'package.json'));
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    return PLANTS.flatMap((plant) => (isSeen(folder, plant) ? [] : [`not seen: ${plant.what}`]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function isSeen(folder: string, { what, file, text, replacement, atLoad = '', said }: Plant): boolean {
  const path = join(folder, 'dist', file);
  const original = readFileSync(path, 'utf8');
  if (!original.includes(text)) {
    throw new Error(`${file} has no \`${text}\` to plant ${what} at.`);
  }
  writeFileSync(path, `${original.replace(text, replacement)}\n${atLoad}\n`);
  const args = [join(folder, 'dist/sim/cli/main.js'), 'run', '--seed', '1', '--check-determinism'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  writeFileSync(path, original);
  const seen = status === 3 && said.test(stdout);
  if (!seen) {
    console.error(`${what}: exit ${status}\n${stdout}${stderr}`);
  }
  return seen;
}
