/** `sim replay` of files of every kind, and of more files than it is left the time for. */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { signalledInRuns, sim } from '../testing/command.testing.ts';
import { expectReplayed, folderOfScenarios } from '../testing/replay.testing.ts';

const cwd = await folderOfScenarios();
const here = (args: readonly string[]) => sim(args, { cwd });

describe('sim replay', () => {
  it.each([
    ['held.yaml', 0, 0, /^held +held\.yaml$/],
    ['unwitnessed.yaml', 2, 125, /^vacuous +unwitnessed\.yaml: crash\.with-queued was never reached$/],
    ['all/deep/expected.yaml', 0, 1, /^violated as expected +\S+: ring-equivalence at \d+ ms: /],
    ['violated.yaml', 1, 1, /^violated +violated\.yaml: ring-equivalence at \d+ ms: /],
    ['fixed.yaml', 1, 0, /^fixed +fixed\.yaml: ring-fifo was expected to be violated, but holds$/],
    ['uninjected.yaml', 2, 125, /^vacuous +uninjected\.yaml: fault f1 \(dispatch-retry\) was never injected$/],
    ['unmet.yaml', 2, 125, /^vacuous +unmet\.yaml: crash\.with-queued was never reached$/],
    ['future.yaml', 64, 125, /^invalid +future\.yaml:\d+:9: format: expected 1, .*; found 2$/],
    ['no-such.yaml', 64, 125, /^invalid +no-such\.yaml: there is no such file or folder$/],
    ['empty', 64, 125, /^invalid +empty: holds no scenario files \(\.yaml, \.yml or \.json\)$/],
  ])('of %s ends with %i, and for bisecting with %i', async (path, status, bisect, line) => {
    await expectReplayed(cwd, path, { status, bisect, line });
  });

  it('ends with the worst of several', async () => {
    const statuses = async (...paths: readonly string[]) => (await here(['replay', ...paths])).status;
    expect(await statuses('held.yaml', 'unwitnessed.yaml')).toBe(2);
    expect(await statuses('held.yaml', 'unwitnessed.yaml', 'fixed.yaml')).toBe(1);
    expect(await statuses('invalid.yaml', 'unwitnessed.yaml', 'fixed.yaml')).toBe(64);
  });

  it('says what it has replayed when it is interrupted, and ends with 130', async () => {
    mkdirSync(join(cwd, 'many'));
    for (let n = 0; n < 3000; n += 1) copyFileSync(join(cwd, 'held.yaml'), join(cwd, `many/${n}.yaml`));
    const args = ['replay', 'many', '--json', '--junit', 'many.xml'];
    const { status, out, err } = await sim(args, { cwd, env: signalledInRuns('SIGTERM', 20) });
    expect(status).toBe(130);
    const { status: told, files } = JSON.parse(out);
    expect(told).toBe(130);
    expect(files.length).toBeGreaterThan(0);
    expect(err).toMatch(new RegExp(`^sim: interrupted: ${files.length} of 3000 files were replayed$`, 'm'));
    expect(readFileSync(join(cwd, 'many.xml'), 'utf8')).toContain('<testsuite name="scenarios"');
  });
});

describe('sim run --scenario', () => {
  it('has the verdict and the digest of a replay', async () => {
    for (const path of ['held.yaml', 'violated.yaml', 'unwitnessed.yaml', 'all/deep/expected.yaml', 'fixed.yaml']) {
      const [run, replayed] = await Promise.all([
        here(['run', '--json', '--scenario', path]),
        here(['replay', '--json', path]),
      ]);
      const { verdict, digest } = JSON.parse(run.out);
      expect(JSON.parse(replayed.out).files[0]).toMatchObject({ verdict, digest });
      expect(run.status).toBe(replayed.status);
    }
  });
});
