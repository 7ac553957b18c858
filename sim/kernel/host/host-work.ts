// biome-ignore-all lint/style/noRestrictedGlobals: what the host has under way is asked of the host
/** What the host does for this thread while a run goes on, of which the run knows nothing. */

/** Requests, which nothing else makes while a run goes on, and what is open. */
export function hostAtWork(): { readonly requests: number; readonly open: number } {
  const types = process.getActiveResourcesInfo();
  const requests = types.filter((type) => type.includes('Req')).length;
  return { requests, open: types.filter((type) => type !== 'Immediate').length - requests };
}
