/** Where the tests stand. Each file runs in a process of its own: several replace globals or watch for lost rejections. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,sim,properties,bench,scripts}/**/*.test.ts'],
    pool: 'forks',
    allowOnly: false,
    testTimeout: 30_000,
  },
});
