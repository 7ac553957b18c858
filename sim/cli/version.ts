/** The version of this package, from its package.json, which stands at another depth above the build than above the source. */
import { existsSync, readFileSync } from 'node:fs';

export function version(): string {
  const places = ['../../package.json', '../../../package.json'].map((path) => new URL(path, import.meta.url));
  const place = places.find((url) => existsSync(url));
  if (place === undefined) return 'unknown';
  const manifest: { readonly version?: unknown } = JSON.parse(readFileSync(place, 'utf8'));
  return String(manifest.version);
}
