/** Replaying files, on the toy world: a verdict on each, whatever is wrong with it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toyWorld } from '../examples/toy-world.ts';
import { loadWorld } from '../sweep/source.ts';
import { scratchFolder } from '../testing/scratch-folder.testing.ts';
import { writeScenario } from './file/write.ts';
import { replayFile } from './replay.ts';

const folder = scratchFolder();
const world = await loadWorld({ module: new URL('../examples/toy-world.ts', import.meta.url).href, name: 'toyWorld' });
const path = join(folder, 'f.yaml');

/** Replays seed 5, whose fault strikes, after changes. */
async function replay(change: object, semantics = 'resend', replayed = world) {
  const scenario = { ...toyWorld.generate(5n, 'storm', semantics), ...change };
  writeFileSync(path, await writeScenario(toyWorld, scenario));
  return replayFile(replayed, path);
}

const none = { key: 'f2', at: 0, kind: 'loss', percent: 0, forMs: 100 } as const;

describe('a replayed file', () => {
  it('comes to the verdict of its scenario', async () => {
    expect(await replay({})).toMatchObject({ verdict: 'held', reasons: [], bisect: 'good' });
    expect(await replay({ witness: ['arrived'] })).toMatchObject({ verdict: 'held' });
    expect(await replay({}, 'forget')).toMatchObject({ verdict: 'violated', bisect: 'bad' });
    expect(await replay({ expect: { violates: 'together' } }, 'forget')).toMatchObject({
      verdict: 'violated as expected',
      scenario: { semantics: 'forget' },
      run: { violations: [{ invariant: 'together' }] },
    });
    expect(await replay({ expect: { violates: 'together' } })).toMatchObject({ verdict: 'fixed' });
  });

  it('is vacuous if a fault it lists never strikes, and names it', async () => {
    const faults = [...toyWorld.generate(5n, 'storm', 'resend').faults, none];
    expect(await replay({ faults })).toMatchObject({
      verdict: 'vacuous',
      reasons: ['fault f2 (loss) was never injected'],
      bisect: 'skip',
      run: { faults: { loss: { planned: 2, injected: 1 } }, notInjected: ['f2'] },
    });
  });

  it('is vacuous once its faults are disabled in the injector', async () => {
    const disabled = {
      ...world,
      build: (...given: Parameters<typeof world.build>) =>
        Object.assign(world.build(...given), { inject: () => undefined }),
    };
    expect(await replay({}, 'resend', disabled)).toMatchObject({ verdict: 'vacuous', run: { notInjected: ['f1'] } });
    expect(await replay({ expect: { violates: 'together' } }, 'forget', disabled)).toMatchObject({
      verdict: 'vacuous',
    });
  });

  it('is a mistake of the author if the world breaks', async () => {
    const broken = {
      ...world,
      build: () => {
        throw new Error('planted');
      },
    };
    expect(await replay({}, 'resend', broken)).toMatchObject({
      verdict: 'world-error',
      reasons: [expect.stringMatching(/^build threw Error: planted, at /)],
      bisect: 'skip',
    });
  });

  it('is told at most twenty of its mistakes', async () => {
    writeFileSync(path, `format: 1\nworkload: [${'x, '.repeat(50)}]`);
    const { verdict, reasons, mistakes } = await replayFile(world, path);
    expect(verdict).toBe('invalid');
    expect(mistakes.length).toBeGreaterThan(50);
    expect(reasons).toHaveLength(21);
    expect(reasons[20]).toBe(`and ${mistakes.length - 20} more`);
  });
});
