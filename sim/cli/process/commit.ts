/** The commit that is being tested, for scenarios to say where they were found. */
import { execFileSync } from 'node:child_process';

const GIT_MS_MAX = 2000;

/** Of the folder the command was called in; undefined where there is no git, or no commit. */
export function currentCommit(): string | undefined {
  try {
    return execFileSync('git', ['rev-parse', '--verify', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: GIT_MS_MAX,
    }).trim();
  } catch {
    return undefined;
  }
}
