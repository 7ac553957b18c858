/**
 * Builds after an install. The first `npx sim` in a checkout is an install to npm as well (of a link to the checkout): that
 * one builds only what was never built, so that it neither waits for the compiler nor replaces files that are in use.
 */
import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (process.env.npm_command !== 'exec' || !existsSync('bin/sim/cli/main.js')) {
  execSync('npm run build', { stdio: 'inherit' });
}
