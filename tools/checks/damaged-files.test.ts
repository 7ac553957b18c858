/** Files that are no scenarios are refused in words, with their place, at once. */
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../sim/scenario/file/read.ts';
import { replayFile } from '../../sim/scenario/replay.ts';
import { loadWorld } from '../../sim/sweep/source.ts';
import { scratchFolder } from '../../sim/testing/scratch-folder.testing.ts';
import { damagedFiles, goodTexts, writeDamaged } from './damaged-files.ts';

const folder = scratchFolder();
const files = await damagedFiles();
const paths = writeDamaged(folder, files);
const world = await loadWorld({ module: new URL('../../mesh/world.ts', import.meta.url).href, name: 'meshWorld' });

describe('a damaged scenario file', () => {
  it('is one of 318, all of another name', () => {
    expect(files).toHaveLength(318);
    expect(new Set(paths).size).toBe(318);
  });

  it.each(files.map(({ name, placed }, i) => ({ name, placed, path: paths[i] ?? '' })))(
    'is refused in words: $name',
    async ({ placed, path }) => {
      const before = process.cpuUsage();
      const { verdict, reasons } = await replayFile(world, path);
      expect(verdict).toBe('invalid');
      // In time of the processor: how much else the machine has to do does not count.
      expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
      expect(reasons.length).toBeGreaterThan(0);
      for (const reason of reasons) {
        expect(reason.length).toBeLessThan(600);
        expect(reason).not.toMatch(/[\p{Cc}\p{Cs}]|\.[jt]s:\d|\bat .+:\d+:\d+|undefined|\[object|ZodError/u);
      }
      if (placed) expect(reasons[0]).toMatch(/^[^:]+:\d+:\d+: \S/);
    },
  );

  it('pollutes nothing', () => {
    expect('polluted' in {}).toBe(false);
  });

  it('was a scenario before it was damaged', async () => {
    for (const text of Object.values(await goodTexts())) {
      expect(await parseScenario(world, Buffer.from(text))).toMatchObject({ ok: true });
    }
  });
});
