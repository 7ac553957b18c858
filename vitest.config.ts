/** Where the tests stand. Each file runs in a process of its own: several replace globals or watch for lost rejections. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,sim,properties,bench,scripts}/**/*.test.ts'],
    pool: 'forks',
    // By default one core is left idle, which on two is half the machine.
    maxWorkers: '100%',
    allowOnly: false,
    testTimeout: 30_000,
  },
});
