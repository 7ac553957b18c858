/**
 * Builds after an install. To npm, the first `npx sim` in a checkout is an install as well (of a link to the checkout).
 * That one builds only if nothing was built yet, so that it neither waits for the compiler nor replaces files in use.
 */
import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (process.env.npm_command !== 'exec' || !existsSync('bin/sim/cli/main.js')) {
  execSync('npm run build', { stdio: 'inherit' });
}
