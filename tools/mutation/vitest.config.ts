/**
 * The tests that mutations are tried on (`npm run mutation`): tests of the control plane and of the invariants that run in
 * this process, and the properties of single components at 100 cases each. Nothing here starts a process or a whole run.
 */
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The first test that fails ends a trial, so the likeliest go first: beside the mutated file, near it, then properties. */
class NearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const [mutated = ''] = this.ctx.config.related ?? [];
    const places = new Map(files.map((file) => [file, distance(file.moduleId, mutated)]));
    return files.toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

function distance(test: string, mutated: string): number {
  if (test.includes('/properties/')) return 1000;
  const stem = mutated.replace(/\.ts$/, '');
  if (test === `${stem}.test.ts`) return 0;
  if (test.startsWith(stem)) return 1;
  const [from, to] = [test.split('/'), mutated.split('/')];
  const shared = from.findIndex((part, at) => part !== to[at]);
  return 2 + from.length + to.length - 2 * shared;
}

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'mesh/invariants/**/*.test.ts',
      'properties/{admission,broadcast,executor,fold,ring,wire}.test.ts',
    ],
    env: { SIM_RUNS: '100', SIM_SEED: '1' },
    setupFiles: ['tools/mutation/setup.ts'],
    allowOnly: false,
    isolate: false,
    testTimeout: 30_000,
    sequence: { sequencer: NearestFirst },
  },
});
