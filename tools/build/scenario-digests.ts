/**
 * The digests of the committed scenarios. A scenario keeps its digest until the system under test, its trace or the
 * scenario itself is changed on purpose. If a digest changes by itself, the scenario means something else than what was
 * committed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { findScenarioFiles } from '../../sim/scenario/file/disk.ts';
import { replayFile } from '../../sim/scenario/replay.ts';
import type { World } from '../../sim/world.ts';

export const SCENARIOS = 'scenarios';
const DIGESTS = 'scenarios/digests.txt';

/** The pinned digests, by path. */
export function pinnedDigests(): ReadonlyMap<string, string> {
  const lines = readFileSync(DIGESTS, 'utf8').trimEnd().split('\n');
  return new Map(
    lines.map((line) => {
      const [digest = '', path = ''] = line.split('  ');
      return [path, digest];
    }),
  );
}

/** The digests of today, by path. */
export async function currentDigests(world: World): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  for (const { path } of findScenarioFiles([SCENARIOS])) {
    const { verdict, reasons, run } = await replayFile(world, path);
    if (run === undefined) throw new Error(`${path}: ${verdict}: ${reasons.join('; ')}`);
    digests.set(path, run.digest);
  }
  return digests;
}

/** One line per scenario, in the form of sha256sum. */
export function writeDigests(digests: ReadonlyMap<string, string>): void {
  writeFileSync(DIGESTS, [...digests].map(([path, digest]) => `${digest}  ${path}\n`).join(''));
}
