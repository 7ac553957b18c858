/** The folder and version of this package; its package.json stands at another depth above the build than above the source. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export function packageFolder(): string {
  const folders = ['../../..', '../../../..'].map((path) => new URL(`${path}/`, import.meta.url));
  const folder = folders.find((url) => existsSync(new URL('package.json', url)));
  if (folder === undefined) throw new Error(`no package.json above ${import.meta.url}`);
  return fileURLToPath(folder);
}

export function version(): string {
  const manifest: { readonly version?: unknown } = JSON.parse(readFileSync(`${packageFolder()}package.json`, 'utf8'));
  return String(manifest.version);
}
